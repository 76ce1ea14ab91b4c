import {
  EXPORT_FORMATS,
  isFigure,
  tableRow,
  type Column,
  type ExportFormat,
  type Reader,
  type TableCell,
} from '../export/index.js';
import type { List, SortSpec, Wanted } from './define.js';
import type { Choice, Filter, FilterView, QueryState } from './filters.js';

type Filters = Readonly<Record<string, Filter<unknown>>>;

/** A link that orders the list; the current one turns the order round. */
export interface SortLink {
  readonly text: string;
  readonly href: string;
  /** Null where the list is ordered by something else. */
  readonly direction: 'ascending' | 'descending' | null;
}

export interface Heading {
  readonly text: string;
  readonly figure: boolean;
  readonly sort: SortLink | null;
}

export interface TableView {
  readonly headings: readonly Heading[];
  readonly rows: readonly (readonly TableCell[])[];
}

/** Everything around a list's rows, for `partials/list`: no JSON client needs it. */
export interface ListView {
  /** Path of the page. */
  readonly action: string;
  readonly filters: readonly FilterView[];
  /** What the filter form keeps besides. */
  readonly hidden: readonly (readonly [name: string, value: string])[];
  /** Whether anything is filtered. */
  readonly filtered: boolean;
  /** For lists without a table. */
  readonly sorts: readonly SortLink[];
  readonly table: TableView | null;
  /** Null where the list's length is not known. */
  readonly total: number | null;
  readonly pager: {
    /** Null for lists without page numbers. */
    readonly number: { readonly page: number; readonly pages: number } | null;
    readonly first: string | null;
    readonly previous: string | null;
    readonly next: string | null;
  };
  readonly exports: ExportView | null;
}

export interface ExportView {
  readonly label: string;
  readonly action: string;
  readonly links: readonly { readonly format: ExportFormat; readonly href: string }[];
  readonly hidden: readonly (readonly [name: string, value: string])[];
  readonly columns: readonly { readonly key: string; readonly text: string }[];
}

/** What was found: a page of a known number, or some rows and the place after them. */
export type FoundRows =
  | { readonly page: number; readonly pages: number; readonly total?: number | undefined }
  | { readonly next: string | null };

export interface ShownList<Row> {
  /** Path of the page. */
  readonly action: string;
  readonly found: FoundRows;
  /** What record filters offer, by the filter's name. */
  readonly choices?: Readonly<Record<string, readonly Choice[]>>;
  /** Filters that this page has no use for: nothing to choose from. */
  readonly without?: readonly string[];
  /** Rows as a table; a list without it prints its rows with a partial of its own. */
  readonly table?: { readonly columns: readonly Column<Row>[]; readonly rows: readonly Row[] };
  readonly exports?: ExportSource;
}

/** Describes a list's form, headings, pages and exports. */
export function listView<Made extends Filters, Sort extends string, Cursor, Row = never>(
  list: List<Made, Sort, Cursor>,
  wanted: Wanted<Made, Sort, Cursor>,
  reader: Reader,
  shown: ShownList<Row>,
): ListView {
  const { state } = wanted;
  const views = Object.entries<Filter<unknown>>(list.spec.filters)
    .filter(([name]) => shown.without?.includes(name) !== true)
    .flatMap(([name, filter]) => filter.show(name, state, reader.t, shown.choices?.[name] ?? []) ?? []);
  const onForm = new Set(views.flatMap(namesOf));
  const sorts = new Map(sortLinks(list, wanted, reader, shown.action));
  const { sort: _sort, ...filtering } = state;
  return {
    action: shown.action,
    filters: views,
    hidden: Object.entries(state).filter(([name]) => !onForm.has(name)),
    filtered: Object.keys(filtering).length > 0,
    sorts: [...sorts.values()],
    table: shown.table ? tableView(shown.table, sorts, reader) : null,
    total: ('total' in shown.found ? shown.found.total : undefined) ?? null,
    pager: pagerOf(shown, state, wanted.after !== null),
    exports: shown.exports ? exportView(shown.exports, state, reader) : null,
  };
}

const namesOf = (view: FilterView): string[] =>
  view.kind === 'range' ? [view.from.name, view.to.name] : [view.name];

/** An address with these parameters; the path alone where there is none. */
export function address(path: string, parameters: QueryState): string {
  const query = new URLSearchParams(parameters).toString();
  return query === '' ? path : `${path}?${query}`;
}

function sortLinks<Made extends Filters, Sort extends string, Cursor>(
  { spec }: List<Made, Sort, Cursor>,
  { sort, state }: Wanted<Made, Sort, Cursor>,
  { t }: Reader,
  action: string,
): [string, SortLink][] {
  return Object.entries<SortSpec>(spec.sorts ?? {}).map(([key, { heading, descendingFirst }]) => {
    const current = key === (sort.key as string);
    const descending = current ? !sort.descending : descendingFirst === true;
    return [
      key,
      {
        text: t(heading),
        href: address(action, { ...state, sort: `${descending ? '-' : ''}${key}` }),
        direction: current ? (sort.descending ? 'descending' : 'ascending') : null,
      },
    ];
  });
}

const tableView = <Row>(
  { columns, rows }: { readonly columns: readonly Column<Row>[]; readonly rows: readonly Row[] },
  sorts: ReadonlyMap<string, SortLink>,
  reader: Reader,
): TableView => ({
  headings: columns.map((column) => ({
    text: reader.t(column.heading),
    figure: isFigure(column),
    sort: sorts.get(column.key) ?? null,
  })),
  rows: rows.map((row) => tableRow(columns, row, reader)),
});

function pagerOf<Row>(
  { action, found }: ShownList<Row>,
  state: QueryState,
  begun: boolean,
): ListView['pager'] {
  if ('next' in found) {
    return {
      number: null,
      first: begun ? address(action, state) : null,
      previous: null,
      next: found.next === null ? null : address(action, { ...state, after: found.next }),
    };
  }
  const { page, pages } = found;
  const to = (number: number): string => address(action, { ...state, page: String(number) });
  return {
    number: pages > 1 ? { page, pages } : null,
    first: null,
    previous: page > 1 ? to(page - 1) : null,
    next: page < pages ? to(page + 1) : null,
  };
}

/** Where a list is saved as a file. */
export interface ExportSource {
  /** Path of the route that answers with the file. */
  readonly action: string;
  /** To choose from. */
  readonly columns: readonly Column<never>[];
  /** i18n key; "Download the list" if not said. */
  readonly label?: string;
}

/** Links that save a list as a file, and the columns to choose from, for `partials/list-exports`. */
export const exportView = (
  { action, columns, label = 'lists.save' }: ExportSource,
  state: QueryState,
  { t }: Pick<Reader, 't'>,
): ExportView => ({
  action,
  label: t(label),
  links: EXPORT_FORMATS.map((format) => ({ format, href: address(action, { ...state, format }) })),
  hidden: Object.entries(state),
  columns: columns.map(({ key, heading }) => ({ key, text: t(heading) })),
});
