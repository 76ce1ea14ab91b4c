import { z } from 'zod';
import { line, optionalLine, text, whole } from '../../web/parse.js';

/** How a field looks in a form. */
export interface Control {
  readonly type: 'text' | 'textarea' | 'url' | 'number' | 'select';
  readonly required: boolean;
  readonly attrs: Readonly<Record<string, string | number>>;
  /** Of a select: its values; null where the page gives them (`choices` of `controls`). */
  readonly choices: readonly string[] | null;
  /** i18n key of a choice; a choice without one is shown as it is. */
  readonly choiceText: ((value: string) => string) | null;
}

/** What is said of every field. */
export interface FieldWords {
  /** i18n keys. */
  readonly label: string;
  readonly hint?: string;
  /** The group of the form that it belongs to, where a form has several. */
  readonly group?: string;
  /** Takes a whole line of the form. */
  readonly wide?: boolean;
}

/** A field of a form and of its record: what may be sent, what is stored, what is shown. */
export interface Field<Value = unknown> extends FieldWords {
  readonly schema: z.ZodType<Value>;
  /** Value of a new record, and of one that was stored before there was this field. */
  readonly usual: Value;
  /** Type of its path in a Mongoose schema. */
  readonly column: StringConstructor | NumberConstructor;
  readonly control: Control;
  /** A value as the form carries it. */
  text(value: Value): string;
}

export type FieldValue<Made> = Made extends Field<infer Value> ? Value : never;

const plain = { attrs: {}, choices: null, choiceText: null } as const;

/** One line of text that must be filled in. */
export const lineField = (words: FieldWords & { most: number }): Field<string> => ({
  ...words,
  schema: line(words.most),
  usual: '',
  column: String,
  control: { ...plain, type: 'text', required: true, attrs: { maxlength: words.most } },
  text: (value) => value,
});

/** One line of text that may be empty; `schema` where not every line is right. */
export const optionalLineField = (
  words: FieldWords & {
    most: number;
    schema?: z.ZodType<string>;
    type?: 'text' | 'url';
    attrs?: Control['attrs'];
    usual?: string;
  },
): Field<string> => ({
  ...words,
  schema: words.schema ?? optionalLine(words.most),
  usual: words.usual ?? '',
  column: String,
  control: {
    ...plain,
    type: words.type ?? 'text',
    required: false,
    attrs: { maxlength: words.most, ...words.attrs },
  },
  text: (value) => value,
});

/** Several lines of text; may be empty. */
export const textField = (words: FieldWords & { most: number }): Field<string> => ({
  ...words,
  schema: text(words.most),
  usual: '',
  column: String,
  control: { ...plain, type: 'textarea', required: false, attrs: { maxlength: words.most } },
  text: (value) => value,
});

/** A whole number. */
export const wholeField = (
  words: FieldWords & { least: number; most: number; usual: number },
): Field<number> => ({
  ...words,
  schema: whole(words.least, words.most),
  column: Number,
  control: { ...plain, type: 'number', required: true, attrs: { min: words.least, max: words.most } },
  text: String,
});

/** A whole number, or null where the form is left empty. */
export const optionalWholeField = (
  words: FieldWords & { least: number; most: number },
): Field<number | null> => ({
  ...words,
  schema: z.union([z.literal('').transform(() => null), whole(words.least, words.most)]),
  usual: null,
  column: Number,
  control: {
    ...plain,
    type: 'text',
    required: false,
    attrs: { inputmode: 'numeric', maxlength: String(words.most).length },
  },
  text: (value) => (value === null ? '' : String(value)),
});

/** One of a few known values. */
export const choiceField = <const Value extends string>(
  words: FieldWords & {
    choices: readonly Value[];
    usual: NoInfer<Value>;
    /** i18n key of a choice. */
    choiceText: (value: Value) => string;
  },
): Field<Value> => ({
  ...words,
  schema: z.enum(words.choices),
  column: String,
  control: {
    type: 'select',
    // With `required` a browser does not send the empty choice.
    required: !words.choices.some((choice) => choice === ''),
    attrs: {},
    choices: words.choices,
    choiceText: (value) => words.choiceText(value as Value),
  },
  text: (value) => value,
});

/** One of values that the page lists, and `schema` knows. */
export const listedField = (
  words: FieldWords & { schema: z.ZodType<string>; usual: string; optional?: boolean },
): Field<string> => ({
  ...words,
  column: String,
  control: { ...plain, type: 'select', required: words.optional !== true },
  text: (value) => value,
});
