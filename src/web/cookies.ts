import type { Express, Request, RequestHandler, Response } from 'express';
import { ServerResponse, type OutgoingHttpHeaders } from 'node:http';

/**
 * Gives every cookie that leaves the application the attributes it needs inside an LMS's frame:
 * `Secure; SameSite=None; Partitioned`, over http://localhost too (browsers accept them there, but
 * what sets them need not know of frames, and ltijs cannot set Partitioned, nor clear a
 * partitioned cookie). HttpOnly and Path as the setter wished. What is set with `SameSite=Lax` or `Strict` is not for
 * frames and leaves as it is. It is done on the application's own prototype of responses, below all other listeners
 * to the writing of headers.
 */
export function framedCookies(app: Express): void {
  app.response.writeHead = function (this: Response, ...args: unknown[]) {
    const cookies = this.getHeader('set-cookie');
    if (cookies !== undefined) {
      this.setHeader('set-cookie', (Array.isArray(cookies) ? cookies : [String(cookies)]).map(framed));
    }
    return ServerResponse.prototype.writeHead.apply(this, args as [number, OutgoingHttpHeaders]);
  } as Response['writeHead'];
}

/** Sets the secret with which `res.cookie(…, { signed: true })` signs, where cookies are signed at all. */
export function cookieSigning(secret: string): RequestHandler {
  return (req, _res, next) => {
    (req as Request).secret = secret;
    next();
  };
}

const OURS = /^(secure|partitioned|samesite=.*|path=.*)$/i;

function framed(cookie: string): string {
  if (/;\s*samesite=(lax|strict)/i.test(cookie)) return cookie;
  const parts = cookie.split(';').map((part) => part.trim());
  const kept = parts.filter((part, index) => index === 0 || !OURS.test(part));
  const path = parts.find((part, index) => index > 0 && /^path=/i.test(part)) ?? 'Path=/';
  return [...kept, path, 'Secure', 'SameSite=None', 'Partitioned'].join('; ');
}
