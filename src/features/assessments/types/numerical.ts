import { z } from 'zod';
import { oneLine } from '../../../shared/lines.js';
import { decimal, numberFrom, numberText } from './numbers.js';
import type { QuestionType } from './type.js';

/** A number, typed in. */
export interface NumericalDefinition {
  readonly type: 'numerical';
  readonly value: number;
  /** How far from the value is still right: in its own units, or in per cent of it. */
  readonly tolerance: number;
  readonly toleranceKind: 'absolute' | 'relative';
}

const LARGEST = 1e100;
const LONGEST = 100;

const schema = z.object({
  value: decimal(-LARGEST, LARGEST),
  tolerance: z.preprocess((sent) => (sent === '' || sent === undefined ? 0 : sent), decimal(0, LARGEST)),
  toleranceKind: z.enum(['absolute', 'relative']).default('absolute'),
});

/** A response is the text as it was typed, so that it can be shown as it was. */
export const numerical: QuestionType<NumericalDefinition, string> = {
  definition: schema.transform((fields) => ({ type: 'numerical' as const, ...fields })),
  fields: ({ value, tolerance, toleranceKind }) => ({
    value: numberText(value),
    tolerance: numberText(tolerance),
    toleranceKind,
  }),
  parts: () => 0,
  read(_definition, sent) {
    const text = oneLine(sent[0] ?? '');
    return { fits: sent.length <= 1 && text.length <= LONGEST, response: text === '' ? null : text };
  },
  fraction({ value, tolerance, toleranceKind }, response) {
    const given = response === null ? null : numberFrom(response);
    if (given === null) return 0;
    const allowed = toleranceKind === 'absolute' ? tolerance : (Math.abs(value) * tolerance) / 100;
    // Binary fractions: 0.4 − 0.3 is a little more than 0.1, and must not fail a tolerance of 0.1.
    const rounding = 4 * Number.EPSILON * Math.max(Math.abs(value), Math.abs(given));
    return Math.abs(given - value) <= allowed + rounding ? 1 : 0;
  },
  answering: (_definition, _order, response) => ({ given: response ?? '', longest: LONGEST }),
  review: ({ value, tolerance, toleranceKind }, _order, response, revealed) => ({
    given: response ?? '',
    understood: response === null || numberFrom(response) !== null,
    key: revealed ? { value, tolerance, toleranceKind } : null,
  }),
};
