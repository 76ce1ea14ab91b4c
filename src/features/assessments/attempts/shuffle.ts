import { createHash, randomInt } from 'node:crypto';

/** A whole number from 0 up to `limit`, which is left out. */
export type Below = (limit: number) => number;

export const chance: Below = (limit) => randomInt(limit);

/** 0 … count−1, in order or shuffled (Fisher and Yates). */
export function places(count: number, shuffled: boolean, below: Below): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  if (!shuffled) return order;
  for (let last = count - 1; last > 0; last -= 1) {
    const other = below(last + 1);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}

/**
 * The same numbers for the same seed, so that a preview that is stored nowhere can be sent back in the order
 * it was shown. Not for attempts: who knows the seed knows the order.
 */
export function repeatable(seed: number): Below {
  let drawn = 0;
  return (limit) => {
    drawn += 1;
    return createHash('sha256').update(`${seed}:${drawn}`).digest().readUInt32BE(0) % limit;
  };
}
