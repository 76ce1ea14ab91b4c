import type { RequestHandler } from 'express';

/** `/healthz`: the process answers. */
export const healthz = (): RequestHandler => (_req, res) => {
  res.json({ status: 'ok' });
};

/** `/readyz`: the database answers as well; 503 when not. */
export const readyz =
  (database: { ping(): Promise<void> }): RequestHandler =>
  async (_req, res) => {
    try {
      await database.ping();
      res.json({ status: 'ready' });
    } catch {
      res.status(503).json({ status: 'not ready' });
    }
  };
