/** A form field as templates ask for it: `field({ name, label, … })`. */
export interface FieldInput {
  readonly name: string;
  /** Distinguishes fields of the same name in several forms of a page. */
  readonly key?: string;
  readonly label: string;
  /** `text` if not said; also `textarea`, `select` and the types of `<input>`. */
  readonly type?: string;
  /** That of the page's `values` if not said. */
  readonly value?: unknown;
  readonly hint?: string;
  readonly required?: boolean;
  /** Takes a whole line among fields that stand two to a line. */
  readonly wide?: boolean;
  /** Further attributes of the element. */
  readonly attrs?: Readonly<Record<string, string | number>>;
  /** Lines of a textarea. */
  readonly rows?: number;
  /** Of a select: values with their wording. */
  readonly options?: readonly (readonly [value: unknown, wording: string])[];
  /** By field; those of the page if not said. */
  readonly errors?: Readonly<Record<string, string | undefined>>;
}

/** What `partials/field` prints. */
export interface FieldModel {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly kind: string;
  readonly value: string;
  readonly hint: string;
  readonly error: string;
  /** Ids of the error and the hint, for `aria-describedby`. */
  readonly describedBy: string;
  readonly required: boolean;
  readonly wide: boolean;
  readonly rows: number;
  readonly attributes: readonly (readonly [name: string, value: string | number])[];
  readonly options: readonly {
    readonly value: string;
    readonly wording: string;
    readonly selected: boolean;
  }[];
}

const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

/** Of the page: what is typed in its fields and what is wrong with it, by the name of the field. */
interface PageFields {
  readonly values?: Readonly<Record<string, unknown>>;
  readonly errors?: FieldInput['errors'];
}

/** Returns the field as it is printed. */
export function fieldModel(input: FieldInput, page: PageFields): FieldModel {
  const id = `f-${input.key ?? ''}${input.name}`;
  const value = text('value' in input ? input.value : page.values?.[input.name]);
  const error = (input.errors ?? page.errors)?.[input.name] ?? '';
  const hint = input.hint ?? '';
  return {
    id,
    name: input.name,
    label: input.label,
    kind: input.type ?? 'text',
    value,
    hint,
    error,
    describedBy: [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' '),
    required: input.required ?? false,
    wide: input.wide ?? false,
    rows: input.rows ?? 3,
    attributes: Object.entries(input.attrs ?? {}),
    options: (input.options ?? []).map(([choice, wording]) => ({
      value: text(choice),
      wording,
      selected: text(choice) === value,
    })),
  };
}
