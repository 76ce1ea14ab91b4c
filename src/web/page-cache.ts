import type { Request, RequestHandler, Response } from 'express';
import type { Centre } from '../shared/centre-settings.js';
import { cookieOf } from '../shared/cookies.js';
import { dateIn } from '../shared/days.js';
import { wantsJson } from './present.js';

interface Kept {
  readonly version: number;
  readonly headers: readonly (readonly [string, string | string[]])[];
  readonly body: Buffer;
}

export interface PageCacheRules {
  /** What the pages show, as of now: what is kept under another number is old. Null while it may be changing. */
  readonly version: () => Promise<number | null>;
  /** Whether what an address shows changes with the version, the centre's settings and the day alone. */
  readonly isKept: (path: string) => boolean;
  readonly now: () => Date;
  readonly maxBytes?: number;
}

/** What an answer says of itself; other headers are those of every answer. */
const HEADERS = [
  'Content-Type',
  'Content-Security-Policy',
  'Cache-Control',
  'ETag',
  'Vary',
  'Access-Control-Allow-Origin',
] as const;

const MEGABYTE = 1024 * 1024;

/**
 * Sends open pages as they were rendered before, for as long as nothing has changed, and 304 where the reader has the
 * page already. Every request asks for the version: a page from which something was hidden is never sent again.
 * Place it before the routers of the pages, after `openPages`.
 */
export function pageCache({
  version,
  isKept,
  now,
  maxBytes = 32 * MEGABYTE,
}: PageCacheRules): RequestHandler {
  /** The least recently sent first. */
  const pages = new Map<string, Kept>();
  let bytes = 0;

  function drop(key: string): void {
    bytes -= pages.get(key)?.body.length ?? 0;
    pages.delete(key);
  }

  function keep(key: string, page: Kept): void {
    drop(key);
    if (page.body.length > maxBytes / 4) return;
    pages.set(key, page);
    bytes += page.body.length;
    for (const oldest of pages.keys()) {
      if (bytes <= maxBytes) break;
      drop(oldest);
    }
  }

  return async (req, res, next) => {
    if ((req.method !== 'GET' && req.method !== 'HEAD') || !isKept(req.path)) {
      next();
      return;
    }
    const at = await version();
    if (at === null) {
      next();
      return;
    }
    const key = keyOf(req, now());
    const page = pages.get(key);
    if (page?.version === at) {
      pages.delete(key);
      pages.set(key, page);
      send(req, res, page);
      return;
    }
    req.page.keep = (body) => {
      const headers = HEADERS.flatMap((name) => {
        const value = res.getHeader(name);
        return value === undefined ? [] : [[name, value as string] as const];
      });
      keep(key, { version: at, headers, body: Buffer.from(body) });
    };
    next();
  };
}

function send(req: Request, res: Response, { headers, body }: Kept): void {
  for (const [name, value] of headers) res.setHeader(name, value);
  if (req.fresh) {
    res.removeHeader('Content-Type');
    res.status(304).end();
    return;
  }
  res.setHeader('Content-Length', body.length);
  res.end(req.method === 'HEAD' ? undefined : body);
}

const settingsSaid = new WeakMap<Centre, string>();

function saidBy(centre: Centre): string {
  let said = settingsSaid.get(centre);
  if (said === undefined) {
    said = JSON.stringify(centre);
    settingsSaid.set(centre, said);
  }
  return said;
}

/** Everything besides the version on which a page may depend. */
const keyOf = (req: Request, now: Date): string =>
  [
    req.originalUrl,
    wantsJson(req) ? 'json' : 'html',
    req.page.locale,
    req.page.asked ?? '',
    cookieOf(req, 'display') ?? '',
    dateIn(req.page.centre.zone, now),
    saidBy(req.page.centre),
  ].join('\n');
