/** A text of the pages by its key. */
type Text = (key: string, values?: Record<string, unknown>) => string;

/** An item of a list with its place in it. */
export interface Numbered<Item> {
  readonly item: Item;
  /** From 1. */
  readonly number: number;
  readonly first: boolean;
  readonly last: boolean;
}

/** A value of a select with its wording. */
export type Option = readonly [value: string, wording: string];

function viewHelpers(t: Text) {
  return {
    /** Pairs of names and values; none of null or undefined. */
    pairs: (record: object | null | undefined): [string, unknown][] => Object.entries(record ?? {}),
    /** Returns true if a record has any field, such as an error. */
    filled: (record: object | null | undefined): boolean => Object.keys(record ?? {}).length > 0,
    /** "a, b, c"; with `prefix` each value is worded by the text `prefix` + value. */
    commaList: (values: readonly string[], prefix?: string): string =>
      values.map((value) => (prefix === undefined ? value : t(prefix + value))).join(', '),
    /** "a · b": the parts that are there. */
    dotted: (...parts: readonly unknown[]): string =>
      parts
        .filter((part) => part !== undefined && part !== null && part !== false && part !== '')
        .join(' · '),
    /** Options of a select; with `prefix` each is worded by the text `prefix` + value. */
    optionsOf: (values: readonly string[], prefix?: string): Option[] =>
      values.map((value) => [value, prefix === undefined ? value : t(prefix + value)]),
    /** People or things as options of a select. */
    peopleOptions: (records: readonly { readonly id: string; readonly name: string }[]): Option[] =>
      records.map(({ id, name }) => [id, name || t('common.nameless')]),
    /** "a, b, c" of people; some may have no name. */
    namesOf: (people: readonly string[]): string =>
      people.map((name) => name || t('common.nameless')).join(', '),
    numbered: <Item>(items: readonly Item[]): Numbered<Item>[] =>
      items.map((item, index) => ({
        item,
        number: index + 1,
        first: index === 0,
        last: index === items.length - 1,
      })),
    includes: (values: readonly unknown[] | null | undefined, value: unknown): boolean =>
      values?.includes(value) ?? false,
    /** "?a=1&b=2" of the fields that have a value; the whole address when all are empty: "?". */
    queryOf: (fields: Readonly<Record<string, unknown>>): string => {
      const filled = Object.entries(fields).filter(
        ([, value]) => value !== undefined && value !== null && value !== '',
      );
      return `?${new URLSearchParams(Object.fromEntries(filled.map(([name, value]) => [name, String(value)]))).toString()}`;
    },
    /** Returns true if the path is the address or lies below it. */
    within: (path: string, address: string): boolean => path.startsWith(address),
  };
}

export type ViewHelpers = ReturnType<typeof viewHelpers>;

/** One per language. */
const made = new WeakMap<Text, ViewHelpers>();

/**
 * Returns what templates may call to print lists and records: they compute nothing themselves
 * (`npm run check:views`). Depends on the language alone.
 */
export function helpersOf(t: Text): ViewHelpers {
  const known = made.get(t);
  if (known !== undefined) return known;
  const helpers = viewHelpers(t);
  made.set(t, helpers);
  return helpers;
}
