import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput, conflict, DomainError, notFound } from '../../../shared/errors.js';
import { newKey } from '../../../shared/ids.js';
import { closeAtOf, deadlineOf } from '../assessments.policy.js';
import type { AttemptsStore } from '../attempts/attempts.store.js';
import type { QuestionContent, QuestionsStore, QuestionVersion } from '../bank/questions.store.js';
import { isDrawable } from '../attempts/draws.js';
import {
  USUAL_SETTINGS,
  type Draw,
  type Test,
  type TestItem,
  type TestSettings,
  type TestsStore,
} from './tests.store.js';

export interface TestsServiceDeps {
  readonly tests: TestsStore;
  readonly questions: QuestionsStore;
  readonly attempts: AttemptsStore;
  readonly clock: Clock;
  readonly forPerson: (courseId: string, personId: string, tests: readonly Test[]) => Promise<Test[]>;
  /** The course's links that open a test. */
  readonly linksOf: (courseId: string, testId: string) => Promise<readonly { readonly id: string }[]>;
}

/** A question where it stands in a test, in its newest version. */
export interface PlacedQuestion {
  readonly item: TestItem;
  readonly question: QuestionVersion;
}

/** @param section '' for none; undefined leaves it */
function inSection(item: TestItem, section: string | undefined): TestItem {
  if (section === undefined) return item;
  const { section: _before, ...rest } = item;
  return section === '' ? rest : { ...rest, section };
}

/** Whether grades are worded alike: the wording goes to the gradebook as a comment. */
const sameScale = (a: TestSettings, b: TestSettings): boolean =>
  a.scale === b.scale && a.passPercent === b.passPercent && a.thresholds.join() === b.thresholds.join();

/** One page shows them all. */
export const MOST_QUESTIONS = 200;

/** What a teacher does with tests and the course's question bank. */
export interface TestsService {
  /** Drafts and published ones, oldest first. */
  list(actor: Actor): Promise<Test[]>;
  find(actor: Actor, id: string): Promise<Test>;
  placed(test: Test): Promise<PlacedQuestion[]>;
  /** Questions of the bank that its draws choose from; none without draws. */
  pool(test: Test): Promise<QuestionVersion[]>;
  /** Has questions drawn for each attempt. @throws DomainError `bad-input` on `count` for more than there are */
  addDraw(actor: Actor, id: string, draw: Omit<Draw, 'id'>): Promise<void>;
  removeDraw(actor: Actor, id: string, drawId: string): Promise<void>;
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
  /** A question of the test, newest version. @throws DomainError `not-found` */
  question(actor: Actor, id: string, key: string): Promise<PlacedQuestion & { test: Test }>;
  /** Writes a new question into the bank and puts it at the end of the test. @returns its key */
  addQuestion(actor: Actor, id: string, content: QuestionContent, section?: string): Promise<string>;
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
    section?: string,
  ): Promise<void>;
  /**
   * Takes a question out of the test; the bank keeps it. One that is out already stays out.
   * @throws DomainError `test-needs-question` (409); `not-found` for a question that is not of the course
   */
  removeQuestion(actor: Actor, id: string, key: string): Promise<void>;
  /** Takes a faulty question out of the count, gives everybody its points, or counts it as usual. A regrade applies it. */
  treatQuestion(
    actor: Actor,
    id: string,
    key: string,
    treatment: TestItem['treatment'] | null,
  ): Promise<void>;
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

  const pool = async (test: Test): Promise<QuestionVersion[]> => {
    const draws = test.draws ?? [];
    if (draws.length === 0) return [];
    const all = await questions.recent(test.courseId);
    return all.filter((question) => draws.some((draw) => isDrawable(question, draw)));
  };

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

    pool,

    async addDraw(actor, id, draw) {
      const test = await find(actor, id);
      const inside = new Set(test.items.map(({ key }) => key));
      const fitting = (await questions.recent(actor.courseId)).filter(
        (question) => !inside.has(question.key) && isDrawable(question, draw),
      );
      if (fitting.length < draw.count) throw badInput({ count: 'errors.field.drawTooFew' });
      const all = test.items.length + (test.draws ?? []).reduce((sum, { count }) => sum + count, draw.count);
      if (all > MOST_QUESTIONS) throw conflict('test-too-long', { most: MOST_QUESTIONS });
      await tests.addDraw(actor.courseId, id, { ...draw, id: newKey() }, clock.now());
    },

    async removeDraw(actor, id, drawId) {
      const test = await find(actor, id);
      const left = (test.draws ?? []).filter((draw) => draw.id !== drawId);
      if (left.length === (test.draws ?? []).length) throw notFound();
      if (test.state === 'published' && test.items.length + left.length === 0) {
        throw conflict('test-needs-question');
      }
      await tests.removeDraw(actor.courseId, id, drawId, clock.now());
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

    async question(actor: Actor, id: string, key: string): Promise<PlacedQuestion & { test: Test }> {
      const test = await find(actor, id);
      const item = test.items.find((item) => item.key === key);
      const [question] = item ? await questions.current(actor.courseId, [key]) : [];
      if (item === undefined || question === undefined) throw notFound();
      return { test, item, question };
    },

    async addQuestion(actor, id, content, section = ''): Promise<string> {
      const key = newKey();
      const { courseId, personId } = actor;
      // Refused before it is written, where it can be told already.
      added((await find(actor, id)).items, [{ key, mark: content.mark }]);
      await questions.insert({ ...content, courseId, key, version: 1, createdBy: personId }, clock.now());
      await change(actor, id, (items) =>
        added(items, [{ key, mark: content.mark, ...(section !== '' && { section }) }]),
      );
      return key;
    },

    async editQuestion(
      actor: Actor,
      id: string,
      key: string,
      version: number,
      content: QuestionContent,
      section?: string,
    ): Promise<void> {
      const { question } = await this.question(actor, id, key);
      const { courseId, personId } = actor;
      const next = { ...content, courseId, key, version: version + 1, createdBy: personId };
      // A version from the future would leave a gap that the next editor could fill.
      if (version > question.version || !(await questions.insert(next, clock.now()))) {
        throw new DomainError('question-changed', 409, { fields: { text: 'errors.field.changed' } });
      }
      await change(actor, id, (items) =>
        items.map((item) => (item.key === key ? inSection({ ...item, mark: content.mark }, section) : item)),
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

    async treatQuestion(actor, id, key, treatment) {
      await ofCourse(actor, [key]);
      await change(actor, id, (items) =>
        items.map((item) => {
          if (item.key !== key) return item;
          const { treatment: _before, ...rest } = item;
          return treatment ? { ...rest, treatment } : rest;
        }),
      );
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
