import { z } from 'zod';
import { badInput } from '../../shared/errors.js';
import { parse, whole } from '../../web/parse.js';
import { orBlank, type Filter, type FilterValue, type QueryState } from './filters.js';

type Filters = Readonly<Record<string, Filter<unknown>>>;

/** How rows can be ordered. */
export interface SortSpec {
  /** i18n key of the heading or of the link. */
  readonly heading: string;
  /** The direction that the first click asks for: newest first, best first. */
  readonly descendingFirst?: boolean;
}

export interface ListSpec<Made extends Filters, Sort extends string, Cursor> {
  readonly filters: Made;
  /** By key; a table's column of the same key gets the link in its heading. Absent: the list has one order. */
  readonly sorts?: Readonly<Record<Sort, SortSpec>>;
  /** What an address without `sort` means: a key, with a minus for descending. Needed where there are `sorts`. */
  readonly order?: NoInfer<Sort | `-${Sort}`>;
  /** Rows of a page. */
  readonly size?: number;
  /** Pages that can be asked for; a deeper one costs the store as much as all before it. */
  readonly mostPages?: number;
  /** For long lists: how a place in them (`after`) is written in an address, in place of a page's number. */
  readonly cursor?: z.ZodType<Cursor>;
}

/** What an address asks a list for. */
export interface Wanted<Made extends Filters = Filters, Sort extends string = string, Cursor = unknown> {
  /** Only filters that are set. */
  readonly filters: { readonly [Name in keyof Made]?: FilterValue<Made[Name]> };
  /** Meaningless where the list has no `sorts`. */
  readonly sort: { readonly key: Sort; readonly descending: boolean };
  /** From 1. */
  readonly page: number;
  /** Where the page before ended; null at the beginning. */
  readonly after: Cursor | null;
  /** Parameters of the filters and of the order that are set: for links and hidden fields. */
  readonly state: QueryState;
}

/** A list: its filters, orders and pages, declared once. */
export interface List<Made extends Filters = Filters, Sort extends string = string, Cursor = unknown> {
  readonly spec: ListSpec<Made, Sort, Cursor>;
  readonly size: number;
  /**
   * Reads what an address or a form asks for; what it does not know is ignored.
   * @throws DomainError `bad-input` naming the parameter that is wrong
   */
  parse(query: unknown, reader: { readonly zone: string }): Wanted<Made, Sort, Cursor>;
}

const SIZE = 40;
const MOST_PAGES = 1_000;

export function defineList<const Made extends Filters, const Sort extends string = never, Cursor = never>(
  spec: ListSpec<Made, Sort, Cursor>,
): List<Made, Sort, Cursor> {
  const filters = Object.entries<Filter<unknown>>(spec.filters);
  const keys = Object.keys(spec.sorts ?? {}) as Sort[];
  const schema = z.object({
    ...Object.assign({}, ...filters.map(([name, filter]) => filter.parameters(name))),
    sort: orBlank(z.enum(keys.flatMap((key) => [key, `-${key}`] as const))),
    page: whole(1, spec.mostPages ?? MOST_PAGES).default(1),
    after: spec.cursor?.optional() ?? z.undefined().catch(undefined),
  });
  const stateNames = [
    ...filters.flatMap(([name, filter]) => Object.keys(filter.parameters(name))),
    ...(keys.length > 0 ? ['sort'] : []),
  ];

  return {
    spec,
    size: spec.size ?? SIZE,
    parse(query, reader) {
      const parsed: Record<string, unknown> = parse(schema, query);
      for (const [name, filter] of filters) {
        const wrong = filter.check?.(name, parsed) ?? null;
        if (wrong !== null) throw badInput({ [wrong[0]]: wrong[1] });
      }
      const values = filters.flatMap(([name, filter]) => {
        const value = filter.read(name, parsed, reader);
        return value === undefined ? [] : [[name, value] as const];
      });
      return {
        filters: Object.fromEntries(values) as Wanted<Made>['filters'],
        sort: sortOf((parsed.sort as Sort | `-${Sort}` | undefined) ?? spec.order ?? ('' as Sort)),
        page: parsed.page as number,
        after: (parsed.after as Cursor | undefined) ?? null,
        state: stateOf(stateNames, query),
      };
    },
  };
}

const sortOf = <Sort extends string>(order: Sort | `-${Sort}`): { key: Sort; descending: boolean } =>
  order.startsWith('-')
    ? { key: order.slice(1) as Sort, descending: true }
    : { key: order as Sort, descending: false };

/** The parameters as they came, for they have proved right: written again, they mean the same. */
function stateOf(names: readonly string[], query: unknown): QueryState {
  const sent = (query ?? {}) as Readonly<Record<string, unknown>>;
  const set = names.flatMap((name) => {
    const value = sent[name];
    return typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()] as const] : [];
  });
  return Object.fromEntries(set);
}
