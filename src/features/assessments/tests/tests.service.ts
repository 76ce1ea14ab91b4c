import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { conflict, DomainError, notFound } from '../../../shared/errors.js';
import { closeAtOf, deadlineOf } from '../assessments.policy.js';
import type { AttemptsStore } from '../attempts/attempts.store.js';
import type { QuestionsStore } from '../bank/questions.store.js';
import { createTestQuestions, type TestQuestions } from './test-questions.service.js';
import { USUAL_SETTINGS, type Test, type TestSettings, type TestsStore } from './tests.store.js';

export interface TestsServiceDeps {
  readonly tests: TestsStore;
  readonly questions: QuestionsStore;
  readonly attempts: AttemptsStore;
  readonly clock: Clock;
  readonly forPerson: (courseId: string, personId: string, tests: readonly Test[]) => Promise<Test[]>;
  /** The course's links that open a test. */
  readonly linksOf: (courseId: string, testId: string) => Promise<readonly { readonly id: string }[]>;
}

export { MOST_QUESTIONS, type PlacedQuestion } from './test-questions.service.js';

/** Whether grades are worded alike: the wording goes to the gradebook as a comment. */
const sameScale = (a: TestSettings, b: TestSettings): boolean =>
  a.scale === b.scale && a.passPercent === b.passPercent && a.thresholds.join() === b.thresholds.join();

/** What a teacher does with tests and the course's question bank. */
export interface TestsService extends TestQuestions {
  /** Drafts and published ones, oldest first. */
  list(actor: Actor): Promise<readonly Test[]>;
  find(actor: Actor, id: string): Promise<Test>;
  /** A test without questions, whose marks teachers give by hand. */
  createGiven(actor: Actor, title: string, maximum: number): Promise<Test>;
  /** Ids of the links that open a copied test: a teacher may turn them to another. */
  linksOf(test: Test): Promise<string[]>;
  /** Returns how many links of the LMS course open the test. */
  countPlaces(test: Test): Promise<number>;
  create(actor: Actor, settings: TestSettings): Promise<Test>;
  /**
   * Changes the settings. Open attempts follow with their deadlines, and grades with the grading method.
   * @param edition which the teacher saw
   * @throws DomainError `test-changed` (409, field `title`) if they were changed meanwhile
   */
  update(actor: Actor, id: string, edition: number, settings: TestSettings): Promise<Test>;
  /** Students see it from now on. @throws DomainError `test-empty` (409) */
  publish(actor: Actor, id: string): Promise<void>;
  /** Students no longer see it; attempts under way go on. */
  unpublish(actor: Actor, id: string): Promise<void>;
  /** Only drafts: what students see does not vanish by one click. @throws DomainError `test-published` (409) */
  remove(actor: Actor, id: string): Promise<void>;
}

export function createTestsService(deps: TestsServiceDeps): TestsService {
  const { tests, questions, attempts, clock } = deps;
  async function find(actor: Actor, id: string): Promise<Test> {
    const test = await tests.findOptional(actor.courseId, id);
    if (test === null) throw notFound();
    return test;
  }

  return {
    ...createTestQuestions({ tests, questions, clock, find }),

    list: (actor: Actor): Promise<readonly Test[]> => tests.ofCourse(actor.courseId, ['draft', 'published']),

    /** @throws DomainError `not-found` */
    find,

    async linksOf(test: Test): Promise<string[]> {
      if (test.copiedFrom === undefined) return [];
      return (await deps.linksOf(test.courseId, test.id)).map(({ id }) => id);
    },

    async countPlaces(test: Test): Promise<number> {
      return (await deps.linksOf(test.courseId, test.id)).length;
    },

    create: (actor: Actor, settings: TestSettings): Promise<Test> =>
      tests.insert(actor.courseId, actor.personId, settings, clock.now()),

    async update(actor: Actor, id: string, edition: number, settings: TestSettings): Promise<Test> {
      const before = await find(actor, id);
      const isSame =
        before.grading === settings.grading &&
        before.partialGrades === settings.partialGrades &&
        before.holdGrades === settings.holdGrades &&
        sameScale(before, settings);
      const regrade = isSame ? null : clock.now();
      const test = await tests.update(actor.courseId, id, edition, settings, regrade, clock.now());
      if (test === null) {
        await find(actor, id);
        throw new DomainError('test-changed', 409, { fields: { title: 'errors.field.changed' } });
      }
      for (const attempt of await attempts.openOfTest(actor.courseId, id)) {
        const [own = test] = await deps.forPerson(actor.courseId, attempt.personId, [test]);
        await attempts.setCloseAt(attempt.id, closeAtOf(deadlineOf(own, attempt.startedAt)));
      }
      return test;
    },

    createGiven: (actor, title, maximum) =>
      tests.insert(
        actor.courseId,
        actor.personId,
        { ...USUAL_SETTINGS, title, description: '' },
        clock.now(),
        maximum,
      ),

    async publish(actor: Actor, id: string): Promise<void> {
      if (await tests.setState(actor.courseId, id, 'draft', 'published')) return;
      const test = await find(actor, id);
      if (test.state === 'draft') throw conflict('test-empty');
    },

    async unpublish(actor: Actor, id: string): Promise<void> {
      if (!(await tests.setState(actor.courseId, id, 'published', 'draft'))) await find(actor, id);
    },

    async remove(actor: Actor, id: string): Promise<void> {
      if (await tests.setState(actor.courseId, id, 'draft', 'removed')) return;
      await find(actor, id);
      throw conflict('test-published');
    },
  };
}
