import { encodeValue } from '../../key.js';
import { isTrue } from '../../query/truth.js';
import { onPresentValues, onValues, wrongType, type Operator } from '../evaluator.js';

/** Distinct values by their encoding, in the order of first sight. */
export class ValueSet {
  readonly #items = new Map<string, unknown>();

  constructor(values: Iterable<unknown> = []) {
    for (const value of values) this.add(value);
  }

  add(value: unknown): void {
    const key = keyOf(value);
    if (!this.#items.has(key)) this.#items.set(key, value);
  }

  has(value: unknown): boolean {
    return this.#items.has(keyOf(value));
  }

  get size(): number {
    return this.#items.size;
  }

  values(): unknown[] {
    return [...this.#items.values()];
  }
}

const keyOf = (value: unknown): string => encodeValue(value).toString('latin1');

function setOf(name: string, value: unknown): ValueSet {
  if (!Array.isArray(value)) throw wrongType(name, 'arrays');
  return new ValueSet(value as unknown[]);
}

function elements(name: string, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw wrongType(name, 'an array');
  return value;
}

const isSubset = (a: ValueSet, b: ValueSet): boolean => a.values().every((value) => b.has(value));

export const SETS: Readonly<Record<string, Operator>> = {
  $setUnion: onPresentValues('$setUnion', 0, Infinity, (values) =>
    new ValueSet(values.flatMap((value) => elements('$setUnion', value))).values(),
  ),
  $setIntersection: onPresentValues('$setIntersection', 0, Infinity, (values) => {
    const [first, ...rest] = values.map((value) => setOf('$setIntersection', value));
    return first ? first.values().filter((value) => rest.every((other) => other.has(value))) : [];
  }),
  $setDifference: onPresentValues('$setDifference', 2, 2, ([a, b]) => {
    const other = setOf('$setDifference', b);
    return setOf('$setDifference', a)
      .values()
      .filter((value) => !other.has(value));
  }),
  $setEquals: onValues('$setEquals', 2, Infinity, (values) => {
    const [first, ...rest] = values.map((value) => setOf('$setEquals', value));
    return rest.every((other) => first?.size === other.size && isSubset(first, other));
  }),
  $setIsSubset: onValues('$setIsSubset', 2, 2, ([a, b]) =>
    isSubset(setOf('$setIsSubset', a), setOf('$setIsSubset', b)),
  ),
  $anyElementTrue: onValues('$anyElementTrue', 1, 1, ([value]) =>
    elements('$anyElementTrue', value).some(isTrue),
  ),
  $allElementsTrue: onValues('$allElementsTrue', 1, 1, ([value]) =>
    elements('$allElementsTrue', value).every(isTrue),
  ),
};
