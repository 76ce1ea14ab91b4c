import { z } from 'zod';
import { list, optionalLine, whole } from '../../../web/parse.js';
import type { Fields } from './type.js';

/** One of the offered answers. */
export interface Option {
  readonly text: string;
  readonly right: boolean;
}

const MOST_OPTIONS = 30;

/** Rows of the form as sent: `option` for every row, empty ones included, and `right` with the rows' numbers. */
const rows = z.object({ option: list(optionalLine(1_000)), right: list(whole(0, 999)) });

/**
 * The schema of a question with offered answers. Rows left empty are dropped.
 * @param most how many of them may be right
 */
export const optionsSchema = (most: number): z.ZodType<readonly Option[]> =>
  rows.transform(({ option, right }, context) => {
    const fault = (field: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [field], message });
    };
    const chosen = new Set(right);
    const options = option
      .map((text, row) => ({ text, right: chosen.has(row) }))
      .filter(({ text }) => text !== '');
    const rights = options.filter((option) => option.right).length;
    if (options.length < 2) fault('option', 'errors.field.twoOptions');
    else if (options.length > MOST_OPTIONS) fault('option', 'errors.field.tooBig');
    else if (new Set(options.map(({ text }) => text)).size < options.length) {
      fault('option', 'errors.field.sameOptions');
    }
    if (rights === 0) fault('right', 'errors.field.rightMissing');
    else if (rights > most) fault('right', 'errors.field.onlyOneRight');
    return options;
  });

/** The way back: the form's rows as the definition has them. */
export const optionFields = (options: readonly Option[]): Fields => ({
  option: options.map(({ text }) => text),
  right: options.flatMap(({ right }, row) => (right ? [String(row)] : [])),
});

/**
 * The options chosen. Choices are sent as places on the page, not as numbers of the definition: those would
 * tell which one the author wrote first.
 * @returns indexes into the definition's options in rising order, or null when a value is no place
 */
export function chosenParts(sent: readonly string[], order: readonly number[]): number[] | null {
  const parts = sent.map((value) => (/^\d{1,3}$/.test(value) ? order[Number(value)] : undefined));
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length ? [...new Set(known)].sort((a, b) => a - b) : null;
}

/** The offered answers in the order of the page, without the key. */
export const offered = (options: readonly Option[], order: readonly number[], chosen: readonly number[]) => ({
  options: order.map((part, place) => ({
    value: String(place),
    text: options[part]?.text ?? '',
    chosen: chosen.includes(part),
  })),
});

/** The same after all is over; `right` is null where the key stays hidden. */
export const offeredReview = (
  options: readonly Option[],
  order: readonly number[],
  chosen: readonly number[],
  revealed: boolean,
) => ({
  options: order.map((part) => ({
    text: options[part]?.text ?? '',
    chosen: chosen.includes(part),
    right: revealed ? (options[part]?.right ?? false) : null,
  })),
});
