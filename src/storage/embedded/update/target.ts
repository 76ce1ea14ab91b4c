import { field, isDocument, setField, type Doc } from '../bson.js';
import { ErrorCode, serverError, show } from '../errors.js';
import { arrayIndex } from '../paths.js';

/** What an operator does with a value: a new one, or one of these. */
export const KEEP = Symbol('keep');
export const REMOVE = Symbol('remove');

/** @param current undefined when the field is missing. Returns the new value, KEEP or REMOVE. */
export type Change = (current: unknown) => unknown;

/** Arrays are filled with nulls up to a new position; no further than this, as in MongoDB. */
const LARGEST_GAP = 1_500_000;

/**
 * Applies a change at a path, in place. Missing objects on the way are made when there is a value to hold.
 * @param creates whether the operator may make the field; one that may not passes over what is in its way
 * @throws MongoServerError (PathNotViable) when a plain value or an array is in the way
 */
export function changeAt(doc: Doc, path: readonly string[], creates: boolean, change: Change): void {
  let holder: Doc | unknown[] = doc;
  for (const [i, name] of path.entries()) {
    const value = childOf(holder, name);
    if (value === BLOCKED) {
      if (creates) throw notViable(name, path[i - 1] ?? '', holder);
      return;
    }
    if (i === path.length - 1) {
      store(holder, name, change(value));
      return;
    }
    if (value === undefined) {
      const made = change(undefined);
      if (made !== KEEP && made !== REMOVE) store(holder, name, nest(path.slice(i + 1), made));
      return;
    }
    if (!isDocument(value) && !Array.isArray(value)) {
      if (creates) throw notViable(path[i + 1] ?? '', name, value);
      return;
    }
    holder = value;
  }
}

const BLOCKED = Symbol('an array has no such field');

function childOf(holder: Doc | unknown[], name: string): unknown {
  if (!Array.isArray(holder)) return field(holder, name);
  const position = arrayIndex(name);
  return position < 0 ? BLOCKED : holder[position];
}

const notViable = (name: string, parent: string, holder: unknown): Error =>
  serverError(
    ErrorCode.PathNotViable,
    `Cannot create field '${name}' in element {${parent}: ${show(holder)}}`,
  );

const nest = (path: readonly string[], value: unknown): unknown =>
  path.reduceRight<unknown>((inner, name) => {
    const holder: Doc = {};
    setField(holder, name, inner);
    return holder;
  }, value);

function store(holder: Doc | unknown[], name: string, value: unknown): void {
  if (value === KEEP) return;
  if (!Array.isArray(holder)) {
    if (value === REMOVE) Reflect.deleteProperty(holder, name);
    else setField(holder, name, value);
    return;
  }
  const position = arrayIndex(name);
  if (value === REMOVE) {
    // An array keeps its positions.
    if (position < holder.length) holder[position] = null;
    return;
  }
  if (position - holder.length > LARGEST_GAP) {
    throw serverError(ErrorCode.BadValue, `can't backfill more than ${LARGEST_GAP} elements`);
  }
  while (holder.length < position) holder.push(null);
  holder[position] = value;
}

/** The value at a path without spreading over arrays; undefined when missing. */
export function valueAtPath(doc: Doc, path: readonly string[]): unknown {
  let value: unknown = doc;
  for (const name of path) {
    if (Array.isArray(value)) value = arrayIndex(name) < 0 ? undefined : value[arrayIndex(name)];
    else value = isDocument(value) ? field(value, name) : undefined;
  }
  return value;
}
