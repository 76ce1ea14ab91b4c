import { z } from 'zod';
import type { Translate } from '../../i18n/index.js';
import { addDays } from '../../shared/days.js';
import { instantAt } from '../../shared/zoned.js';
import { calendarDate, id, optionalLine } from '../../web/parse.js';

/** A list's query as it stands in an address: parameter → value; only what is set. */
export type QueryState = Readonly<Record<string, string>>;

/** A choice of a filter; `set` is the heading that it stands under, if any. */
export type Choice = readonly [value: string, text: string, set?: string];

/** Choices under one heading; '' for those without. */
export interface ChoiceSet {
  readonly label: string;
  readonly choices: readonly Choice[];
}

function setsOf(choices: readonly Choice[]): ChoiceSet[] {
  const labels = [...new Set(choices.map(([, , set = '']) => set))];
  return labels.map((label) => ({
    label,
    choices: choices.filter(([, , set = '']) => set === label),
  }));
}

/** One filter's part of the form, in the reader's words. */
export type FilterView =
  | {
      readonly kind: 'text';
      readonly name: string;
      readonly label: string;
      readonly value: string;
      readonly most: number;
    }
  | {
      readonly kind: 'choice';
      readonly name: string;
      readonly label: string;
      readonly value: string;
      readonly sets: readonly ChoiceSet[];
    }
  | {
      readonly kind: 'range';
      readonly label: string;
      readonly from: { readonly name: string; readonly value: string };
      readonly to: { readonly name: string; readonly value: string };
    };

/** A filter of a list; `Value` is what the list's rows are chosen by. */
export interface Filter<Value> {
  /** Schemas of its parameters in an address. A form sends '' for what is not set. */
  readonly parameters: (name: string) => Readonly<Record<string, z.ZodType>>;
  /** @returns undefined where the filter is not set */
  readonly read: (
    name: string,
    parsed: Readonly<Record<string, unknown>>,
    reader: { readonly zone: string },
  ) => Value | undefined;
  /** Null for a filter that only addresses set. */
  readonly show: (
    name: string,
    state: QueryState,
    t: Translate,
    choices: readonly Choice[],
  ) => FilterView | null;
  /** The parameter and the i18n key of what is wrong with values that are right by themselves. */
  readonly check?: (
    name: string,
    parsed: Readonly<Record<string, unknown>>,
  ) => readonly [string, string] | null;
}

export type FilterValue<Made> = Made extends Filter<infer Value> ? Value : never;

/** A parameter that a form sends as '' when it is not set. */
export const orBlank = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([z.literal('').transform(() => undefined), schema]).optional();

/** A text that is not empty. */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Words to search for. */
export const textFilter = ({ label, most = 100 }: { label: string; most?: number }): Filter<string> => ({
  parameters: (name) => ({ [name]: optionalLine(most) }),
  read: (name, parsed) => textOf(parsed[name]),
  show: (name, state, t) => ({ kind: 'text', name, label: t(label), value: state[name] ?? '', most }),
});

interface ChoiceOptions<Value extends string> {
  readonly label: string;
  /** i18n key of the choice that filters nothing. */
  readonly any?: string;
  readonly choices: readonly Value[];
  /** i18n key of a choice. */
  readonly text: (value: Value) => string;
}

/** One of a few known values. */
export const choiceFilter = <const Value extends string>({
  label,
  any = 'lists.any',
  choices,
  text,
}: ChoiceOptions<Value>): Filter<Value> => ({
  parameters: (name) => ({ [name]: orBlank(z.enum(choices)) }),
  read: (name, parsed) => parsed[name] as Value | undefined,
  show: (name, state, t) => ({
    kind: 'choice',
    name,
    label: t(label),
    value: state[name] ?? '',
    sets: setsOf([['', t(any)], ...choices.map((value): Choice => [value, t(text(value))])]),
  }),
});

/** One of the records that the page offers when it shows the list; any record's id, or what `schema` allows. */
export const recordFilter = ({
  label,
  any = 'lists.any',
  schema = id,
}: {
  label: string;
  any?: string;
  schema?: z.ZodType<string>;
}): Filter<string> => ({
  parameters: (name) => ({ [name]: orBlank(schema) }),
  read: (name, parsed) => textOf(parsed[name]),
  show: (name, state, t, choices) => ({
    kind: 'choice',
    name,
    label: t(label),
    value: state[name] ?? '',
    sets: setsOf([['', t(any)], ...choices]),
  }),
});

/** Set by links only, and kept by the form: for example one course's rows. */
export const linkedFilter = (schema: z.ZodType<string> = id): Filter<string> => ({
  parameters: (name) => ({ [name]: orBlank(schema) }),
  read: (name, parsed) => parsed[name] as string | undefined,
  show: () => null,
});

/** Two ends of time, either of them absent. */
export interface DateRange {
  /** The first moment that is meant. */
  readonly from: Date | null;
  /** The first moment after those that are meant. */
  readonly to: Date | null;
}

/** Whole days of the reader's zone, from one to another inclusive: parameters `<name>From` and `<name>To`. */
export const rangeFilter = ({ label }: { label: string }): Filter<DateRange> => ({
  parameters: (name) => ({ [`${name}From`]: orBlank(calendarDate), [`${name}To`]: orBlank(calendarDate) }),
  check: (name, parsed) => {
    const [from, to] = [parsed[`${name}From`], parsed[`${name}To`]] as (string | undefined)[];
    return from !== undefined && to !== undefined && to < from
      ? [`${name}To`, 'errors.field.endBeforeStart']
      : null;
  },
  read: (name, parsed, { zone }) => {
    const [from, to] = [parsed[`${name}From`], parsed[`${name}To`]] as (string | undefined)[];
    if (from === undefined && to === undefined) return undefined;
    return {
      from: from === undefined ? null : startOf(from, zone),
      to: to === undefined ? null : startOf(addDays(to, 1), zone),
    };
  },
  show: (name, state, t) => ({
    kind: 'range',
    label: t(label),
    from: { name: `${name}From`, value: state[`${name}From`] ?? '' },
    to: { name: `${name}To`, value: state[`${name}To`] ?? '' },
  }),
});

const startOf = (day: string, zone: string): Date | null => instantAt(`${day}T00:00`, zone);
