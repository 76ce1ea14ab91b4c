/** An attempt laid out: what it is given, and what its answers earn. Pure. */

import type { Attempt } from './attempt.js';
import { markOf, sum } from '../marking/grading.js';
import type { QuestionVersion } from '../bank/questions.store.js';
import { places, type Below } from './shuffle.js';
import type { Test } from '../tests/tests.store.js';
import { typeOf } from '../types/index.js';

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
}

/** The name of a question's field in forms and in problems, from 1 as people count. */
export const fieldOf = (index: number): string => `q${index + 1}`;

/** What a new attempt of a test is given: its questions as they are now, in an order of its own. */
export function assignQuestions(
  test: Test,
  current: readonly QuestionVersion[],
  below: Below,
): Pick<Attempt, 'questions' | 'maximum'> {
  const byKey = new Map(current.map((question) => [question.key, question]));
  const questions = test.items.flatMap(({ key, mark }) => {
    const question = byKey.get(key);
    if (question === undefined) return [];
    const parts = typeOf(question.definition.type).parts(question.definition);
    return [{ versionId: question.id, key, mark, order: places(parts, test.shuffleAnswers, below) }];
  });
  return {
    maximum: sum(questions.map(({ mark }) => mark)),
    questions: places(questions.length, test.shuffleQuestions, below).flatMap((at) => questions[at] ?? []),
  };
}

/** Marks the stored answers against the versions that the attempt was given. */
export function marksOf(
  attempt: Pick<Attempt, 'questions' | 'answers'>,
  versions: readonly QuestionVersion[],
): Attempt['marks'] {
  return attempt.questions.map(({ mark }, index) => {
    const definition = versions[index]?.definition;
    const response = attempt.answers[index]?.response ?? null;
    return markOf(definition ? typeOf(definition.type).fraction(definition, response) : 0, mark);
  });
}
