import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput, conflict, notFound } from '../../../shared/errors.js';
import { newKey } from '../../../shared/ids.js';
import { isDrawable } from '../attempts/draws.js';
import { createBankWriter } from '../bank/bank-writer.js';
import type { QuestionContent, QuestionsStore, QuestionVersion } from '../bank/questions.store.js';
import type { Draw, Test, TestItem, TestsStore } from './tests.store.js';

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

/** One page shows them all. */
export const MOST_QUESTIONS = 200;

const joined = (items: readonly TestItem[], more: readonly TestItem[]): readonly TestItem[] => {
  const known = new Set(items.map(({ key }) => key));
  const all = [...items, ...more.filter(({ key }) => !known.has(key))];
  if (all.length > MOST_QUESTIONS) throw conflict('test-too-long', { most: MOST_QUESTIONS });
  return all;
};

/** The questions of a test: those that stand in it, and those that are drawn from the bank. */
export interface TestQuestions {
  placed(test: Test): Promise<PlacedQuestion[]>;
  /** Questions of the bank that its draws choose from; none without draws. */
  pool(test: Test): Promise<QuestionVersion[]>;
  /** Has questions drawn for each attempt. @throws DomainError `bad-input` on `count` for more than there are */
  addDraw(actor: Actor, id: string, draw: Omit<Draw, 'id'>): Promise<void>;
  removeDraw(actor: Actor, id: string, drawId: string): Promise<void>;
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

export interface TestQuestionsDeps {
  readonly tests: TestsStore;
  readonly questions: QuestionsStore;
  readonly clock: Clock;
  /** @throws DomainError `not-found` */
  readonly find: (actor: Actor, id: string) => Promise<Test>;
}

type Items = Pick<
  TestQuestions,
  'question' | 'addQuestion' | 'editQuestion' | 'removeQuestion' | 'treatQuestion' | 'moveQuestion'
>;

type Draws = Pick<TestQuestions, 'placed' | 'pool' | 'addDraw' | 'removeDraw' | 'bank' | 'addFromBank'>;

/** The newest versions of these questions. @throws DomainError `not-found` unless all are of the actor's course */
async function ofCourse(
  questions: QuestionsStore,
  actor: Actor,
  keys: readonly string[],
): Promise<QuestionVersion[]> {
  const found = await questions.current(actor.courseId, keys);
  if (found.length < new Set(keys).size) throw notFound();
  return found;
}

type ChangeItems = (
  actor: Actor,
  id: string,
  how: (items: readonly TestItem[], test: Test) => readonly TestItem[] | null,
) => Promise<Test>;

const changeItems =
  ({ tests, clock }: TestQuestionsDeps): ChangeItems =>
  async (actor, id, how) => {
    const test = await tests.changeItems(actor.courseId, id, (test) => how(test.items, test), clock.now());
    if (test === null) throw notFound();
    return test;
  };

export const createTestQuestions = (deps: TestQuestionsDeps): TestQuestions => ({
  ...createItems(deps),
  ...createDraws(deps),
});

function createItems(deps: TestQuestionsDeps): Items {
  const { questions, find } = deps;
  const writer = createBankWriter(deps);
  const change = changeItems(deps);

  async function question(actor: Actor, id: string, key: string): Promise<PlacedQuestion & { test: Test }> {
    const test = await find(actor, id);
    const item = test.items.find((item) => item.key === key);
    const [found] = item ? await questions.current(actor.courseId, [key]) : [];
    if (item === undefined || found === undefined) throw notFound();
    return { test, item, question: found };
  }

  return {
    question,

    async addQuestion(actor, id, content, section = '') {
      const key = newKey();
      const item = { key, mark: content.mark, ...(section !== '' && { section }) };
      // Refused before it is written, where it can be told already.
      joined((await find(actor, id)).items, [item]);
      await writer.add(actor, content, key);
      await change(actor, id, (items) => joined(items, [item]));
      return key;
    },

    async editQuestion(actor, id, key, version, content, section) {
      const { question: before } = await question(actor, id, key);
      await writer.edit(actor, before, version, content);
      await change(actor, id, (items) =>
        items.map((item) => (item.key === key ? inSection({ ...item, mark: content.mark }, section) : item)),
      );
    },

    async removeQuestion(actor: Actor, id: string, key: string): Promise<void> {
      await ofCourse(questions, actor, [key]);
      await change(actor, id, (items, { state }) => {
        const left = items.filter((item) => item.key !== key);
        if (state === 'published' && left.length === 0) throw conflict('test-needs-question');
        return left.length === items.length ? null : left;
      });
    },

    async treatQuestion(actor, id, key, treatment) {
      await ofCourse(questions, actor, [key]);
      await change(actor, id, (items) =>
        items.map((item) => {
          if (item.key !== key) return item;
          const { treatment: _before, ...rest } = item;
          return treatment ? { ...rest, treatment } : rest;
        }),
      );
    },

    async moveQuestion(actor: Actor, id: string, key: string, to: 'up' | 'down'): Promise<void> {
      await ofCourse(questions, actor, [key]);
      await change(actor, id, (items) => {
        const from = items.findIndex((item) => item.key === key);
        const other = from + (to === 'up' ? -1 : 1);
        const [moved, passed] = [items[from], items[other]];
        if (moved === undefined || passed === undefined) return null;
        return items.map((item, index) => (index === from ? passed : index === other ? moved : item));
      });
    },
  };
}

function createDraws(deps: TestQuestionsDeps): Draws {
  const { tests, questions, clock, find } = deps;
  const change = changeItems(deps);

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

  return {
    placed,
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

    async bank(actor: Actor, id: string): Promise<{ test: Test; questions: QuestionVersion[] }> {
      const test = await find(actor, id);
      const inside = new Set(test.items.map(({ key }) => key));
      const all = await questions.recent(actor.courseId);
      return { test, questions: all.filter(({ key }) => !inside.has(key)) };
    },

    async addFromBank(actor: Actor, id: string, keys: readonly string[]): Promise<number> {
      const found = await ofCourse(questions, actor, keys);
      const order = new Map(keys.map((key, index) => [key, index]));
      const items = found
        .sort((a, b) => (order.get(a.key) ?? 0) - (order.get(b.key) ?? 0))
        .map(({ key, mark }) => ({ key, mark }));
      await change(actor, id, (before) => joined(before, items));
      return items.length;
    },
  };
}
