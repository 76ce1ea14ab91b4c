import { z } from 'zod';

/**
 * A number as people write it: decimal comma or point, a minus of any kind, spaces between groups of digits,
 * `1,5e3`. @returns null when it is no number
 */
export function numberFrom(text: string): number | null {
  const plain = text
    .normalize('NFKC')
    .trim()
    .replace(/^[\u2010-\u2015\u2212]/u, '-')
    .replace(/(\d)\s(?=\d{3}(?!\d))/gu, '$1')
    .replace(',', '.');
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/iu.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

/** The number as a form shows it. */
export const numberText = (value: number): string => String(value).replace('.', ',');

/** A number in a form, or in JSON; `least` and `most` included. Empty counts as missing. */
export const decimal = (least: number, most: number): z.ZodType<number> =>
  z
    .union([z.number(), z.string()])
    .transform((sent, context) => {
      if (typeof sent === 'number') return sent;
      const value = numberFrom(sent);
      if (value !== null) return value;
      context.addIssue({
        code: 'custom',
        message: sent.trim() === '' ? 'errors.field.missing' : 'errors.field.notNumber',
      });
      return z.NEVER;
    })
    .pipe(z.number().min(least).max(most));
