import type { Actor } from '../../../shared/actor.js';
import { notFound } from '../../../shared/errors.js';
import type { QuestionsStore, QuestionVersion } from '../bank/questions.store.js';
import type { Test, TestsStore } from '../tests/tests.store.js';
import { isByHand } from '../types/index.js';
import type { Criterion, Rubric } from './rubric.js';
import type { RubricsStore } from './rubrics.store.js';

/** Criteria of questions that people mark. */
export interface Rubrics {
  /** @throws DomainError `not-found` for a question that people do not mark, or that is not of the course */
  find(
    actor: Actor,
    testId: string,
    key: string,
  ): Promise<{ test: Test; question: QuestionVersion; rubric: Rubric }>;
  /** Marks given by an earlier version stay. @returns false if the rubric was changed since `version` */
  save(
    actor: Actor,
    testId: string,
    key: string,
    version: number,
    criteria: readonly Criterion[],
  ): Promise<boolean>;
}

interface Deps {
  readonly tests: TestsStore;
  readonly questions: QuestionsStore;
  readonly rubrics: RubricsStore;
}

export function createRubrics({ tests, questions, rubrics }: Deps): Rubrics {
  async function find(actor: Actor, testId: string, key: string) {
    const [test, [question]] = await Promise.all([
      tests.findOptional(actor.courseId, testId),
      questions.current(actor.courseId, [key]),
    ]);
    if (test === null || question === undefined || !isByHand(question.definition)) throw notFound();
    return { test, question, rubric: await rubrics.find(actor.courseId, key) };
  }
  return {
    find,
    async save(actor, testId, key, version, criteria) {
      await find(actor, testId, key);
      return rubrics.save(actor.courseId, key, version, criteria);
    },
  };
}
