import type { RequestHandler } from 'express';

/**
 * Gives every cookie that leaves the tool the attributes it needs inside an LMS's frame, whoever set it:
 * `Secure; SameSite=None; Partitioned`, over http://localhost too (browsers accept them there, but
 * express-session sends no secure cookie over http, and ltijs cannot set Partitioned, nor clear a
 * partitioned cookie). HttpOnly as the setter wished.
 */
export function framedCookies(): RequestHandler {
  return (_req, res, next) => {
    const writeHead = res.writeHead.bind(res) as (...args: unknown[]) => typeof res;
    res.writeHead = ((...args: unknown[]) => {
      const cookies = res.getHeader('set-cookie');
      if (cookies !== undefined) {
        res.setHeader('set-cookie', (Array.isArray(cookies) ? cookies : [String(cookies)]).map(framed));
      }
      return writeHead(...args);
    }) as typeof res.writeHead;
    next();
  };
}

const OURS = /^(secure|partitioned|samesite=.*|path=.*)$/i;

function framed(cookie: string): string {
  const kept = cookie.split(';').filter((part, index) => index === 0 || !OURS.test(part.trim()));
  return `${kept.map((part) => part.trim()).join('; ')}; Path=/; Secure; SameSite=None; Partitioned`;
}
