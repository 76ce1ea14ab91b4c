import { z } from 'zod';
import { oneLine } from '../../../../shared/lines.js';
import { line } from '../../../../web/parse.js';
import type { Below } from '../../attempts/shuffle.js';
import {
  decimalOr,
  isWithin,
  numberFrom,
  numberText,
  TOLERANCE_KINDS,
  type ToleranceKind,
} from '../numbers.js';
import type { QuestionType } from '../type.js';
import { linesOf } from '../words.js';
import { exchange } from './exchange.js';
import * as texts from './texts.js';
import { evaluate } from './formula.js';

/** A number of the text that is drawn for each attempt. */
export interface Variable {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly decimals: number;
}

/** A number that follows from numbers drawn for each attempt; the text holds them as `{a}`. */
export interface CalculatedDefinition {
  readonly type: 'calculated';
  readonly formula: string;
  readonly variables: readonly Variable[];
  readonly tolerance: number;
  readonly toleranceKind: ToleranceKind;
}

const LONGEST = 100;
const MOST_VARIABLES = 20;

/** "a = 1 … 10; 2": from 1 to 10 with two decimals. */
function readVariable(written: string): Variable | null {
  const [, name = '', least = '', most = '', decimals = '0'] =
    /^([a-z]\w{0,19})\s*=\s*(.+?)\s*(?:\.\.\.?|…)\s*(.+?)\s*(?:;\s*(\d))?$/iu.exec(written) ?? [];
  const range = { least: numberFrom(least), most: numberFrom(most) };
  if (range.least === null || range.most === null || range.least > range.most) return null;
  return { name, least: range.least, most: range.most, decimals: Number(decimals) };
}

const writeVariable = ({ name, least, most, decimals }: Variable): string =>
  `${name} = ${numberText(least)} … ${numberText(most)}${decimals === 0 ? '' : `; ${decimals}`}`;

const schema = z
  .object({
    formula: line(500),
    variables: linesOf(200, MOST_VARIABLES),
    tolerance: decimalOr(0, 0, 1e100),
    toleranceKind: z.enum(TOLERANCE_KINDS).default('absolute'),
  })
  .transform(({ variables: written, ...fields }, context): CalculatedDefinition => {
    const variables = written.map(readVariable);
    const known = variables.filter((variable) => variable !== null);
    if (known.length < variables.length || known.length === 0) {
      context.addIssue({ code: 'custom', path: ['variables'], message: 'errors.field.badVariable' });
    } else if (
      evaluate(
        fields.formula,
        valuesOf(
          known,
          known.map(({ most }) => most),
        ),
      ) === null
    ) {
      context.addIssue({ code: 'custom', path: ['formula'], message: 'errors.field.badFormula' });
    }
    return { type: 'calculated', variables: known, ...fields };
  });

const valuesOf = (variables: readonly Variable[], assigned: readonly number[]): Record<string, number> =>
  Object.fromEntries(variables.map(({ name }, index) => [name, assigned[index] ?? 0]));

function draw({ least, most, decimals }: Variable, below: Below): number {
  const step = 10 ** -decimals;
  const steps = Math.floor((most - least) / step + 1e-9);
  const value = least + below(Math.min(steps + 1, 2 ** 32 - 1)) * step;
  return Number(value.toFixed(decimals));
}

/** Returns null where the numbers drawn give no result. */
const keyOf = ({ formula, variables }: CalculatedDefinition, assigned: readonly number[]): number | null =>
  evaluate(formula, valuesOf(variables, assigned));

/** A response is the text as it was typed. What is assigned are the numbers. */
export const calculated: QuestionType<CalculatedDefinition, string> = {
  definition: schema,
  fields: ({ formula, variables, tolerance, toleranceKind }) => ({
    formula,
    variables: variables.map(writeVariable).join('\n'),
    tolerance: numberText(tolerance),
    toleranceKind,
  }),
  deal(definition, _shuffled, below) {
    let assigned: number[] = [];
    // A formula may divide by what was drawn: other numbers are tried then.
    for (let tries = 0; tries < 50; tries += 1) {
      assigned = definition.variables.map((variable) => draw(variable, below));
      if (keyOf(definition, assigned) !== null) break;
    }
    return assigned;
  },
  read(_definition, sent) {
    const text = oneLine(sent[0] ?? '');
    return { fits: sent.length <= 1 && text.length <= LONGEST, response: text === '' ? null : text };
  },
  sent: (_definition, _assigned, response) => (response === null ? [] : [response]),
  fraction(definition, response, assigned) {
    const given = response === null ? null : numberFrom(response);
    const value = keyOf(definition, assigned);
    if (given === null || value === null) return 0;
    return isWithin(given, value, definition.tolerance, definition.toleranceKind) ? 1 : 0;
  },
  answering: (_definition, _assigned, response) => ({ given: response ?? '', longest: LONGEST }),
  review(definition, assigned, response, revealed) {
    const value = revealed ? keyOf(definition, assigned) : null;
    const { tolerance, toleranceKind } = definition;
    return {
      given: response ?? '',
      understood: response === null || numberFrom(response) !== null,
      // Twelve digits: the dust of binary fractions is no part of the key.
      key:
        value === null ? null : { value: Number(value.toPrecision(12)), tolerance, toleranceKind, unit: '' },
    };
  },
  words: (_definition, response) => [response],
  text: ({ variables }, text, assigned) =>
    variables.reduce(
      (filled, { name }, index) => filled.replaceAll(`{${name}}`, numberText(assigned[index] ?? 0)),
      text,
    ),
  exchange,
  texts,
};
