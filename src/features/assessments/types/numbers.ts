import { z } from 'zod';
import { numberFrom } from '../../../shared/folding.js';

export { numberFrom };

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

/** As `decimal`, with a value for an empty field. */
export const decimalOr = (usual: number, least: number, most: number) =>
  z.preprocess((sent) => (sent === '' || sent === undefined ? usual : sent), decimal(least, most));

export type ToleranceKind = 'absolute' | 'relative' | 'digits';
export const TOLERANCE_KINDS = ['absolute', 'relative', 'digits'] as const;

/**
 * How far from a value is still right, in the value's own units.
 * @param tolerance in these units, in per cent of the value, or a number of significant digits
 */
export function allowedBy(value: number, tolerance: number, kind: ToleranceKind): number {
  if (kind === 'absolute') return tolerance;
  if (kind === 'relative') return (Math.abs(value) * tolerance) / 100;
  if (value === 0) return 0;
  // Half a unit of the last digit that counts.
  return 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(value))) - Math.max(1, Math.round(tolerance)) + 1);
}

/** Whether a number is near enough. @param tolerance see `allowedBy` */
export function isWithin(given: number, value: number, tolerance: number, kind: ToleranceKind): boolean {
  const allowed = allowedBy(value, tolerance, kind);
  // Binary fractions: 0.4 − 0.3 is a little more than 0.1, and must not fail a tolerance of 0.1.
  const rounding = 4 * Number.EPSILON * Math.max(Math.abs(value), Math.abs(given));
  return Math.abs(given - value) <= allowed + rounding;
}

/** "50 % ответ" → what is worth a part of the points; a line without it is worth all. */
export function weighted(line: string): { text: string; fraction: number } {
  const [, percent, text] = /^(\d{1,3}(?:[.,]\d{1,5})?)\s?%\s+(.+)$/u.exec(line) ?? [];
  const value = percent === undefined ? null : numberFrom(percent);
  if (text === undefined || value === null || value > 100) return { text: line, fraction: 1 };
  return { text, fraction: value / 100 };
}

/** The way back from `weighted`. */
export const weightedLine = (text: string, fraction: number): string =>
  fraction === 1 ? text : `${numberText(Math.round(fraction * 1e7) / 1e5)} % ${text}`;
