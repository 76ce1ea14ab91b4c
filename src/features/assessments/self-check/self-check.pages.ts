import { randomInt } from 'node:crypto';
import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { DomainError, notFound } from '../../../shared/errors.js';
import { NAMELESS } from '../../../shared/names.js';
import type { Page } from '../../../web/present.js';
import type { SelfChecks, TestRef } from '../../directory/index.js';
import { previewAnswers } from '../attempts/attempts.schema.js';
import { answeringView } from '../attempts/answering.view.js';
import { reviewView } from '../attempts/review.view.js';
import type { AttemptWithQuestions } from '../attempts/attempt-questions.js';
import type { PreviewService } from '../attempts/preview.service.js';
import { EVERYTHING } from '../review/review.js';
import { filesIn } from '../bank/files-in.js';
import type { QuestionContent } from '../bank/questions.store.js';
import type { Test } from '../tests/tests.store.js';
import type { TestsService } from '../tests/tests.service.js';
import { isByHand } from '../types/index.js';

export interface SelfCheckDeps {
  readonly tests: Pick<TestsService, 'list' | 'placed' | 'find' | 'pool'>;
  readonly preview: PreviewService;
  readonly clock: Clock;
}

/** Pictures and recordings are given to members of a course alone. */
const isOpen = (question: QuestionContent): boolean =>
  !isByHand(question.definition) && filesIn(question).length === 0;

/** Reads a test of a course on behalf of the material that links it. */
const readerIn = (courseId: string): Actor => ({
  ...{ personId: '', registrationId: '', courseId, courseKey: '', courseTitle: '' },
  ...{ role: 'assistant', name: NAMELESS },
});

/** Tests linked to materials: tried by anyone, marked at once, and forgotten. */
export function createSelfChecks({ tests, preview, clock }: SelfCheckDeps): SelfChecks {
  async function mayBeTried(test: Test): Promise<boolean> {
    const asked = [
      ...(await tests.placed(test)).map(({ question }) => question),
      ...(await tests.pool(test)),
    ];
    return asked.length > 0 && asked.every(isOpen);
  }

  async function findOptional({ courseId, testId }: TestRef): Promise<Test | null> {
    try {
      const test = await tests.find(readerIn(courseId), testId);
      return (await mayBeTried(test)) ? test : null;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'not-found') return null;
      throw error;
    }
  }

  return {
    async listFor(actor) {
      const all = await tests.list(actor);
      const fitting = await Promise.all(all.map(mayBeTried));
      return all.filter((_, index) => fitting[index] === true).map(({ id, title }) => ({ id, title }));
    },

    titleOf: async (ref) => (await findOptional(ref))?.title ?? null,

    async page(ref, sent, leadBack) {
      const test = await findOptional(ref);
      if (test === null) throw notFound();
      const reader = readerIn(ref.courseId);
      const seed = sent?.seed ?? randomInt(1e9);
      const answering = async (errors: Readonly<Record<string, string>>, values = {}): Promise<Page> => {
        const paper = await preview.paper(reader, ref.testId, seed);
        return questionsPage(paper, { seed, leadBack, now: clock.now(), errors, values });
      };
      if (sent === null) return answering({});
      try {
        const tried = await preview.tried(reader, ref.testId, seed, previewAnswers(sent.answers));
        return {
          view: 'assessments/self-check-result',
          title: tried.test.title,
          data: { ...reviewView(tried, EVERYTHING), leadBack },
        };
      } catch (error) {
        // An answer of a wrong form is shown again beside the others.
        if (!(error instanceof DomainError) || error.code !== 'bad-input') throw error;
        return { ...(await answering(error.details.fields ?? {}, sent.answers)), status: 400 };
      }
    },
  };
}

interface Asked {
  readonly seed: number;
  readonly leadBack: string;
  readonly now: Date;
  readonly errors: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, string | readonly string[]>>;
}

function questionsPage(paper: AttemptWithQuestions, { seed, leadBack, now, errors, values }: Asked): Page {
  const again = Object.keys(errors).length > 0 ? { errors, values } : undefined;
  const { questions, count } = answeringView(paper, now, again);
  return {
    view: 'assessments/self-check',
    title: paper.test.title,
    data: { questions, count, seed, leadBack },
  };
}
