import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

/** Pages that are opened by a token in their address. */
const withoutToken = (path: string): string => path.replace(/^\/(act|unsubscribe|parents)\/.+$/, '/$1/…');

/** One line per request. The path without its query: queries of LTI carry hints, tokens and session keys. */
export function requestLog(log: Logger): RequestHandler {
  return (req, res, next) => {
    const start = process.hrtime.bigint();
    const { method } = req;
    const path = withoutToken(req.path);
    res.on('close', () => {
      const ms = Number(process.hrtime.bigint() - start) / 1e6;
      const level = res.statusCode >= 500 ? 'error' : 'info';
      log[level](
        {
          id: req.page.id,
          method,
          path,
          status: res.statusCode,
          ms: Math.round(ms * 10) / 10,
          cut: !res.writableEnded,
          ...(req.actor?.viewer && { viewer: req.actor.viewer.personId, as: req.actor.personId }),
        },
        'request',
      );
    });
    next();
  };
}
