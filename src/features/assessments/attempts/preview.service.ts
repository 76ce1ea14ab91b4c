import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput } from '../../../shared/errors.js';
import { deadlineOf } from '../assessments.policy.js';
import type { Attempt } from './attempt.js';
import {
  assignQuestions,
  fieldOf,
  marked,
  type AttemptWithQuestions,
  type SentAnswer,
} from './attempt-questions.js';
import { repeatable } from './shuffle.js';
import type { TestsService } from '../tests/tests.service.js';
import { typeOf } from '../types/index.js';

/** What is sent for a question that is only tried. */
export type TriedAnswer = Pick<SentAnswer, 'sent' | 'certainty'>;

/** A test as a student meets it, tried out by who teaches. Nothing of it is stored. */
export function createPreviewService({ tests, clock }: { tests: TestsService; clock: Clock }) {
  async function paper(actor: Actor, testId: string, seed: number): Promise<AttemptWithQuestions> {
    const test = await tests.find(actor, testId);
    const current = (await tests.placed(test)).map(({ question }) => question);
    const pool = await tests.pool(test);
    const deal = assignQuestions(test, current, pool, repeatable(seed));
    const startedAt = clock.now();
    const attempt: Attempt = {
      ...deal,
      ...(test.certainty && { certainty: true as const }),
      id: '',
      courseId: actor.courseId,
      testId,
      personId: actor.personId,
      number: 1,
      state: 'inProgress',
      startedAt,
      answers: deal.questions.map(() => ({ response: null, revision: 0, saveId: '', savedAt: null })),
      revision: 0,
      finishedAt: null,
      finishedBy: null,
      marks: [],
      markVersion: 0,
      score: 0,
    };
    const byId = new Map([...current, ...pool].map((question) => [question.id, question]));
    const versions = deal.questions.flatMap(({ versionId }) => byId.get(versionId) ?? []);
    // All on one page: what is sent back is checked at once.
    return {
      test: { ...test, pageSize: 0, sequential: false },
      attempt,
      versions,
      deadline: deadlineOf({ ...test, closesAt: null }, startedAt),
    };
  }

  return {
    /** The test to be answered. @param seed decides the order; the same seed gives the same order */
    paper,

    /**
     * The test with these answers, marked.
     * @param sent for each question of the paper, what was sent
     * @throws DomainError `bad-input` naming the questions
     */
    async tried(
      actor: Actor,
      testId: string,
      seed: number,
      sent: (count: number) => readonly TriedAnswer[],
    ): Promise<AttemptWithQuestions> {
      const open = await paper(actor, testId, seed);
      const values = sent(open.versions.length);
      const fields: Record<string, string> = {};
      const answers = open.attempt.answers.map((answer, index) => {
        const definition = open.versions[index]?.definition;
        const order = open.attempt.questions[index]?.order ?? [];
        if (definition === undefined) return answer;
        const { fits, response } = typeOf(definition.type).read(definition, values[index]?.sent ?? [], order);
        const certainty = values[index]?.certainty;
        if (!fits) fields[fieldOf(index)] = 'errors.field.wrong';
        return { ...answer, response, ...(certainty !== undefined && { certainty }) };
      });
      if (Object.keys(fields).length > 0) throw badInput(fields);
      const answered = { ...open.attempt, answers };
      const now = clock.now();
      const attempt: Attempt = {
        ...answered,
        ...marked(answered, open.versions, open.test.items, now),
        finishedAt: now,
        finishedBy: 'student',
      };
      return { ...open, attempt };
    },
  };
}

export type PreviewService = ReturnType<typeof createPreviewService>;
