import { z } from 'zod';
import { oneLine } from '../../../../shared/lines.js';
import {
  decimal,
  decimalOr,
  isWithin,
  numberFrom,
  numberText,
  TOLERANCE_KINDS,
  type ToleranceKind,
} from '../numbers.js';
import { remarkLines, remarkOn, remarksField, type Remark } from '../remarks.js';
import { nothingAssigned, type QuestionType } from '../type.js';
import { linesOf, normalised } from '../words.js';
import { exchange } from './exchange.js';
import * as texts from './texts.js';

/** A unit that may follow the number. */
export interface Unit {
  readonly text: string;
  /** One of it is so many of the value's own. */
  readonly factor: number;
}

/** A number, typed in. */
export interface NumericalDefinition {
  readonly type: 'numerical';
  readonly value: number;
  /** How far from the value is still right. */
  readonly tolerance: number;
  /** In its own units, in per cent of it, or as significant digits. */
  readonly toleranceKind: ToleranceKind;
  /** Absent: no unit is understood. The first is the value's own. */
  readonly units?: readonly Unit[];
  /** Share of the points lost by a missing unit; absent: none. */
  readonly unitPenalty?: number;
  /** Of numbers, each with the same tolerance as the value; absent: none. */
  readonly remarks?: readonly Remark[];
}

const LARGEST = 1e100;
const LONGEST = 100;
const MOST_UNITS = 20;

/** "км = 1000" → a unit; "м" alone has the factor 1. */
const units = linesOf(100, MOST_UNITS).transform((lines, context): Unit[] =>
  lines.map((line) => {
    const [text = '', sent = '1'] = line.split('=').map((part) => part.trim());
    const factor = numberFrom(sent);
    if (text === '' || factor === null || factor === 0) {
      context.addIssue({ code: 'custom', message: 'errors.field.wrong' });
    }
    return { text, factor: factor ?? 1 };
  }),
);

const schema = z.object({
  value: decimal(-LARGEST, LARGEST),
  tolerance: decimalOr(0, 0, LARGEST),
  toleranceKind: z.enum(TOLERANCE_KINDS).default('absolute'),
  units,
  unitPenalty: decimalOr(0, 0, 100),
  remarks: remarksField,
});

/** The number of an answer in the value's own unit, and whether a unit was given; null when it is no number. */
export function measured(text: string, known: readonly Unit[]): { value: number; unit: boolean } | null {
  const bare = numberFrom(text);
  if (bare !== null) return { value: bare, unit: false };
  const given = normalised(text, true);
  for (const { text: name, factor } of known) {
    const unit = normalised(name, true);
    if (unit === '' || !given.endsWith(unit)) continue;
    const value = numberFrom(given.slice(0, -unit.length));
    if (value !== null) return { value: value * factor, unit: true };
  }
  return null;
}

/** A response is the text as it was typed, so that it can be shown as it was. */
export const numerical: QuestionType<NumericalDefinition, string> = {
  definition: schema.transform(({ units: known, unitPenalty, remarks, ...fields }) => ({
    type: 'numerical' as const,
    ...fields,
    ...(known.length > 0 && { units: known, unitPenalty: unitPenalty / 100 }),
    ...remarks,
  })),
  fields: ({ value, tolerance, toleranceKind, units: known = [], unitPenalty = 0, remarks }) => ({
    value: numberText(value),
    tolerance: numberText(tolerance),
    toleranceKind,
    units: known.map(({ text, factor }) => `${text} = ${numberText(factor)}`).join('\n'),
    unitPenalty: numberText(Math.round(unitPenalty * 1e7) / 1e5),
    remarks: remarkLines(remarks),
  }),
  deal: nothingAssigned,
  read(_definition, sent) {
    const text = oneLine(sent[0] ?? '');
    return { fits: sent.length <= 1 && text.length <= LONGEST, response: text === '' ? null : text };
  },
  sent: (_definition, _assigned, response) => (response === null ? [] : [response]),
  fraction({ value, tolerance, toleranceKind, units: known = [], unitPenalty = 0 }, response) {
    const given = response === null ? null : measured(response, known);
    if (given === null || !isWithin(given.value, value, tolerance, toleranceKind)) return 0;
    return known.length > 0 && !given.unit ? 1 - unitPenalty : 1;
  },
  answering: ({ units: known = [] }, _assigned, response) => ({
    given: response ?? '',
    longest: LONGEST,
    // The names of units are no part of the key.
    units: known.map(({ text }) => text),
  }),
  review: ({ value, tolerance, toleranceKind, units: known = [] }, _assigned, response, revealed) => ({
    given: response ?? '',
    understood: response === null || measured(response, known) !== null,
    key: revealed ? { value, tolerance, toleranceKind, unit: known[0]?.text ?? '' } : null,
  }),
  words: (_definition, response) => [response],
  remarks({ tolerance, toleranceKind, units: known = [], remarks }, response) {
    const given = response === null ? null : measured(response, known);
    if (given === null) return [];
    return remarkOn(remarks, (text) => {
      const number = numberFrom(text);
      return number !== null && isWithin(given.value, number, tolerance, toleranceKind);
    });
  },
  exchange,
  texts,
};
