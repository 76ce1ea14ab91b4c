import { isPlainObject, plainValue } from '../bson.js';
import { splitPath } from '../paths.js';
import type { Node } from './ast.js';

/** Field → value, for a filter that asks for nothing but equal plain values. */
export type Equalities = ReadonlyMap<string, unknown>;

/**
 * Most filters are `{ _id }` or the fields of a unique index. Read here, they need no round through BSON, and
 * a unique index can answer them with one key.
 * @returns undefined for any other filter: the general reader judges it
 */
export function plainEqualities(filter: unknown): Equalities | undefined {
  if (!isPlainObject(filter)) return undefined;
  const equalities = new Map<string, unknown>();
  for (const [name, value] of Object.entries(filter)) {
    const plain = plainValue(value);
    if (plain === undefined || name === '' || name === '__proto__' || name.startsWith('$')) return undefined;
    equalities.set(name, plain);
  }
  return equalities.size === 0 ? undefined : equalities;
}

/** The same filter, for the planner and the matcher. */
export function nodeOf(equalities: Equalities): Node {
  const nodes = [...equalities].map(([path, value]): Node => ({
    kind: 'path',
    path,
    parts: splitPath(path),
    test: { op: 'eq', value },
  }));
  return nodes.length === 1 && nodes[0] ? nodes[0] : { kind: 'and', nodes };
}
