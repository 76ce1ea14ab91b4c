import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { notFound } from '../../../shared/errors.js';
import { isDrawable } from '../attempts/draws.js';
import type { Test, TestsStore } from '../tests/tests.store.js';
import { normalised } from '../types/words.js';
import type { TypeName } from '../types/index.js';
import { createBankWriter, type BankWriter } from './bank-writer.js';
import { excerptOf } from './excerpt.js';
import { createBulkChange, usesOf, type BulkChange, type ChangeQuestions } from './bulk-change.js';
import type { QuestionContent, QuestionsStore, QuestionVersion } from './questions.store.js';
import { createBankSharing, type Association, type BankSharing } from './sharing.service.js';
import type { SharedWith, SharesStore } from './shares.store.js';

/** What a page of the bank asks for; '' for anything. */
export interface BankFilter {
  readonly q: string;
  /** With those below it. */
  readonly category: string;
  readonly tag: string;
  readonly type: TypeName | '';
}

export interface BankEntry {
  readonly question: QuestionVersion;
  /** Tests that it stands in. */
  readonly tests: readonly Test[];
  readonly sharedWith: SharedWith | null;
}

/** The question bank of a course, apart from its tests. */
export interface BankService
  extends Pick<BankWriter, 'add'>, Pick<BankSharing, 'shared' | 'take' | 'associations' | 'isShared'> {
  /** Newest first. `all` are the questions of the course that the bank lists, whatever the filter. */
  list(actor: Actor, filter: BankFilter): Promise<{ entries: BankEntry[]; all: QuestionVersion[] }>;
  /** @throws DomainError `not-found` */
  find(actor: Actor, key: string): Promise<BankEntry & { readonly versions: readonly BankVersion[] }>;
  /** Tests whose draws may choose it. */
  drawnBy(actor: Actor, question: QuestionVersion): Promise<Test[]>;
  /** @throws DomainError `question-changed` (409, field `text`); `not-found` */
  edit(actor: Actor, key: string, seen: number, content: QuestionContent): Promise<void>;
  /**
   * Changes several questions. A question that a test holds is not removed.
   * @returns how many were changed
   * @throws DomainError `not-found` when one of them is not of the course; `bad-input` (field `with`) when the actor
   * does not belong to the association; none is changed then
   */
  change(actor: Actor, keys: readonly string[], change: BulkChange): Promise<number>;
  /** Questions with the same text, in groups of two and more. */
  duplicates(actor: Actor): Promise<BankEntry[][]>;
}

export type BankVersion = QuestionVersion & { readonly createdBy: string };

export interface BankDeps {
  readonly questions: QuestionsStore;
  readonly tests: Pick<TestsStore, 'ofCourse'>;
  readonly shares: SharesStore;
  readonly clock: Clock;
  readonly associationsOf: (personId: string) => Promise<readonly Association[]>;
  readonly courseTitles: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

export function createBankService(deps: BankDeps): BankService {
  const writer = createBankWriter(deps);
  const sharing = createBankSharing({ ...deps, writer });
  const changeAll = createBulkChange({ ...deps, writer, sharing });
  return { ...createBankOfCourse(deps, writer, changeAll), ...sharing };
}

type OfCourse = Pick<BankService, 'add' | 'list' | 'find' | 'drawnBy' | 'edit' | 'change' | 'duplicates'>;

const wordsOfText = ({ text, format }: Pick<QuestionVersion, 'text' | 'format'>): string =>
  excerptOf(text, format, Infinity);

/** The words of a question that a search looks through. */
const wordsOf = ({ name = '', definition, tags = [], category = '', ...question }: QuestionVersion): string =>
  normalised(
    `${name} ${wordsOfText(question)} ${JSON.stringify(definition)} ${tags.join(' ')} ${category}`,
    false,
  );

function matching(filter: BankFilter): (question: QuestionVersion) => boolean {
  const words = normalised(filter.q, false)
    .split(' ')
    .filter((word) => word !== '');
  return (question) =>
    isDrawable(question, filter) &&
    (filter.type === '' || question.definition.type === filter.type) &&
    (words.length === 0 || words.every((word) => wordsOf(question).includes(word)));
}

function createBankOfCourse(
  { questions, tests, shares }: BankDeps,
  writer: BankWriter,
  changeAll: ChangeQuestions,
): OfCourse {
  const entriesOf = async (courseId: string, found: readonly QuestionVersion[]): Promise<BankEntry[]> => {
    const [all, shared] = await Promise.all([
      tests.ofCourse(courseId, ['draft', 'published']),
      shares.ofCourse(
        courseId,
        found.map(({ key }) => key),
      ),
    ]);
    const circles = new Map(shared.map((share) => [share.key, share.with]));
    return found.map((question) => ({
      question,
      tests: usesOf(all, question.key),
      sharedWith: circles.get(question.key) ?? null,
    }));
  };

  async function ofCourse(actor: Actor, keys: readonly string[]): Promise<QuestionVersion[]> {
    const found = (await questions.current(actor.courseId, keys)).filter(
      ({ removedAt }) => removedAt === undefined,
    );
    if (found.length < new Set(keys).size) throw notFound();
    return found;
  }

  return {
    add: (actor, content, key) => writer.add(actor, content, key),

    async list(actor, filter) {
      const all = await questions.recent(actor.courseId);
      return { all, entries: await entriesOf(actor.courseId, all.filter(matching(filter))) };
    },

    async find(actor, key) {
      const [question] = await ofCourse(actor, [key]);
      if (question === undefined) throw notFound();
      const [[entry], versions] = await Promise.all([
        entriesOf(actor.courseId, [question]),
        questions.versionsOf(actor.courseId, key),
      ]);
      if (entry === undefined) throw notFound();
      return { ...entry, versions };
    },

    async drawnBy(actor, question) {
      const all = await tests.ofCourse(actor.courseId, ['draft', 'published']);
      return all.filter(({ draws = [] }) => draws.some((draw) => isDrawable(question, draw)));
    },

    async edit(actor, key, seen, content) {
      const [before] = await ofCourse(actor, [key]);
      if (before === undefined) throw notFound();
      await writer.edit(actor, before, seen, content);
    },

    change: async (actor, keys, change) => changeAll(actor, await ofCourse(actor, keys), change),

    async duplicates(actor) {
      const groups = new Map<string, QuestionVersion[]>();
      for (const question of await questions.recent(actor.courseId)) {
        const words = normalised(wordsOfText(question), false);
        groups.set(words, [...(groups.get(words) ?? []), question]);
      }
      const twice = [...groups.values()].filter(({ length }) => length > 1);
      const entries = await entriesOf(actor.courseId, twice.flat());
      const byKey = new Map(entries.map((entry) => [entry.question.key, entry]));
      return twice.map((group) => group.flatMap(({ key }) => byKey.get(key) ?? []));
    },
  };
}
