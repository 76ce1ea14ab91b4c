import { EMPTY_ARRAY, encodeStringPrefix, encodeValue, invert } from '../key.js';
import { holdsString, Kind, kindOf } from '../compare.js';
import { isNumeric, toDouble } from '../numbers.js';
import type { Test, ValueNode } from '../query/ast.js';
import { literalPrefix } from '../query/regex.js';

/** One end of an interval of encoded values. `inclusive`: what begins with `bytes` lies inside. */
export interface Edge {
  readonly bytes: Buffer;
  readonly inclusive: boolean;
}

/** Values of one index component, in ascending encoding. */
export interface Interval {
  readonly lo: Edge;
  readonly hi: Edge;
  /** Exactly one value. */
  readonly point: boolean;
}

/** What a test says about the index entries of the documents that pass it. */
export interface Bounds {
  readonly intervals: readonly Interval[];
  /** Every entry inside belongs to a document that passes: nothing is left to verify. */
  readonly exact: boolean;
}

const EVERYTHING = Buffer.alloc(0);
export const UNBOUNDED: Interval = {
  lo: { bytes: EVERYTHING, inclusive: true },
  hi: { bytes: EVERYTHING, inclusive: true },
  point: false,
};

const pointOf = (bytes: Buffer): Interval => {
  const edge = { bytes, inclusive: true };
  return { lo: edge, hi: edge, point: true };
};

const within = (lo: Edge, hi: Edge): Interval => ({ lo, hi, point: false });

/** All values that begin with these bytes: a kind, or the strings with a prefix. */
const beginningWith = (bytes: Buffer): Interval => {
  const edge = { bytes, inclusive: true };
  return within(edge, edge);
};

const kindBytes = (kind: Kind): Buffer => Buffer.from([kind]);
const MINUS_INFINITY = encodeValue(-Infinity);

const NULL_POINT = pointOf(encodeValue(null));

/** Everything but null and missing. */
const NOT_NULL: readonly Interval[] = [
  within(UNBOUNDED.lo, { ...NULL_POINT.lo, inclusive: false }),
  within({ ...NULL_POINT.hi, inclusive: false }, UNBOUNDED.hi),
];

/**
 * @param collated strings are compared under a collation, which the index does not know
 * @returns undefined when the index cannot narrow the search
 */
export function boundsOf(test: Test, collated: boolean): Bounds | undefined {
  switch (test.op) {
    case 'eq':
      return equality(test.value, collated);
    case 'in': {
      const parts = test.values.map((value) => equality(value, collated));
      if (parts.some((part) => part === undefined)) return undefined;
      const intervals = parts.flatMap((part) => part?.intervals ?? []);
      const patterns = test.patterns.flatMap(patternIntervals);
      return {
        intervals: [...intervals, ...patterns],
        exact: patterns.length === 0 && parts.every((part) => part?.exact),
      };
    }
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return range(test.op, test.value, collated);
    case 'regex':
      return { intervals: patternIntervals(test.pattern), exact: false };
    case 'mod':
      return { intervals: [beginningWith(kindBytes(Kind.Number))], exact: false };
    case 'elemMatchValue':
      return allOf(test.node, collated);
    case 'exists':
    case 'type':
    case 'size':
    case 'elemMatchObject':
      return undefined;
  }
}

/** Of a negated test: `$exists: false` and `$ne: null`. */
export function negatedBounds(test: Test): Bounds | undefined {
  if (test.op === 'exists') return { intervals: [NULL_POINT], exact: false };
  if (test.op === 'eq' && kindOf(test.value) === Kind.Null) return { intervals: NOT_NULL, exact: false };
  return undefined;
}

/** True when a document that passes has the field, and it is not null. */
export function impliesPresence(test: Test): boolean {
  switch (test.op) {
    case 'eq':
    case 'lte':
    case 'gte':
      return kindOf(test.value) !== Kind.Null;
    case 'in':
      return test.values.every((value) => kindOf(value) !== Kind.Null);
    case 'type':
      return !test.types.has('null');
    case 'exists':
      // The field may be null; a sparse index holds it all the same.
      return true;
    default:
      return true;
  }
}

function equality(value: unknown, collated: boolean): Bounds | undefined {
  if (collated && holdsString(value)) return undefined;
  const kind = kindOf(value);
  if (kind === Kind.Array) {
    // Indexed by its elements; and as a whole where it is an element of another array.
    const array = value as unknown[];
    const first = array.length === 0 ? EMPTY_ARRAY : array[0];
    return { intervals: [pointOf(encodeValue(first)), pointOf(encodeValue(array))], exact: false };
  }
  // An index holds null for missing too, and for what an array of plain values lacks.
  return { intervals: [pointOf(encodeValue(value))], exact: kind !== Kind.Null };
}

