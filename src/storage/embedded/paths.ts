import { field, isDocument, type Doc } from './bson.js';
import { EMPTY_ARRAY } from './key.js';

/** A dotted path, split once: `a.b.0`. */
export type Path = readonly string[];

export const splitPath = (path: string): Path => path.split('.');

/** The array position a path component may name, or −1. */
export const arrayIndex = (component: string): number =>
  /^(0|[1-9]\d{0,9})$/.test(component) ? Number(component) : -1;

export type ValueTest = (value: unknown) => boolean;

/**
 * Whether any value a query path reaches passes the test. As in MongoDB: a path walks through the elements of
 * arrays and through array positions; a missing end is tested as undefined; an array walked through in which
 * nothing is found is not tested at all.
 * @param leaves true to test the elements of an array at the end as well as the array itself
 */
export function anyValue(doc: Doc, path: Path, at: number, leaves: boolean, test: ValueTest): boolean {
  const value = field(doc, path[at] ?? '');
  if (at === path.length - 1) {
    if (leaves && Array.isArray(value) && value.some(test)) return true;
    return test(value);
  }
  if (Array.isArray(value)) return anyInArray(value, path, at + 1, leaves, test);
  return isDocument(value) ? anyValue(value, path, at + 1, leaves, test) : test(undefined);
}

function anyInArray(array: unknown[], path: Path, at: number, leaves: boolean, test: ValueTest): boolean {
  for (const element of array) {
    if (isDocument(element) && anyValue(element, path, at, leaves, test)) return true;
  }
  const position = arrayIndex(path[at] ?? '');
  if (position < 0 || position >= array.length) return false;
  const element: unknown = array[position];
  // Named by position, an array is one value: its elements are not walked.
  if (at === path.length - 1) return test(element);
  if (Array.isArray(element)) return anyInArray(element, path, at + 1, leaves, test);
  return isDocument(element) ? anyValue(element, path, at + 1, leaves, test) : false;
}

/** Two arrays side by side under one compound index or sort, which MongoDB refuses too. */
export class ParallelArrays extends Error {
  override readonly name = 'ParallelArrays';
  constructor(readonly paths: readonly [string, string]) {
    super(`cannot index parallel arrays [${paths[0]}] [${paths[1]}]`);
  }
}

export interface ExtractedKeys {
  /** One tuple of component values per index key; at least one. */
  readonly tuples: readonly (readonly unknown[])[];
  /** Bit i is set when an array was met on the way to component i. */
  readonly multikey: number;
  /** True when at least one component was there, be it null. */
  readonly present: boolean;
}

interface Slot {
  value: unknown;
  /** Components of the path that are still ahead. */
  at: number;
  done: boolean;
}

/**
 * The index keys of a document: one tuple, or one per element of the array met on the paths. The sort key of
 * a document is the first or last of these.
 * @throws ParallelArrays
 */
export function extractKeys(doc: Doc, paths: readonly Path[]): ExtractedKeys {
  const single = plainTuple(doc, paths);
  if (single) return single;
  const tuples: unknown[][] = [];
  const state = { multikey: 0, present: false };
  expand(
    paths.map(() => ({ value: doc, at: 0, done: false })),
    paths,
    tuples,
    state,
  );
  return { tuples, multikey: state.multikey, present: state.present };
}

/** The common case without arrays; undefined as soon as one is met. */
function plainTuple(doc: Doc, paths: readonly Path[]): ExtractedKeys | undefined {
  const tuple: unknown[] = [];
  let present = false;
  for (const path of paths) {
    let value: unknown = doc;
    for (const name of path) {
      value = isDocument(value) ? field(value, name) : undefined;
      if (Array.isArray(value)) return undefined;
      if (value === undefined) break;
    }
    if (value !== undefined) present = true;
    tuple.push(value);
  }
  return { tuples: [tuple], multikey: 0, present };
}

function expand(
  slots: Slot[],
  paths: readonly Path[],
  tuples: unknown[][],
  state: { multikey: number; present: boolean },
): void {
  let array: unknown[] | undefined;
  let arrayPath = '';
  slots.forEach((slot, i) => {
    advance(slot, paths[i] ?? []);
    if (slot.done || !Array.isArray(slot.value)) return;
    const path = (paths[i] ?? []).slice(0, slot.at).join('.');
    if (array !== undefined && array !== slot.value) throw new ParallelArrays([arrayPath, path]);
    array = slot.value;
    arrayPath = path;
    state.multikey |= 1 << i;
  });
  if (array === undefined) {
    tuples.push(slots.map((slot) => slot.value));
    if (slots.some((slot) => slot.value !== undefined)) state.present = true;
    return;
  }
  const elements = array.length === 0 ? [EMPTY_ARRAY] : array;
  for (const element of elements) {
    const next = slots.map((slot, i) => {
      if (slot.value !== array || slot.done) return { ...slot };
      const ended = slot.at === (paths[i] ?? []).length;
      // An array inside an array is one value at the end of the path, and nothing on the way.
      if (ended) return { value: element, at: slot.at, done: true };
      return isDocument(element)
        ? { value: element, at: slot.at, done: false }
        : { value: undefined, at: slot.at, done: true };
    });
    expand(next, paths, tuples, state);
  }
}

/** Walks on until the end of the path, an array to spread, or nothing. */
function advance(slot: Slot, path: Path): void {
  while (!slot.done) {
    const name = path[slot.at];
    if (Array.isArray(slot.value)) {
      const position = name === undefined ? -1 : arrayIndex(name);
      if (position < 0) return;
      slot.value = slot.value[position];
    } else if (name === undefined) {
      slot.done = true;
      return;
    } else {
      slot.value = isDocument(slot.value) ? field(slot.value, name) : undefined;
    }
    slot.at++;
    if (slot.value === undefined) slot.done = true;
  }
}
