import { Router, type Request } from 'express';
import type { Actor } from '../../shared/actor.js';
import type { Files } from './files.js';
import { sendFile } from './send.js';

/**
 * Hands out files by id. Who may read one, its owner's kind decides.
 * @param readers `open`: anybody, without a session; `own`: the actor of the request
 */
export function filesRouter(files: Pick<Files, 'findFor' | 'bytes'>, readers: 'open' | 'own'): Router {
  const router = Router();
  router.get('/:fileId', async (req, res) => {
    const file = await files.findFor(readers === 'open' ? null : actorOf(req), req.params.fileId);
    await sendFile(req, res, file, files.bytes, readers);
  });
  return router;
}

const actorOf = (req: Request): Actor | null => req.actor ?? null;
