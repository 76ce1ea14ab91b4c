import type { Actor } from '../../../shared/actor.js';
import { notFound } from '../../../shared/errors.js';
import { fullName, isFoundBy, NAMELESS, nameWords, type PersonName } from '../../../shared/names.js';
import { orderBy, pageOf, type RowsPage } from '../../../infra/lists/index.js';
import { isCounted, isFinished, type FinishedAttempt } from '../attempts/attempt.js';
import type { AttemptsStore } from '../attempts/attempts.store.js';
import type { QuestionsStore, QuestionVersion } from '../bank/questions.store.js';
import type { Mark } from '../marking/mark.js';
import type { Test, TestsStore } from '../tests/tests.store.js';
import { typeOf } from '../types/index.js';
import type { ResultsService } from './results.service.js';

/** What one attempt holds of a question. */
export interface QuestionAnswer {
  readonly name: PersonName;
  readonly personId: string;
  readonly attemptId: string;
  /** 1, 2, 3 … of this student. */
  readonly attempt: number;
  /** Whether the attempt was given the question at all. */
  readonly asked: boolean;
  /** The response in words, one entry for each part; empty where there is none, and for files. */
  readonly words: readonly string[];
  /** How many files the response has. */
  readonly files: number;
  readonly mark: Mark | null;
  /** Points that could be earned. */
  readonly maximum: number;
}

export interface QuestionAnswers extends RowsPage<QuestionAnswer> {
  readonly test: Test;
  /** As it is now. */
  readonly question: QuestionVersion;
  /** In the test, from 1; 0 where it is drawn, or not in the test any more. */
  readonly number: number;
}

export interface QuestionAnswersService {
  /**
   * What the finished attempts hold of a question, by name and number of the attempt.
   * @throws DomainError `not-found`
   */
  list(
    actor: Actor,
    testId: string,
    key: string,
    wanted: { readonly name: string; readonly page: number; readonly size: number },
  ): Promise<QuestionAnswers>;
}

export interface QuestionAnswersDeps {
  readonly tests: Pick<TestsStore, 'findOptional'>;
  readonly attempts: Pick<AttemptsStore, 'summariesOfTest' | 'findManyFinished'>;
  readonly questions: Pick<QuestionsStore, 'current' | 'versions'>;
  readonly results: Pick<ResultsService, 'namesOf'>;
}

export function createQuestionAnswers(deps: QuestionAnswersDeps): QuestionAnswersService {
  const { tests, attempts, questions, results } = deps;
  return {
    async list({ courseId }, testId, key, { name, page, size }) {
      const [test, [question]] = await Promise.all([
        tests.findOptional(courseId, testId),
        questions.current(courseId, [key]),
      ]);
      if (test === null || question === undefined) throw notFound();
      const finished = (await attempts.summariesOfTest(courseId, testId)).filter(
        (attempt) => isCounted(attempt) && isFinished(attempt),
      );
      const names = await results.namesOf(finished.map(({ personId }) => personId));
      const nameOf = (personId: string): PersonName => names.get(personId) ?? NAMELESS;
      const words = nameWords(name);
      const chosen = finished.filter(({ personId }) => isFoundBy(fullName(nameOf(personId)), words));
      // They come by person and number, so those of namesakes do not mix.
      const ordered = orderBy(chosen, ({ personId }) => fullName(nameOf(personId)), false);
      const { rows, ...found } = pageOf(ordered, page, size);
      const read = await attempts.findManyFinished(
        courseId,
        testId,
        rows.map(({ id }) => id),
      );
      const byId = new Map(read.map((attempt) => [attempt.id, attempt]));
      const versions = await versionsOf(courseId, key, read);
      return {
        ...{ test, question, ...found },
        number: test.items.findIndex((item) => item.key === key) + 1,
        rows: rows.flatMap(({ id, personId }) => {
          const attempt = byId.get(id);
          return attempt ? [{ name: nameOf(personId), ...answerOf(attempt, key, versions) }] : [];
        }),
      };
    },
  };

  async function versionsOf(courseId: string, key: string, read: readonly FinishedAttempt[]) {
    const ids = read.flatMap((attempt) =>
      attempt.questions.flatMap((asked) => (asked.key === key ? [asked.versionId] : [])),
    );
    const found = await questions.versions(courseId, [...new Set(ids)]);
    return new Map(found.map((version) => [version.id, version]));
  }
}

function answerOf(
  { id, personId, number, questions, answers, marks }: FinishedAttempt,
  key: string,
  versions: ReadonlyMap<string, QuestionVersion>,
): Omit<QuestionAnswer, 'name'> {
  const index = questions.findIndex((asked) => asked.key === key);
  const asked = questions[index];
  const definition = asked && versions.get(asked.versionId)?.definition;
  const response = answers[index]?.response ?? null;
  const isFiles = definition !== undefined && typeOf(definition.type).mostFiles !== undefined;
  return {
    ...{ personId, attemptId: id, attempt: number, asked: asked !== undefined },
    words:
      definition === undefined || response === null || isFiles
        ? []
        : typeOf(definition.type).words(definition, response, asked?.order ?? []),
    files: isFiles && Array.isArray(response) ? response.length : 0,
    mark: marks[index] ?? null,
    maximum: asked?.mark ?? 0,
  };
}