function range(op: 'lt' | 'lte' | 'gt' | 'gte', value: unknown, collated: boolean): Bounds | undefined {
  const kind = kindOf(value);
  const orEqual = op === 'lte' || op === 'gte';
  if (kind === Kind.Null) return orEqual ? equality(null, false) : { intervals: [], exact: true };
  if (kind === Kind.MinKey || kind === Kind.MaxKey || kind === Kind.Array) return undefined;
  if (collated && (kind === Kind.String || holdsString(value))) return undefined;
  const edge: Edge = { bytes: encodeValue(value), inclusive: orEqual };
  if (isNumeric(value) && Number.isNaN(toDouble(value))) {
    return { intervals: orEqual ? [pointOf(edge.bytes)] : [], exact: true };
  }
  const bracket = beginningWith(kindBytes(kind));
  // NaN lies below all numbers in the index, but in no range.
  const bottom = kind === Kind.Number ? { bytes: MINUS_INFINITY, inclusive: true } : bracket.lo;
  const interval = op === 'lt' || op === 'lte' ? within(bottom, edge) : within(edge, bracket.hi);
  return { intervals: [interval], exact: true };
}

function patternIntervals(pattern: RegExp): Interval[] {
  const prefix = literalPrefix(pattern);
  const strings = prefix === '' ? kindBytes(Kind.String) : encodeStringPrefix(prefix);
  // A stored regular expression that is the same one matches too.
  return [beginningWith(strings), beginningWith(kindBytes(Kind.Regex))];
}

/** Several tests of the same element. */
function allOf(node: ValueNode, collated: boolean): Bounds | undefined {
  if (node.kind === 'test') {
    const bounds = boundsOf(node.test, collated);
    return bounds && { ...bounds, exact: false };
  }
  if (node.kind !== 'and') return undefined;
  let result: Bounds | undefined;
  for (const inner of node.nodes) {
    const bounds = allOf(inner, collated);
    if (!bounds) continue;
    result = result ? { intervals: intersect(result.intervals, bounds.intervals), exact: false } : bounds;
  }
  return result;
}

/** Where a key range begins and ends: [lo, hi) in bytes. */
export interface ByteRange {
  readonly lo: Buffer;
  readonly hi: Buffer;
}

/** Above every key, as no component begins with FF. */
const PAST = Buffer.from([0xff]);

/** The least byte string above all that begin with these bytes. */
function after(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0xff) end--;
  if (end === 0) return PAST;
  const next = Buffer.from(bytes.subarray(0, end));
  next[end - 1] = (next[end - 1] ?? 0) + 1;
  return next;
}

const from = ({ bytes, inclusive }: Edge): Buffer => (inclusive ? bytes : after(bytes));
const until = ({ bytes, inclusive }: Edge): Buffer => (inclusive ? after(bytes) : bytes);

export function intersect(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const x of a) {
    for (const y of b) {
      const lo = Buffer.compare(from(x.lo), from(y.lo)) >= 0 ? x.lo : y.lo;
      const hi = Buffer.compare(until(x.hi), until(y.hi)) <= 0 ? x.hi : y.hi;
      if (Buffer.compare(from(lo), until(hi)) >= 0) continue;
      result.push({ lo, hi, point: x.point || y.point });
    }
  }
  return result;
}

/** The key range of `prefix` followed by one component. */
export function byteRange(prefix: Buffer, interval: Interval, descending: boolean): ByteRange {
  let { lo, hi } = interval;
  if (descending) {
    [lo, hi] = [
      { ...hi, bytes: invert(hi.bytes) },
      { ...lo, bytes: invert(lo.bytes) },
    ];
  }
  return { lo: Buffer.concat([prefix, from(lo)]), hi: Buffer.concat([prefix, until(hi)]) };
}

/** In key order, overlaps joined. */
export function tidy(ranges: readonly ByteRange[]): ByteRange[] {
  const sorted = [...ranges].sort((a, b) => Buffer.compare(a.lo, b.lo));
  const result: ByteRange[] = [];
  for (const range of sorted) {
    const last = result.at(-1);
    if (last && Buffer.compare(range.lo, last.hi) < 0) {
      if (Buffer.compare(range.hi, last.hi) > 0) result[result.length - 1] = { lo: last.lo, hi: range.hi };
    } else {
      result.push(range);
    }
  }
  return result;
}
