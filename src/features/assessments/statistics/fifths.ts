/** How the fifths of a group answer each question. Pure. */

import type { ScoredAttempt } from './statistics.js';

const FIFTHS = 5;

/** Mean share of a question's points in each fifth of the group, per cent, the weakest first. Null: not asked there. */
export type Fifths = readonly (number | null)[];

/**
 * Cuts the attempts into fifths by their share of the whole test, and works out each question's mean share in each.
 * Attempts with the same result share their places, so that it does not matter who of them stands first.
 * @param keys of the questions
 * @returns null for fewer than five attempts
 */
export function fifthsOf(
  attempts: readonly ScoredAttempt[],
  keys: readonly string[],
): ReadonlyMap<string, Fifths> | null {
  if (attempts.length < FIFTHS) return null;
  const ranked = attempts
    .map((attempt) => ({ ...attempt, share: attempt.maximum === 0 ? 0 : attempt.score / attempt.maximum }))
    .sort((a, b) => a.share - b.share);
  const blocks = blocksOf(ranked);
  return new Map(keys.map((key) => [key, fifthsOfQuestion(ranked, blocks, key)]));
}

/** First place and the place after the last of those who have the same result. */
interface Block {
  readonly from: number;
  readonly to: number;
}

const NEARLY = 1e-9;

function blocksOf(ranked: readonly { readonly share: number }[]): Block[] {
  const blocks: Block[] = [];
  let from = 0;
  for (let place = 1; place <= ranked.length; place += 1) {
    const [first, next] = [ranked[from], ranked[place]];
    if (first !== undefined && next !== undefined && next.share - first.share < NEARLY) continue;
    blocks.push({ from, to: place });
    from = place;
  }
  return blocks;
}

function fifthsOfQuestion(ranked: readonly ScoredAttempt[], blocks: readonly Block[], key: string): Fifths {
  const sums = Array.from({ length: FIFTHS }, () => 0);
  const counts = Array.from({ length: FIFTHS }, () => 0);
  for (const { from, to } of blocks) {
    let [sum, count] = [0, 0];
    for (const { fractions } of ranked.slice(from, to)) {
      const fraction = fractions.get(key) ?? null;
      if (fraction === null) continue;
      sum += fraction;
      count += 1;
    }
    // Each place of the block gets an equal part of what all of them have.
    for (let place = from; place < to; place += 1) {
      const fifth = Math.floor((place * FIFTHS) / ranked.length);
      sums[fifth] = (sums[fifth] ?? 0) + sum / (to - from);
      counts[fifth] = (counts[fifth] ?? 0) + count / (to - from);
    }
  }
  return sums.map((sum, fifth) => {
    const count = counts[fifth] ?? 0;
    return count < NEARLY ? null : (100 * sum) / count;
  });
}
