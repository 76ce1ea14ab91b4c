import type { z } from 'zod';
import type { Translate } from '../../i18n/index.js';
import type { FieldInput } from '../../web/field.js';
import type { Field, FieldValue } from './field.js';

type Made = Readonly<Record<string, Field>>;

/** A record's values by the names of its fields. */
export type FieldValues<M> = { readonly [Name in keyof M]: FieldValue<M[Name]> };

export interface ControlOptions {
  readonly t: Translate;
  /** What the form shows, as texts. */
  readonly values: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Only the fields of this group. */
  readonly group?: string;
  /** Values for the texts of hints. */
  readonly params?: Readonly<Record<string, string | number>>;
  /** Hints in place of the fields' own, translated. */
  readonly hints?: Readonly<Record<string, string>>;
  /** What selects offer whose values the page knows; a pair says its wording as well. */
  readonly choices?: Readonly<
    Record<string, readonly (string | readonly [value: string, wording: string])[]>
  >;
}

/** The fields of one form, each defined once: schema, stored paths, values, controls. */
export interface Fields<M extends Made> {
  /** For `z.object({ ...shape })`. */
  readonly shape: { readonly [Name in keyof M]: z.ZodType<FieldValue<M[Name]>> };
  /** For `new Schema({ ...columns })`. A record always has all of them. */
  readonly columns: {
    readonly [Name in keyof M]: {
      readonly type: NonNullable<FieldValue<M[Name]>> extends number ? NumberConstructor : StringConstructor;
      readonly default: FieldValue<M[Name]>;
    };
  };
  /** Values of a new record. */
  readonly usual: FieldValues<M>;
  /** A new record's values as its form shows them. */
  readonly blank: Readonly<Record<keyof M, string>>;
  /** These fields of a larger record; what it lacks is as usual. */
  pick(record: Partial<FieldValues<M>>): FieldValues<M>;
  /** A record's values as its form shows them. */
  texts(record: FieldValues<M>): Record<keyof M, string>;
  /** A value in the reader's words: the text of a choice, or what the form shows. */
  words(name: string, text: string, t: Translate): string;
  /** The form's fields in the order of their definition. */
  controls(options: ControlOptions): FieldInput[];
}

export function defineFields<const M extends Made>(fields: M): Fields<M> {
  const entries = Object.entries<Field>(fields);
  const each = (make: (field: Field, name: string) => unknown): Record<string, unknown> =>
    Object.fromEntries(entries.map(([name, field]) => [name, make(field, name)]));

  // The compiler cannot follow that each name keeps its own type.
  const texts = (record: FieldValues<M>) =>
    each((field, name) => field.text(record[name])) as Record<keyof M, string>;
  const usual = each((field) => field.usual) as FieldValues<M>;

  const words = (name: string, text: string, t: Translate): string => {
    const { choiceText = null, choices = null } = fields[name]?.control ?? {};
    const worded = text !== '' || choices?.includes('') === true;
    return choiceText !== null && worded ? t(choiceText(text)) : text;
  };

  return {
    shape: each((field) => field.schema) as Fields<M>['shape'],
    columns: each(({ column, usual: value }) => ({ type: column, default: value })) as Fields<M>['columns'],
    usual,
    blank: texts(usual),
    pick: (record) => each((field, name) => record[name] ?? field.usual) as FieldValues<M>,
    texts,
    words,
    controls: ({ t, values, group, params = {}, hints = {}, choices = {} }) =>
      entries
        .filter(([, field]) => group === undefined || field.group === group)
        .map(([name, { label, hint, wide = false, control }]) => ({
          name,
          label: t(label),
          type: control.type,
          value: [values[name] ?? ''].flat().join(''),
          required: control.required,
          attrs: control.attrs,
          wide,
          hint: hints[name] ?? (hint === undefined ? '' : t(hint, params)),
          options: (choices[name] ?? control.choices ?? []).map((choice) =>
            typeof choice === 'string' ? ([choice, words(name, choice, t)] as const) : choice,
          ),
        })),
  };
}
