/** What a regrade would change. Pure. */

import type { AttemptQuestion, FinishedAttempt } from '../attempts/attempt.js';
import { fractionOf, saidOf } from '../attempts/attempt-questions.js';
import type { QuestionVersion } from '../bank/questions.store.js';
import type { Test } from '../tests/tests.store.js';
import { typeOf, type Response } from '../types/index.js';
import { withMarks } from '../marking/apply.js';
import { earned, type Said } from '../marking/certainty.js';
import { isWaiting, markOf, type Mark, type MarkChange, type MarkSource } from '../marking/mark.js';

export interface RegradeContext {
  readonly test: Pick<Test, 'items'>;
  /** Every version that an attempt was given, by id. */
  readonly given: ReadonlyMap<string, QuestionVersion>;
  /** The newest version of each question, by key. */
  readonly newest: ReadonlyMap<string, QuestionVersion>;
}

export interface RegradedAttempt {
  readonly attempt: FinishedAttempt;
  readonly marks: readonly Mark[];
  readonly questions: readonly AttemptQuestion[];
  readonly changes: readonly MarkChange[];
  /** Total before and after. */
  readonly from: number;
  readonly to: number;
  readonly maximum: number;
}

interface Reason {
  readonly personId: string;
  readonly at: Date;
  readonly why: string;
}

const NEARLY = 1e-9;

/**
 * Works the marks of an attempt out again: by the newest version of each question, its points in the test, and its
 * treatment (dropped, full marks). Marks by hand stay; those of a question that is dropped or gives full marks return
 * when it counts as usual again.
 * @returns null if nothing changes
 */
export function regraded(
  attempt: FinishedAttempt,
  { test, given, newest }: RegradeContext,
  reason: Reason,
): RegradedAttempt | null {
  const items = new Map(test.items.map((item) => [item.key, item]));
  const changes: MarkChange[] = [];
  const questions = attempt.questions.map((asked) => {
    const mark = items.get(asked.key)?.mark ?? asked.mark;
    return mark === asked.mark ? asked : { ...asked, mark };
  });
  const marks = attempt.marks.map((before, index) => {
    const asked = questions[index];
    if (asked === undefined) return before;
    const treatment = items.get(asked.key)?.treatment;
    const fraction =
      treatment === 'dropped'
        ? 0
        : treatment === 'full'
          ? 1
          : again(attempt, index, given.get(asked.versionId), newest.get(asked.key), before);
    const by = treatment ?? sourceNow(before);
    // A person's mark, and one that everybody gets, is what it says.
    const said =
      by === 'hand' || treatment ? null : saidOf(attempt, given.get(asked.versionId), attempt.answers[index]);
    const score = fraction === null ? 0 : earned(fraction, said) * asked.mark;
    const isSame =
      fraction === before.fraction ||
      (fraction !== null && before.fraction !== null && Math.abs(fraction - before.fraction) < NEARLY);
    if (isSame && Math.abs(score - before.score) < NEARLY && by === before.by) return before;
    changes.push({ index, from: before.fraction, to: fraction, by: treatment ?? 'regrade', ...reason });
    return treatment
      ? treated(before, treatment, asked.mark, reason)
      : untreated(before, fraction, asked.mark, { ...reason, said });
  });
  // Other points of a question change what could be reached, also where nothing was earned.
  const hasOtherPoints = questions.some(({ mark }, index) => mark !== attempt.questions[index]?.mark);
  if (changes.length === 0 && !hasOtherPoints) return null;
  const after = withMarks(attempt, marks, questions);
  return { attempt, marks, questions, changes, from: attempt.score, to: after.score, maximum: after.maximum };
}

/** Who gives the mark of a question that is counted as usual. */
function sourceNow(before: Mark): MarkSource {
  if (before.by !== 'dropped' && before.by !== 'full') return before.by;
  return before.replaced ? 'hand' : 'regrade';
}

/** The mark of a question that is dropped or gives full marks. A mark by hand is kept aside. */
function treated(before: Mark, treatment: 'dropped' | 'full', points: number, reason: Reason): Mark {
  const { fraction, personId, at, why } = before;
  const byHand = { fraction, at, why, ...(personId !== undefined && { personId }) };
  const replaced = before.by === 'hand' ? byHand : before.replaced;
  return {
    ...markOf(treatment === 'full' ? 1 : 0, points, { by: treatment, ...reason }, before),
    ...partsOf(before),
    ...(replaced && { replaced }),
  };
}

/** The mark of a question that counts as usual. A person's mark stays or returns as it was given. */
function untreated(
  before: Mark,
  fraction: number | null,
  points: number,
  reason: Reason & { readonly said: Said | null },
): Mark {
  const byHand = before.by === 'hand' ? before : before.replaced;
  if (byHand === undefined) return markOf(fraction, points, { by: 'regrade', ...reason }, before);
  const { personId, why, at } = byHand;
  const given = { by: 'hand' as const, at, why, ...(personId !== undefined && { personId }) };
  return { ...markOf(fraction, points, given, before), ...partsOf(before) };
}

/** What belongs to a mark by hand beside its points. */
const partsOf = ({ rubric, second }: Mark): Pick<Mark, 'rubric' | 'second'> => ({
  ...(rubric && { rubric }),
  ...(second && { second }),
});

/** The share that a response earns now; what it had where it cannot be compared with the newest version. */
function again(
  attempt: FinishedAttempt,
  index: number,
  given: QuestionVersion | undefined,
  newest: QuestionVersion | undefined,
  before: Mark,
): number | null {
  if (before.by === 'hand' || isWaiting(before)) return before.fraction;
  if (before.replaced) return before.replaced.fraction;
  const asked = attempt.questions[index];
  const answer = attempt.answers[index];
  if (asked === undefined || given === undefined) return before.fraction;
  const version = newest ?? given;
  const response = answer === undefined ? null : translated(given, version, asked.order, answer.response);
  if (response === undefined) return before.fraction;
  // The penalties of hints and tries are those that the student was told.
  const { hintPenalty = 0, tryPenalty = 0 } = given;
  const marked = { ...version, hintPenalty, tryPenalty };
  return fractionOf(marked, asked, answer && { ...answer, response });
}

/**
 * A response in terms of another version: options are found by their texts; other types must show the same.
 * @returns undefined if it cannot be told what the response means in the other version
 */
export function translated(
  from: QuestionVersion,
  to: QuestionVersion,
  assigned: readonly number[],
  response: Response | null,
): Response | null | undefined {
  if (from.id === to.id || response === null) return response;
  const [old, now] = [from.definition, to.definition];
  if (old.type !== now.type) return undefined;
  if ('options' in old && 'options' in now) {
    const find = (part: number): number =>
      now.options.findIndex(({ text }) => text === old.options[part]?.text);
    if (typeof response === 'number') {
      const part = find(response);
      return part < 0 ? undefined : part;
    }
    const parts = (response as readonly number[]).map(find);
    return parts.includes(-1) ? undefined : parts.sort((a, b) => a - b);
  }
  const shown = (version: QuestionVersion): string => {
    const { definition } = version;
    // What was typed means the same whatever else is shown.
    if (typeof response === 'string' || typeof response === 'boolean') return definition.type;
    return JSON.stringify(typeOf(definition.type).answering(definition, assigned, null));
  };
  return shown(from) === shown(to) ? response : undefined;
}
