import type { Request, Response } from 'express';
import { DomainError } from '../shared/errors.js';
import { present, wantsJson, type Page } from './present.js';

/** A form shown again: the sent values with an error beside each field. */
export interface FormAgain {
  /** Field → value or values as sent. */
  readonly values: Readonly<Record<string, string | string[]>>;
  /** Field → translated text of what is wrong. */
  readonly errors: Readonly<Record<string, string>>;
}

/**
 * Runs the action of a form. If it fails because of a field, a person sees the form again with the sent values; a JSON
 * client gets the problem.
 * @param page the form's page, filled with `again`
 */
export async function answerForm(
  req: Request,
  res: Response,
  act: () => Promise<void>,
  page: (again: FormAgain) => Page | Promise<Page>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof DomainError) || error.details.fields === undefined || wantsJson(req)) throw error;
    const errors = fieldErrors(req, error.details.fields);
    if (error.details.retryAfter !== undefined) {
      res.setHeader('Retry-After', String(error.details.retryAfter));
    }
    present(req, res, { ...(await page({ values: sentFields(req.body), errors })), status: error.status });
  }
}

/** @param keys field → key of the text that says what is wrong with it */
export function fieldErrors(req: Request, keys: Readonly<Record<string, string>>): FormAgain['errors'] {
  return Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, req.page.t(key)]));
}

/**
 * Returns a body's fields as a form has them, without values that a form cannot have, which JSON may contain.
 */
export function sentFields(body: unknown): FormAgain['values'] {
  const fields = Object.entries((body ?? {}) as Record<string, unknown>).flatMap(([name, value]) => {
    const shown = Array.isArray(value)
      ? value.map(shownText).filter((item) => item !== null)
      : shownText(value);
    return shown === null ? [] : [[name, shown] as const];
  });
  return Object.fromEntries(fields);
}

/** Returns true for a checked box, which sends `on`; an unchecked one sends nothing. */
const shownText = (value: unknown): string | null => {
  if (value === true) return 'on';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
};
