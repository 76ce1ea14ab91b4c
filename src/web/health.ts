import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

/** `/healthz`: the process answers. */
export const healthz = (): RequestHandler => (_req, res) => {
  res.json({ status: 'ok' });
};

/**
 * `/readyz`: the database answers as well, and its file is where it was; 503 when not, with the reason in words. The
 * log says it once for each reason.
 */
export function readyz(database: { ping(): Promise<void> }, log: Pick<Logger, 'error'>): RequestHandler {
  let told = '';
  return async (_req, res) => {
    try {
      await database.ping();
      told = '';
      res.json({ status: 'ready' });
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error('');
      if (told !== message) log.error({ err: error }, 'not ready');
      told = message;
      // Lines of the storage are made for people; a driver's may name hosts.
      const reason = name === 'StorageError' ? message : 'the database does not answer';
      res.status(503).json({ status: 'not ready', reason });
    }
  };
}
