/** The record of a response's marks: the same for automatic marks, marks by hand and regrades. */

import { earned, type Said } from './certainty.js';
import type { RubricMark } from './rubric.js';

/**
 * `auto`: when the attempt was finished. `hand`: by a person. `regrade`: worked out again, by another version of the
 * question. `dropped`, `full`: the question was taken out of the count, or everybody has its points.
 */
export type MarkSource = 'auto' | 'hand' | 'regrade' | 'dropped' | 'full';

/** What one question of an attempt has earned. */
export interface Mark {
  /** 0 (wrong) to 1 (right); null while a person has still to mark it. */
  readonly fraction: number | null;
  /**
   * Points, not rounded: fraction × the question's mark, or what certainty makes of it: see `earned`. 0 while it waits.
   */
  readonly score: number;
  readonly by: MarkSource;
  /** Who gave it; absent for the program. */
  readonly personId?: string;
  readonly at: Date;
  /** A comment for the student, or the reason of a regrade; may be empty. */
  readonly why: string;
  /** Rises with each marking of this response. */
  readonly version: number;
  /** The levels it was worked out from; absent without a rubric. */
  readonly rubric?: RubricMark;
  /** What another person would have given; it makes no points. */
  readonly second?: SecondMark;
  /** The mark by hand that returns when a question that is dropped or gives full marks counts as usual again. */
  readonly replaced?: Pick<Mark, 'fraction' | 'personId' | 'at' | 'why'>;
}

/** A second opinion beside a mark. */
export interface SecondMark {
  /** 0 to 1. */
  readonly fraction: number;
  /** Person id; '' of an erased person. */
  readonly personId: string;
  readonly at: Date;
  readonly why: string;
}

/** A change of marks, as the attempt remembers it. */
export interface MarkChange {
  /** Of the question in the attempt, from 0. */
  readonly index: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly by: MarkSource;
  readonly personId?: string;
  readonly at: Date;
  readonly why: string;
}

export const isWaiting = ({ fraction }: Pick<Mark, 'fraction'>): boolean => fraction === null;

/** @param before the mark that this one replaces; none for the first */
export const markOf = (
  fraction: number | null,
  points: number,
  given: Pick<Mark, 'by' | 'at' | 'why'> & { readonly personId?: string; readonly said?: Said | null },
  before?: Mark,
): Mark => ({
  fraction,
  score: fraction === null ? 0 : earned(fraction, given.said ?? null) * points,
  by: given.by,
  ...(given.personId !== undefined && { personId: given.personId }),
  at: given.at,
  why: given.why,
  version: (before?.version ?? 0) + 1,
});

/** `submitted`: nothing that waits for a person has been marked. `marking`: some of it. `marked`: all. */
export function stateOfMarks(marks: readonly Mark[]): 'submitted' | 'marking' | 'marked' {
  if (!marks.some(isWaiting)) return 'marked';
  return marks.some(({ by }) => by === 'hand') ? 'marking' : 'submitted';
}
