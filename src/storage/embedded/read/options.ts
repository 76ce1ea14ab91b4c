import { isDocument } from '../bson.js';
import { badValue } from '../errors.js';
import { isNumeric, toDouble } from '../numbers.js';
import type { SortSpec } from '../plan/plan.js';

/**
 * Reads a sort in any form the driver takes: `{ a: 1, b: -1 }`, `[['a', 1]]`, `['a']`, `'a'`, a Map.
 * @throws MongoServerError for other directions, and for `$meta`
 */
export function readSort(sort: unknown): SortSpec {
  if (sort === undefined || sort === null) return [];
  if (typeof sort === 'string') return [[sort, 1]];
  if (sort instanceof Map) return readPairs([...sort.entries()]);
  if (Array.isArray(sort)) {
    const items = sort as unknown[];
    const [name, direction] = items;
    if (items.length === 2 && typeof name === 'string' && typeof direction !== 'string')
      return readPairs([items]);
    if (items.length === 2 && typeof direction === 'string' && /^(asc|desc)/i.test(direction)) {
      return readPairs([items]);
    }
    return readPairs(items.map((item) => (typeof item === 'string' ? [item, 1] : item)));
  }
  if (isDocument(sort)) return readPairs(Object.entries(sort));
  throw badValue('the sort must be an object');
}

function readPairs(pairs: readonly unknown[]): SortSpec {
  return pairs.map((pair): [string, 1 | -1] => {
    const [name, direction] = pair as [unknown, unknown];
    if (typeof name !== 'string' || name === '') throw badValue('a sort field must be a name');
    return [name, readDirection(name, direction)];
  });
}

function readDirection(name: string, direction: unknown): 1 | -1 {
  if (direction === 'asc' || direction === 'ascending') return 1;
  if (direction === 'desc' || direction === 'descending') return -1;
  const number = isNumeric(direction) ? toDouble(direction) : NaN;
  if (number === 1 || number === -1) return number;
  throw badValue(`$sort key ordering must be 1 (for ascending) or -1 (for descending): ${name}`);
}

/** A `limit`, `skip` or `batchSize`. */
export function readCount(name: string, value: unknown): number {
  if (value === undefined || value === null) return 0;
  const count = isNumeric(value) ? toDouble(value) : NaN;
  if (!Number.isInteger(count)) throw badValue(`${name} must be a whole number`);
  return count;
}
