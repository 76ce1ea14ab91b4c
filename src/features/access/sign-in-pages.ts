import type { Request, RequestHandler } from 'express';
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
 * Has a link worked on; a person whose link is over gets the page with the form that sends another.
 * @param again null where the page that the link was for is not known
 */
export async function unlessOver(
  req: Request,
  act: () => Promise<void>,
  again: () => Promise<void> | null,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    const over = error instanceof DomainError && error.code === 'sign-in-over';
    const shown = over && !wantsJson(req) ? again() : null;
    if (shown === null) throw error;
    await shown;
  }
}

/** Pages that may not be framed or kept. */
export const ownPages: RequestHandler = (_req, res, next) => {
  res.setHeader('X-Frame-Options', 'DENY');
  res.setHeader('Cache-Control', 'no-store');
  next();
};
