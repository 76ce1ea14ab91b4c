import type { IndexInfo } from '../catalog.js';
import type { Constraint } from './constraints.js';
import { byteRange, intersect, tidy, UNBOUNDED, type ByteRange, type Interval } from './intervals.js';
import { impliesPartial } from './partial.js';
import type { IndexPlan, SortSpec } from './plan.js';

/** More key ranges than this are not worth it: the next field is left to verification. */
const MAX_RANGES = 500;

export interface IndexPlanRequest {
  readonly index: IndexInfo;
  readonly constraints: readonly Constraint[];
  /** How many conjuncts the filter has: all must be covered for the plan to be exact. */
  readonly conjuncts: number;
  readonly sort: SortSpec;
  /** Strings are ordered by a collation, which the index does not follow. */
  readonly collated: boolean;
}

/** How to use one index for a filter and an order; undefined when it may lack documents that match. */
export function planIndex(request: IndexPlanRequest): IndexPlan | undefined {
  const { index, constraints, sort, collated } = request;
  if (!holdsAllMatches(index, constraints, collated)) return undefined;
  const components = boundComponents(index, constraints);
  const { ranges, used } = combine(index, components);
  const bound = components.slice(0, used);
  const pinned = bound.filter(({ intervals }) => intervals.every((interval) => interval.point)).length;
  const order = collated ? undefined : orderOf(index, components, used, sort);
  const covered = new Set(
    bound.flatMap(({ constraint }) => constraint.filter(isExact).map(({ source }) => source)),
  );
  return {
    kind: 'index',
    index,
    ranges,
    reverse: order === 'reverse',
    repeats: index.multikey !== 0,
    exact: covered.size === request.conjuncts,
    sorted: sort.length === 0 || order !== undefined,
    pinned,
    ranged: used - pinned,
    uses: new Set(bound.flatMap(({ constraint }) => constraint)),
  };
}

/** What one `$elemMatch` says of one field is only part of it. */
const isExact = ({ bounds, element }: Constraint): boolean => element === 0 && bounds?.exact === true;

function holdsAllMatches(index: IndexInfo, constraints: readonly Constraint[], collated: boolean): boolean {
  const { sparse, partialFilterExpression } = index.spec;
  if (partialFilterExpression && !impliesPartial(partialFilterExpression, constraints, collated))
    return false;
  if (sparse !== true) return true;
  // An entry is there as soon as one of the fields is.
  return constraints.some(
    ({ path, present, negated }) =>
      present && index.fields.includes(path) && !(negated && isMultikey(index, index.fields.indexOf(path))),
  );
}

const isMultikey = (index: IndexInfo, component: number): boolean =>
  ((index.multikey >> component) & 1) === 1;

interface Component {
  readonly intervals: readonly Interval[];
  /** The constraints that these intervals express. */
  readonly constraint: readonly Constraint[];
}

const FREE: Component = { intervals: [UNBOUNDED], constraint: [] };

/** The intervals of every field of the index, as far as they may be used together. */
function boundComponents(index: IndexInfo, constraints: readonly Constraint[]): Component[] {
  const chosen: Component[] = [];
  index.fields.forEach((name, i) => {
    const candidates = constraints.filter(
      ({ path, bounds, negated, test }) =>
        path === name && bounds !== undefined && !(negated && test.op === 'eq' && isMultikey(index, i)),
    );
    chosen.push(isMultikey(index, i) ? chooseOne(index, i, candidates, chosen) : intersectAll(candidates));
  });
  return chosen;
}

/** A plain field has one value: all constraints hold for it. */
function intersectAll(candidates: readonly Constraint[]): Component {
  let intervals: readonly Interval[] = [UNBOUNDED];
  for (const { bounds } of candidates) if (bounds) intervals = intersect(intervals, bounds.intervals);
  return { intervals, constraint: candidates };
}

/**
 * Two constraints on an array may be met by two of its elements, so only one can be looked up. And two fields
 * of the same array go together only when one `$elemMatch` ties them to one element.
 */
function chooseOne(
  index: IndexInfo,
  component: number,
  candidates: readonly Constraint[],
  earlier: readonly Component[],
): Component {
  const root = index.paths[component]?.[0];
  const tied = earlier.flatMap((other, i) =>
    isMultikey(index, i) && index.paths[i]?.[0] === root ? other.constraint : [],
  );
  const allowed = candidates.filter(({ element }) =>
    tied.every((other) => element !== 0 && other.element === element),
  );
  const best = allowed.toSorted((a, b) => narrowness(a) - narrowness(b))[0];
  return best?.bounds ? { intervals: best.bounds.intervals, constraint: [best] } : FREE;
}

/** Single values before ranges closed on both sides before open ones. */
function narrowness({ bounds }: Constraint): number {
  const intervals = bounds?.intervals ?? [];
  return intervals.every((interval) => interval.point) ? intervals.length : 1000 + intervals.length;
}

/** Multiplies pinned fields out; the first ranged field is the last that narrows. */
function combine(
  index: IndexInfo,
  components: readonly Component[],
): { ranges: readonly ByteRange[]; used: number } {
  let prefixes: Buffer[] = [Buffer.alloc(0)];
  for (const [i, { intervals }] of components.entries()) {
    const free = intervals.length === 1 && intervals[0] === UNBOUNDED;
    if (free || prefixes.length * intervals.length > (i === 0 ? Infinity : MAX_RANGES)) {
      return { ranges: close(prefixes), used: i };
    }
    const descending = index.descending[i] === true;
    const ranges = prefixes.flatMap((prefix) =>
      intervals.map((interval) => byteRange(prefix, interval, descending)),
    );
    if (!intervals.every((interval) => interval.point)) return { ranges: tidy(ranges), used: i + 1 };
    // The range of a point begins with its key.
    prefixes = dedupe(ranges.map(({ lo }) => lo));
  }
  return { ranges: close(prefixes), used: components.length };
}

const close = (prefixes: readonly Buffer[]): ByteRange[] =>
  tidy(prefixes.map((prefix) => byteRange(prefix, UNBOUNDED, false)));

function dedupe(keys: readonly Buffer[]): Buffer[] {
  const sorted = [...keys].sort((a, b) => Buffer.compare(a, b));
  return sorted.filter((key, i) => i === 0 || !key.equals(sorted[i - 1] ?? key));
}

/** Returns true if reading the ranges forward, or backward, gives the order asked for. */
function orderOf(
  index: IndexInfo,
  components: readonly Component[],
  used: number,
  sort: SortSpec,
): 'forward' | 'reverse' | undefined {
  const bound = components.slice(0, used);
  const pinned = (i: number): boolean => {
    const intervals = bound[i]?.intervals ?? [];
    return intervals.length === 1 && intervals[0]?.point === true;
  };
  const arrays = bound.flatMap((_, i) => (isMultikey(index, i) ? [i] : []));
  let at = 0;
  let reverse: boolean | undefined;
  for (const [name, direction] of sort) {
    const position = index.fields.indexOf(name);
    if (position >= 0 && pinned(position) && !isMultikey(index, position)) continue;
    while (index.fields[at] !== name && pinned(at)) at++;
    if (index.fields[at] !== name) return undefined;
    // An array is ordered by its least or greatest element, not by the one that was looked for.
    if (isMultikey(index, at) && arrays.length > 0) return undefined;
    const backward = (direction === -1) !== (index.descending[at] === true);
    if (reverse !== undefined && reverse !== backward) return undefined;
    reverse = backward;
    at++;
  }
  return reverse === true ? 'reverse' : 'forward';
}
