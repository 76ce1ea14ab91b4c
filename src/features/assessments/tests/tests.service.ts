import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { conflict, DomainError, notFound } from '../../../shared/errors.js';
import { newKey } from '../../../shared/ids.js';
import { closeAtOf, deadlineOf } from '../assessments.policy.js';
import type { AttemptsStore } from '../attempts/attempts.store.js';
import type { QuestionContent, QuestionsStore, QuestionVersion } from '../bank/questions.store.js';
import type { Test, TestItem, TestSettings, TestsStore } from './tests.store.js';

export interface TestsServiceDeps {
  readonly tests: TestsStore;
  readonly questions: QuestionsStore;
  readonly attempts: AttemptsStore;
  readonly clock: Clock;
  /** The course's links that open a test. */
  readonly linksOf: (courseId: string, testId: string) => Promise<readonly { readonly id: string }[]>;
}

/** A question where it stands in a test, in its newest version. */
export interface PlacedQuestion {
  readonly item: TestItem;
  readonly question: QuestionVersion;
}

/** One page shows them all. */
export const MOST_QUESTIONS = 200;

/** What a teacher does with tests and the course's question bank. */
export interface TestsService {
  /** Drafts and published ones, oldest first. */
  list(actor: Actor): Promise<Test[]>;
  find(actor: Actor, id: string): Promise<Test>;
  placed(test: Test): Promise<PlacedQuestion[]>;
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
  /** A question of the test, newest version. @throws DomainError `not-found` */
  question(actor: Actor, id: string, key: string): Promise<PlacedQuestion & { test: Test }>;
  /** Writes a new question into the bank and puts it at the end of the test. @returns its key */
  addQuestion(actor: Actor, id: string, content: QuestionContent): Promise<string>;
  /**
   * Writes a question's next version; attempts keep the one they were given.
   * @param version which the teacher saw
   * @throws DomainError `question-changed` (409, field `text`) if it was changed meanwhile
   */
  editQuestion(
    actor: Actor,
    id: string,
    key: string,
    version: number,
    content: QuestionContent,
  ): Promise<void>;
  /**
   * Takes a question out of the test; the bank keeps it. One that is out already stays out.
   * @throws DomainError `test-needs-question` (409); `not-found` for a question that is not of the course
   */
  removeQuestion(actor: Actor, id: string, key: string): Promise<void>;
  /** One place up or down; at the end nothing happens. @throws DomainError `not-found` */
  moveQuestion(actor: Actor, id: string, key: string, to: 'up' | 'down'): Promise<void>;
  /** Questions of the course that are not in the test yet, those written last first. */
  bank(actor: Actor, id: string): Promise<{ test: Test; questions: QuestionVersion[] }>;
  /**
   * Puts questions of the bank at the end of the test. @returns how many there were
   * @throws DomainError `not-found` when one of them is not of the course; none is put in then
   */
  addFromBank(actor: Actor, id: string, keys: readonly string[]): Promise<number>;
}

