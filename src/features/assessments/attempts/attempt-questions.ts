/** An attempt laid out: what it is given, and what its answers earn. Pure. */

import { fingerprint } from '../../../shared/ids.js';
import type { Answer, Attempt, AttemptQuestion, Finish } from './attempt.js';
import { asksCertainty, type Certainty, type Said } from '../marking/certainty.js';
import { sum } from '../marking/grading.js';
import { withMarks } from '../marking/apply.js';
import { markOf, type Mark } from '../marking/mark.js';
import type { QuestionVersion } from '../bank/questions.store.js';
import { drawQuestions, inSections } from './draws.js';
import { places, type Below } from './shuffle.js';
import type { Test } from '../tests/tests.store.js';
import { typeOf } from '../types/index.js';
import { triesBefore } from './tries.js';

/** An attempt with all that is needed to show it. */
export interface AttemptWithQuestions {
  readonly test: Test;
  readonly attempt: Attempt;
  /** One for each question of the attempt: the version it was given. */
  readonly versions: readonly QuestionVersion[];
  readonly deadline: Date | null;
}

/** One answer as it arrives. */
export interface SentAnswer {
  /** Of the question in the attempt, from 0. */
  readonly index: number;
  readonly sent: readonly string[];
  /** Revision of the answer that the sender had before it changed it. */
  readonly base: number;
  /** The same save sent twice carries the same; empty when the sender does not send again. */
  readonly saveId: string;
  /** Absent: the student has not said, or is not asked. */
  readonly certainty?: Certainty;
}

/** The name of a question's field in forms and in problems, from 1 as people count. */
export const fieldOf = (index: number): string => `q${index + 1}`;

/** A short mark of what a page showed of an answer: another value gives another mark. */
export const shownMark = (values: readonly string[], certainty?: Certainty): string => {
  const plain = values.map((value) => value.replace(/\r\n?/g, '\n'));
  const shown = plain.every((value) => value === '') ? [] : plain;
  return fingerprint(certainty === undefined ? shown : [...shown, `certainty ${certainty}`]);
};

/**
 * What a new attempt of a test is given: its questions as they are now, in an order of its own.
 * @param pool of the bank, for what is drawn
 * @throws DomainError `draw-too-few` (409)
 */
export function assignQuestions(
  test: Test,
  current: readonly QuestionVersion[],
  pool: readonly QuestionVersion[],
  below: Below,
): Pick<Attempt, 'questions' | 'maximum'> {
  const byKey = new Map(current.map((question) => [question.key, question]));
  const fixed = test.items.flatMap((item) => {
    const question = byKey.get(item.key);
    return question === undefined || item.treatment === 'dropped' ? [] : [{ item, question }];
  });
  const entries = [...fixed, ...drawQuestions(test, pool, below)].map(
    ({ item, question }): AttemptQuestion => {
      const { definition } = question;
      return {
        versionId: question.id,
        key: item.key,
        mark: item.mark,
        order: typeOf(definition.type).deal(definition, test.shuffleAnswers, below),
        ...(item.section !== undefined && { section: item.section }),
      };
    },
  );
  const questions = inSections(entries).flatMap((section) =>
    places(section.length, test.shuffleQuestions, below).flatMap((at) => section[at] ?? []),
  );
  return { maximum: sum(questions.map(({ mark }) => mark)), questions };
}

/** The share of the points that an answer earns, less what hints and tries cost; null if a person marks it. */
export function fractionOf(version: QuestionVersion | undefined, asked: AttemptQuestion, answer?: Answer) {
  if (version === undefined) return 0;
  const { definition, hintPenalty = 0, tryPenalty = 0 } = version;
  const fraction = typeOf(definition.type).fraction(definition, answer?.response ?? null, asked.order);
  const cost = (answer?.hints ?? 0) * hintPenalty + triesBefore(answer) * tryPenalty;
  return fraction === null ? null : Math.max(0, fraction - cost);
}

/** What the student said beside an answer; null where it does not count. */
export const saidOf = (
  attempt: Pick<Attempt, 'certainty'>,
  version: QuestionVersion | undefined,
  answer: Pick<Answer, 'response' | 'certainty'> | undefined,
): Said | null =>
  attempt.certainty === true && version !== undefined && asksCertainty(version.definition)
    ? { certainty: answer?.certainty, answered: (answer?.response ?? null) !== null }
    : null;

/** Marks the stored answers against the versions that the attempt was given. */
export const marksOf = (
  attempt: Pick<Attempt, 'questions' | 'answers' | 'certainty'>,
  versions: readonly QuestionVersion[],
  at: Date,
): Mark[] =>
  attempt.questions.map((asked, index) => {
    const [version, answer] = [versions[index], attempt.answers[index]];
    const said = saidOf(attempt, version, answer);
    return markOf(fractionOf(version, asked, answer), asked.mark, { by: 'auto', at, why: '', said });
  });

/**
 * The marks of an attempt that is handed in, with what follows from them.
 * @param items of the test: one may be dropped or give full marks by now
 */
export function marked(
  attempt: Pick<Attempt, 'questions' | 'answers' | 'certainty'>,
  versions: readonly QuestionVersion[],
  items: Test['items'],
  at: Date,
): Pick<Finish, 'state' | 'marks' | 'score' | 'maximum'> {
  const treatments = new Map(items.map(({ key, treatment }) => [key, treatment]));
  const marks = marksOf(attempt, versions, at).map((mark, index) => {
    const asked = attempt.questions[index];
    const by = asked && treatments.get(asked.key);
    return by ? markOf(by === 'full' ? 1 : 0, asked.mark, { by, at, why: '' }) : mark;
  });
  const { state, score, maximum } = withMarks(attempt, marks);
  return { state, marks, score, maximum };
}
