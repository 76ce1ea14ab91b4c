import type { Request, Response } from 'express';
import { cookieOf } from '../shared/cookies.js';
import { MINUTE } from '../shared/clock.js';

/** The page that a person wanted to open before they had a session. */
const COOKIE = 'nastavnik_target';
const KEPT_MS = 10 * MINUTE;
const PAGE = /^\/c\/[a-z0-9]+\/[\w/-]{1,400}$/;

const options = { path: '/', httpOnly: true, secure: true, sameSite: 'none' } as const;

export const isCoursePage = (path: string): boolean => PAGE.test(path);

export function keepTarget(res: Response, path: string): void {
  if (isCoursePage(path)) res.cookie(COOKIE, path, { ...options, maxAge: KEPT_MS });
}

/** Where a launch that leads to `to` goes: to the page that was wanted, if it is of the same course. */
export function takeTarget(req: Request, res: Response, to: string): string {
  const raw = cookieOf(req, COOKIE);
  if (raw === undefined) return to;
  const wanted = safeDecode(raw);
  const [, , key = ''] = to.split('/');
  // A launch for content of its own, such as a test, goes where it leads.
  if (to !== `/c/${key}/` || !isCoursePage(wanted) || !wanted.startsWith(`/c/${key}/`)) return to;
  res.clearCookie(COOKIE, options);
  return wanted;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
