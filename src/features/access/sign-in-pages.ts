import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { DomainError } from '../../shared/errors.js';
import { wantsJson } from '../../web/present.js';

export const TOKEN = /^[\w-]{32}$/;

const signInToken = z.object({ token: z.string().regex(TOKEN) });
export const email = z.object({ email: z.string().trim().min(3).max(320) });

/** A link that is not understood is over as well. */
export function tokenIn(input: unknown): string {
  const parsed = signInToken.safeParse(input);
  if (!parsed.success) throw new DomainError('sign-in-over', 410);
  return parsed.data.token;
}

/**
 * Shows a person whose link is over the page with the form that sends another.
 * @param show returns false where it is not known for which page the link was
 */
export const whenOver =
  (show: (req: Request, res: Response) => boolean | Promise<boolean>): ErrorRequestHandler =>
  async (error: unknown, req, res, next) => {
    const isOver = error instanceof DomainError && error.code === 'sign-in-over';
    if (!isOver || wantsJson(req) || !(await show(req, res))) next(error);
  };

/** What the link said: in the address of a page, in the form of an answer. */
export const givenIn = ({ method, query, body }: Request): unknown =>
  method === 'POST' ? (body ?? {}) : query;

/** Pages that may not be framed or kept. */
export const ownPages: RequestHandler = (_req, res, next) => {
  res.setHeader('X-Frame-Options', 'DENY');
  res.setHeader('Cache-Control', 'no-store');
  next();
};