export function createTestsService(deps: TestsServiceDeps): TestsService {
  const { tests, questions, attempts, clock } = deps;
  async function find(actor: Actor, id: string): Promise<Test> {
    const test = await tests.findOptional(actor.courseId, id);
    if (test === null) throw notFound();
    return test;
  }

  async function placed(test: Test): Promise<PlacedQuestion[]> {
    const found = await questions.current(
      test.courseId,
      test.items.map(({ key }) => key),
    );
    const byKey = new Map(found.map((question) => [question.key, question]));
    return test.items.flatMap((item) => {
      const question = byKey.get(item.key);
      return question ? [{ item, question }] : [];
    });
  }

  /** The newest versions of these questions. @throws DomainError `not-found` unless all are of the actor's course */
  async function ofCourse(actor: Actor, keys: readonly string[]): Promise<QuestionVersion[]> {
    const found = await questions.current(actor.courseId, keys);
    if (found.length < new Set(keys).size) throw notFound();
    return found;
  }

  async function change(
    actor: Actor,
    id: string,
    how: (items: readonly TestItem[], test: Test) => readonly TestItem[] | null,
  ): Promise<Test> {
    const test = await tests.changeItems(actor.courseId, id, (test) => how(test.items, test), clock.now());
    if (test === null) throw notFound();
    return test;
  }

  const added = (items: readonly TestItem[], more: readonly TestItem[]): readonly TestItem[] => {
    const known = new Set(items.map(({ key }) => key));
    const all = [...items, ...more.filter(({ key }) => !known.has(key))];
    if (all.length > MOST_QUESTIONS) throw conflict('test-too-long', { most: MOST_QUESTIONS });
    return all;
  };

  return {
    list: (actor: Actor): Promise<Test[]> => tests.ofCourse(actor.courseId, ['draft', 'published']),

    /** @throws DomainError `not-found` */
    find,

    /** The test's questions in its order. */
    placed,

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
      const regrade = before.grading === settings.grading ? null : clock.now();
      const test = await tests.update(actor.courseId, id, edition, settings, regrade, clock.now());
      if (test === null) {
        await find(actor, id);
        throw new DomainError('test-changed', 409, { fields: { title: 'errors.field.changed' } });
      }
      for (const attempt of await attempts.openOfTest(actor.courseId, id)) {
        await attempts.setCloseAt(attempt.id, closeAtOf(deadlineOf(test, attempt.startedAt)));
      }
      return test;
    },

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

    async question(actor: Actor, id: string, key: string): Promise<PlacedQuestion & { test: Test }> {
      const test = await find(actor, id);
      const item = test.items.find((item) => item.key === key);
      const [question] = item ? await questions.current(actor.courseId, [key]) : [];
      if (item === undefined || question === undefined) throw notFound();
      return { test, item, question };
    },

    async addQuestion(actor: Actor, id: string, content: QuestionContent): Promise<string> {
      const key = newKey();
      const { courseId, personId } = actor;
      // Refused before it is written, where it can be told already.
      added((await find(actor, id)).items, [{ key, mark: content.mark }]);
      await questions.insert({ ...content, courseId, key, version: 1, createdBy: personId }, clock.now());
      await change(actor, id, (items) => added(items, [{ key, mark: content.mark }]));
      return key;
    },

    async editQuestion(
      actor: Actor,
      id: string,
      key: string,
      version: number,
      content: QuestionContent,
    ): Promise<void> {
      const { question } = await this.question(actor, id, key);
      const { courseId, personId } = actor;
      const next = { ...content, courseId, key, version: version + 1, createdBy: personId };
      // A version from the future would leave a gap that the next editor could fill.
      if (version > question.version || !(await questions.insert(next, clock.now()))) {
        throw new DomainError('question-changed', 409, { fields: { text: 'errors.field.changed' } });
      }
      await change(actor, id, (items) =>
        items.map((item) => (item.key === key ? { key, mark: content.mark } : item)),
      );
    },

    async removeQuestion(actor: Actor, id: string, key: string): Promise<void> {
      await ofCourse(actor, [key]);
      await change(actor, id, (items, { state }) => {
        const left = items.filter((item) => item.key !== key);
        if (state === 'published' && left.length === 0) throw conflict('test-needs-question');
        return left.length === items.length ? null : left;
      });
    },

    async moveQuestion(actor: Actor, id: string, key: string, to: 'up' | 'down'): Promise<void> {
      await ofCourse(actor, [key]);
      await change(actor, id, (items) => {
        const from = items.findIndex((item) => item.key === key);
        const other = from + (to === 'up' ? -1 : 1);
        const [moved, passed] = [items[from], items[other]];
        if (moved === undefined || passed === undefined) return null;
        return items.map((item, index) => (index === from ? passed : index === other ? moved : item));
      });
    },

    async bank(actor: Actor, id: string): Promise<{ test: Test; questions: QuestionVersion[] }> {
      const test = await find(actor, id);
      const inside = new Set(test.items.map(({ key }) => key));
      const all = await questions.recent(actor.courseId);
      return { test, questions: all.filter(({ key }) => !inside.has(key)) };
    },

    async addFromBank(actor: Actor, id: string, keys: readonly string[]): Promise<number> {
      const found = await ofCourse(actor, keys);
      const order = new Map(keys.map((key, index) => [key, index]));
      const items = found
        .sort((a, b) => (order.get(a.key) ?? 0) - (order.get(b.key) ?? 0))
        .map(({ key, mark }) => ({ key, mark }));
      await change(actor, id, (before) => added(before, items));
      return items.length;
    },
  };
}
