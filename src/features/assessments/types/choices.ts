import { z } from 'zod';
import { list, optionalLine, whole } from '../../../web/parse.js';
import { places, type Below } from '../attempts/shuffle.js';
import { numberFrom, numberText } from './numbers.js';
import type { Fields } from './type.js';

/** One of the offered answers. */
export interface Option {
  readonly text: string;
  readonly right: boolean;
  /** Share of the points that it gives, −1 to 1; absent where the type works it out. */
  readonly fraction?: number;
  /** Shown with the right answers to those who chose it. */
  readonly feedback?: string;
}

const MOST_OPTIONS = 30;

/**
 * Rows of the form as sent: `option` for every row, empty ones included, and `right` with the rows' numbers; `worth`
 * (per cent) and `remark` for every row, or none.
 */
const rows = z.object({
  option: list(optionalLine(1_000)),
  right: list(whole(0, 999)),
  worth: list(optionalLine(20)),
  remark: list(optionalLine(1_000)),
});

const fractionOf = (worth: string): number | null => {
  const percent = numberFrom(worth.replace(/\s?%$/u, ''));
  return percent === null || percent < -100 || percent > 100 ? null : percent / 100;
};

/**
 * The schema of a question with offered answers. Rows left empty are dropped.
 * @param most how many of them may be right
 */
export const optionsSchema = (most: number): z.ZodType<readonly Option[]> =>
  rows.transform(({ option, right, worth, remark }, context) => {
    const fault = (field: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [field], message });
    };
    const chosen = new Set(right);
    if (worth.some((percent) => percent !== '' && fractionOf(percent) === null)) {
      fault('worth', 'errors.field.wrong');
    }
    const options = option
      .map((text, row): Option => {
        const fraction = fractionOf(worth[row] ?? '');
        const feedback = remark[row] ?? '';
        return {
          text,
          right: chosen.has(row),
          ...(fraction !== null && { fraction }),
          ...(feedback !== '' && { feedback }),
        };
      })
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
  worth: options.map(({ fraction }) =>
    fraction === undefined ? '' : numberText(Math.round(fraction * 1e7) / 1e5),
  ),
  remark: options.map(({ feedback }) => feedback ?? ''),
});

export const assignedOptions = (options: readonly Option[], shuffled: boolean, below: Below): number[] =>
  places(options.length, shuffled, below);

/**
 * The parts chosen. Choices are sent as places on the page, not as numbers of the definition: those would
 * tell which one the author wrote first.
 * @returns indexes into the definition's parts in rising order, or null when a value is no place
 */
export function chosenParts(sent: readonly string[], assigned: readonly number[]): number[] | null {
  const parts = sent.map((value) => partAt(value, assigned));
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length ? [...new Set(known)].sort((a, b) => a - b) : null;
}

/** The part that stands at a place of the page; undefined when the value is none. */
export const partAt = (value: string, assigned: readonly number[]): number | undefined =>
  /^\d{1,3}$/.test(value) ? assigned[Number(value)] : undefined;

/** The places of parts, as the page sends them. */
export const placesOf = (parts: readonly number[], assigned: readonly number[]): string[] =>
  parts
    .map((part) => assigned.indexOf(part))
    .filter((place) => place >= 0)
    .map(String);

/** The offered answers in the order of the page, without the key. */
export const offered = (
  options: readonly Option[],
  assigned: readonly number[],
  chosen: readonly number[],
) => ({
  options: assigned.map((part, place) => ({
    value: String(place),
    text: options[part]?.text ?? '',
    chosen: chosen.includes(part),
  })),
});

/** The same after all is over; `right` is null where the key stays hidden. */
export const offeredReview = (
  options: readonly Option[],
  assigned: readonly number[],
  chosen: readonly number[],
  revealed: boolean,
) => ({
  options: assigned.map((part) => ({
    text: options[part]?.text ?? '',
    chosen: chosen.includes(part),
    right: revealed ? (options[part]?.right ?? false) : null,
  })),
});

export const optionWords = (options: readonly Option[], chosen: readonly number[]): string[] =>
  chosen.map((part) => options[part]?.text ?? '');

export const optionRemarks = (options: readonly Option[], chosen: readonly number[]): string[] =>
  chosen.flatMap((part) => options[part]?.feedback ?? []);
