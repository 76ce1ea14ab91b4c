/**
 * Certainty-based marking: with each answer the student says how sure they are. Three levels, as Tony Gardner-Medwin
 * describes them (https://tmedwin.net/cbm/): right earns 1, 2 or 3, wrong 0, −2 or −6. Here a third of that is a share
 * of the question's points, so that what is right and certain earns all of them. Pure.
 */

import { isByHand, type Definition } from '../types/index.js';

export const CERTAINTIES = [1, 2, 3] as const;
export type Certainty = (typeof CERTAINTIES)[number];

const IF_RIGHT: Readonly<Record<Certainty, number>> = { 1: 1, 2: 2, 3: 3 };
const IF_WRONG: Readonly<Record<Certainty, number>> = { 1: 0, 2: -2, 3: -6 };
const FULL = IF_RIGHT[3];

export interface Said {
  /** Absent: the student has not said; that counts as the lowest level. */
  readonly certainty?: Certainty | undefined;
  /** Whether there is an answer; nothing is lost by leaving a question out. */
  readonly answered: boolean;
}

/**
 * What a response earns of the question's points.
 * @param fraction 0 (wrong) to 1 (right)
 * @param said null where the test does not ask for certainty, or a person has marked the response
 * @returns −2 to 1; the fraction itself where certainty does not count
 */
export function earned(fraction: number, said: Said | null): number {
  if (said === null) return fraction;
  if (!said.answered) return 0;
  const { certainty = 1 } = said;
  return (fraction > 0 ? fraction * IF_RIGHT[certainty] : IF_WRONG[certainty]) / FULL;
}

/** The levels with what each earns and costs of a question's points. */
export const certaintyLevels = (points: number) =>
  CERTAINTIES.map((level) => ({
    level,
    right: points * earned(1, { certainty: level, answered: true }),
    cost: Math.abs(points * earned(0, { certainty: level, answered: true })),
  }));

/** Whether a person marks what the question asks for: then certainty is not asked. */
export const asksCertainty = (definition: Definition): boolean => !isByHand(definition);

/** How often a level was chosen, and how often it was right. */
export interface CertaintyCount {
  readonly level: Certainty;
  readonly count: number;
  /** Mean share of the points without regard to certainty, per cent; null for no answer. */
  readonly right: number | null;
}

/** Counts marked answers by the certainty that was said. */
export function countCertainty(
  answers: readonly { readonly certainty?: Certainty | undefined; readonly fraction: number }[],
): CertaintyCount[] {
  return CERTAINTIES.map((level) => {
    const own = answers.filter(({ certainty = 1 }) => certainty === level);
    const sum = own.reduce((total, { fraction }) => total + fraction, 0);
    return { level, count: own.length, right: own.length === 0 ? null : (100 * sum) / own.length };
  });
}
