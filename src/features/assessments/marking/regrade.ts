/** What a regrade would change. Pure. */

import type { AttemptQuestion, FinishedAttempt } from '../attempts/attempt.js';
import { fractionOf, saidOf } from '../attempts/attempt-questions.js';
import type { QuestionVersion } from '../bank/questions.store.js';
import type { Test } from '../tests/tests.store.js';
import { typeOf, type Response } from '../types/index.js';
import { withMarks } from './apply.js';
import { earned } from './certainty.js';
import { isWaiting, markOf, type Mark, type MarkChange } from './mark.js';

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
 * treatment (dropped, full marks). Marks by hand stay, unless the question is dropped or gives full marks.
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
    const by = treatment ?? (before.by === 'dropped' || before.by === 'full' ? 'regrade' : before.by);
    const answer = attempt.answers[index];
    // A person's mark, and one that everybody gets, is what it says.
    const said =
      treatment !== undefined || before.by === 'hand'
        ? null
        : saidOf(attempt, given.get(asked.versionId), answer);
    const score = fraction === null ? 0 : earned(fraction, said) * asked.mark;
    const isSame =
      fraction === before.fraction ||
      (fraction !== null && before.fraction !== null && Math.abs(fraction - before.fraction) < NEARLY);
    if (isSame && Math.abs(score - before.score) < NEARLY && by === before.by) {
      return before;
    }
    const source = treatment ?? 'regrade';
    // A person's mark stays a person's, also when the question has other points now.
    const kept = before.by === 'hand' && treatment === undefined;
    const worked = markOf(
      fraction,
      asked.mark,
      kept
        ? {
            by: 'hand',
            at: reason.at,
            why: before.why,
            ...(before.personId !== undefined && { personId: before.personId }),
          }
        : { by: source, ...reason, said },
      before,
    );
    const mark = kept ? { ...before, ...worked } : worked;
    changes.push({ index, from: before.fraction, to: fraction, by: source, ...reason });
    return mark;
  });
  // Other points of a question change what could be reached, also where nothing was earned.
  const hasOtherPoints = questions.some(({ mark }, index) => mark !== attempt.questions[index]?.mark);
  if (changes.length === 0 && !hasOtherPoints) return null;
  const after = withMarks(attempt, marks, questions);
  return { attempt, marks, questions, changes, from: attempt.score, to: after.score, maximum: after.maximum };
}

/** The share that a response earns now; what it had where it cannot be compared with the newest version. */
function again(
  attempt: FinishedAttempt,
  index: number,
  given: QuestionVersion | undefined,
  newest: QuestionVersion | undefined,
  before: Mark,
): number | null {
  if (before.by === 'hand' || isWaiting(before)) return before.fraction;
  const asked = attempt.questions[index];
  const answer = attempt.answers[index];
  if (asked === undefined || given === undefined) return before.fraction;
  const version = newest ?? given;
  const response = answer === undefined ? null : translated(given, version, asked.order, answer.response);
  if (response === undefined) return before.fraction;
  // The penalty of hints is the one that the student was told.
  const marked = { ...version, hintPenalty: given.hintPenalty ?? 0 };
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
