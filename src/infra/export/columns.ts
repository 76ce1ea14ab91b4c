import type { Locale, Translate } from '../../i18n/index.js';
import { badInput } from '../../shared/errors.js';

/** For whom a table is written: language, and the zone that dates are shown in. A page's context is one. */
export interface Reader {
  readonly t: Translate;
  readonly locale: Locale;
  /** IANA name. */
  readonly zone: string;
}

/** What a column's values are. Every format writes each kind in its own way. */
interface Values {
  readonly text: string;
  readonly number: number;
  readonly date: Date;
  /** Milliseconds. */
  readonly duration: number;
}

export type ColumnKind = keyof Values;

interface ColumnOf<Row, Kind extends ColumnKind> {
  /** Name in addresses and in JSON. Letters only. */
  readonly key: string;
  /** i18n key of the heading. */
  readonly heading: string;
  /** Values in the heading: the number of a question, say. */
  readonly headingValues?: Readonly<Record<string, unknown>>;
  readonly kind: Kind;
  /** Null where there is nothing to say: the cell stays empty. */
  readonly value: (row: Row, reader: Reader) => Values[Kind] | null;
  /** The cell's text on HTML pages, where it says more than the value: "8 / 10". Null: as the value is written. */
  readonly shown?: (row: Row, reader: Reader) => string | null;
  /** Address that the cell leads to, on HTML pages. */
  readonly link?: (row: Row) => string | null;
  /** Shown as a badge on HTML pages. */
  readonly tone?: (row: Row) => Tone | null;
}

export type Tone = 'neutral' | 'good' | 'bad' | 'wait';

/** A column of a table, declared once for all formats. */
export type Column<Row> = { readonly [Kind in ColumnKind]: ColumnOf<Row, Kind> }[ColumnKind];

/** A cell's value beside its kind; `Value` of a kind, or null. */
export type Cell = {
  readonly [Kind in ColumnKind]: { readonly kind: Kind; readonly value: Values[Kind] | null };
}[ColumnKind];

export function cellOf<Row>(column: Column<Row>, row: Row, reader: Reader): Cell {
  // The union's members pair kind and value, which a spread of the union would lose.
  return { kind: column.kind, value: column.value(row, reader) } as Cell;
}

export const headingsOf = <Row>(columns: readonly Column<Row>[], { t }: Reader): string[] =>
  columns.map(({ heading, headingValues }) => t(heading, headingValues));

/**
 * Picks columns by their keys, in the order in which they are asked for; all of them when none is named.
 * @throws DomainError `bad-input` for `columns` when a key is unknown
 */
export function chooseColumns<Row>(
  columns: readonly Column<Row>[],
  keys: readonly string[],
): readonly Column<Row>[] {
  if (keys.length === 0) return columns;
  return [...new Set(keys)].map((key) => {
    const column = columns.find((known) => known.key === key);
    if (column === undefined) throw badInput({ columns: 'errors.field.wrong' });
    return column;
  });
}
