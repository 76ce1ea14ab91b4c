import { ValueSet } from '../aggregate/operators/sets.js';
import type { Engine } from '../engine.js';
import { badValue } from '../errors.js';
import { anyValue, splitPath } from '../paths.js';
import type { Filter } from '../query/filter.js';
import { Runner } from './run.js';

/** The distinct values of a path; arrays count by their elements. */
export async function distinctValues(
  engine: Engine,
  collection: string,
  key: string,
  filter: Filter,
  maxTimeMs: number,
): Promise<unknown[]> {
  if (typeof key !== 'string' || key === '') throw badValue('distinct needs the name of a field');
  const path = splitPath(key);
  const values = new ValueSet();
  const runner = new Runner(engine, { collection, filter }, maxTimeMs);
  for (let found = await runner.next(); found; found = await runner.next()) {
    for (const { doc } of found) {
      anyValue(doc, path, 0, false, (value) => {
        if (Array.isArray(value)) for (const element of value as unknown[]) values.add(element);
        else if (value !== undefined) values.add(value);
        return false;
      });
    }
  }
  return values.values();
}
