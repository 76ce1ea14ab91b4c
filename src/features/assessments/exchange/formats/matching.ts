import type { ForeignBody } from '../foreign.js';

/** Pairs whose left side is empty give texts to choose from that belong to none. */
export function matchingOf(pairs: readonly (readonly [string, string])[]): ForeignBody {
  return {
    kind: 'matching',
    pairs: pairs.filter(([left]) => left !== '').map(([left, right]) => ({ left, right })),
    extra: pairs.filter(([left]) => left === '').map(([, right]) => right),
  };
}
