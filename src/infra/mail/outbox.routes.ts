import { Router } from 'express';
import { present } from '../../web/present.js';
import type { OutboxStore } from './outbox.store.js';

const SHOWN = 50;

/** The page of a demo that shows messages instead of sending them. Mounted in development alone. */
export function outboxRouter(outbox: Pick<OutboxStore, 'list'>): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const messages = await outbox.list(SHOWN);
    present(req, res, {
      view: 'mail/outbox',
      title: req.page.t('mail.outbox.title'),
      data: { messages: messages.map(({ html: _html, personId: _personId, ...message }) => message) },
    });
  });
  return router;
}
