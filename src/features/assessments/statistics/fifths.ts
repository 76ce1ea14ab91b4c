/** How the fifths of a group answer each question. Pure. */

import { columnsOf, type ScoredAttempt } from './statistics.js';

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
    .map(({ fractions, score, maximum }) => ({ fractions, share: maximum === 0 ? 0 : score / maximum }))
    .sort((a, b) => a.share - b.share);
  const blocks = blocksOf(ranked);
  const columns = columnsOf(ranked, keys);
  return new Map(keys.map((key, place) => [key, fifthsOfQuestion(columns[place] ?? [], blocks)]));
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

/** @param column the question's shares, the weakest attempt first */
function fifthsOfQuestion(column: readonly (number | null)[], blocks: readonly Block[]): Fifths {
  const sums = Array.from({ length: FIFTHS }, () => 0);
  const counts = Array.from({ length: FIFTHS }, () => 0);
  for (const { from, to } of blocks) {
    let [sum, count] = [0, 0];
    for (let place = from; place < to; place += 1) {
      const fraction = column[place] ?? null;
      if (fraction === null) continue;
      sum += fraction;
      count += 1;
    }
    // Each place of the block gets an equal part of what all of them have.
    for (let place = from; place < to; place += 1) {
      const fifth = Math.floor((place * FIFTHS) / column.length);
      sums[fifth] = (sums[fifth] ?? 0) + sum / (to - from);
      counts[fifth] = (counts[fifth] ?? 0) + count / (to - from);
    }
  }
  return sums.map((sum, fifth) => {
    const count = counts[fifth] ?? 0;
    return count < NEARLY ? null : (100 * sum) / count;
  });
}
