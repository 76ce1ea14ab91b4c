import { z } from 'zod';
import { badInput } from '../shared/errors.js';
import { isRecordId } from '../shared/ids.js';
import { manyLines, oneLine } from '../shared/lines.js';
import { typedWebAddress } from '../shared/origins.js';

/**
 * Checks untrusted input against a schema.
 * @returns the parsed value
 * @throws DomainError `bad-input` (400): field path → i18n key of what is wrong. A schema may give its own key
 *   as the message (`errors.field.…`); others get the general one for their kind of fault.
 */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields: Record<string, string> = {};
  for (const issue of parsed.error.issues) {
    const names = issue.code === 'unrecognized_keys' ? issue.keys : [issue.path.join('.')];
    for (const name of names) fields[name] ??= keyFor(issue);
  }
  throw badInput(fields);
}

function keyFor(issue: z.core.$ZodIssue): string {
  if (issue.message.startsWith('errors.')) return issue.message;
  // A feature's own text for its own kind of fault.
  if (issue.code === 'custom' && /^[a-z]+(?:\.\w+)+$/i.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'string' ? 'errors.field.tooLong' : 'errors.field.tooBig';
    case 'too_small':
      return issue.origin === 'string' ? 'errors.field.missing' : 'errors.field.tooSmall';
    case 'invalid_type':
      return issue.input === undefined ? 'errors.field.missing' : 'errors.field.wrong';
    default:
      return 'errors.field.wrong';
  }
}

/** A record's id as it comes in a URL or a form. */
export const id = z.string().refine(isRecordId);

/** One line of text: trimmed, without control characters. */
export const line = (most: number): z.ZodType<string> =>
  z.string().transform(oneLine).pipe(z.string().min(1).max(most));

/** Like `line`, but may be empty or absent. */
export const optionalLine = (most: number): z.ZodType<string> =>
  z.string().default('').transform(oneLine).pipe(z.string().max(most));

/** An http or https address, which gets `https://` where it is typed without; may be empty or absent. */
export const optionalAddress = (most: number): z.ZodType<string> =>
  optionalLine(most)
    .transform((typed, context) => {
      if (typed === '') return '';
      const url = typedWebAddress(typed);
      if (url !== null) return /^https?:/i.test(typed) ? typed : `https://${typed}`;
      context.addIssue({ code: 'custom', message: 'errors.field.webAddress' });
      return z.NEVER;
    })
    .pipe(z.string().max(most));

/** Several lines of text, trimmed; may be empty or absent. */
export const text = (most: number): z.ZodType<string> =>
  z.string().default('').transform(manyLines).pipe(z.string().max(most));

/** A form sends one value for a list of one, and nothing for an empty list. */
export const list = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(
    (value) => (value === undefined ? [] : Array.isArray(value) ? (value as unknown[]) : [value]),
    z.array(item),
  );

/** A checkbox: present or `true` means yes. */
export const checkbox = z
  .union([z.boolean(), z.enum(['on', '1', 'true', '0', 'false', ''])])
  .default(false)
  .transform((value) => value === true || value === 'on' || value === '1' || value === 'true');

/**
 * A day as `<input type="date">` sends it, of the years in which anything can be meant: weeks and zones around days at
 * the ends of the calendar are no dates any more.
 */
export const calendarDate = z.iso.date().refine((day) => day >= '1900-01-01' && day <= '2199-12-31');

/** A whole number, from JSON or from a form. */
export const whole = (least: number, most: number): z.ZodType<number> =>
  z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\s*-?\d{1,9}\s*$/)
        .transform(Number),
    ])
    .pipe(z.number().int().min(least).max(most));
