import express, { Router } from 'express';
import type { Bot } from './bot.service.js';

const MOST_BYTES = '128kb';

/** `/hooks/<channel>`: messengers tell what people do there. Each request is verified by the channel. */
export function webhooksRouter(bot: Pick<Bot, 'receive'>): Router {
  const router = Router();
  router.all('/:channel', express.raw({ type: () => true, limit: MOST_BYTES }), async (req, res) => {
    const body: unknown = req.body;
    const answer = await bot.receive(req.params.channel, {
      method: req.method,
      query: req.query,
      header: (name) => req.get(name),
      body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    });
    res.status(answer.status).type('text').send(answer.body);
  });
  return router;
}
