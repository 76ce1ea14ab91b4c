import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { DomainError, notFound } from '../../../shared/errors.js';
import { isDrawable } from '../attempts/draws.js';
import type { Test, TestsStore } from '../tests/tests.store.js';
import { normalised } from '../types/words.js';
import type { TypeName } from '../types/index.js';
import { createBankWriter, type BankWriter } from './bank-writer.js';
import type { QuestionContent, QuestionsStore, QuestionVersion } from './questions.store.js';
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

/** What is done to several questions at once. */
export type BulkChange =
  | { readonly action: 'category'; readonly category: string }
  | { readonly action: 'tag' | 'untag'; readonly tag: string }
  | { readonly action: 'share'; readonly with: SharedWith }
  | { readonly action: 'unshare' | 'remove' };

export interface Association {
  readonly id: string;
  readonly name: string;
}

/** A question of another course. */
export interface SharedQuestion {
  readonly question: QuestionVersion;
  readonly sharedWith: SharedWith;
  readonly course: string;
}

/** The question bank of a course, apart from its tests. */
export interface BankService extends Pick<BankWriter, 'add'> {
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
   * @throws DomainError `not-found` when one of them is not of the course; none is changed then
   */
  change(actor: Actor, keys: readonly string[], change: BulkChange): Promise<number>;
  /** Questions with the same text, in groups of two and more. */
  duplicates(actor: Actor): Promise<BankEntry[][]>;
  /** What teachers of other courses share with the actor. */
  shared(actor: Actor): Promise<SharedQuestion[]>;
  /** Copies shared questions into the course's bank. @returns how many. @throws DomainError `not-found` */
  take(actor: Actor, refs: readonly QuestionRef[]): Promise<number>;
  /** Associations that the actor may share with. */
  associations(actor: Actor): Promise<readonly Association[]>;
  /** Whether one of these questions of other courses is shared with the actor. */
  isShared(actor: Actor, refs: readonly QuestionRef[]): Promise<boolean>;
}

export type BankVersion = QuestionVersion & { readonly createdBy: string };

export interface QuestionRef {
  readonly courseId: string;
  readonly key: string;
}

export interface BankDeps {
  readonly questions: QuestionsStore;
  readonly tests: Pick<TestsStore, 'ofCourse'>;
  readonly shares: SharesStore;
  readonly clock: Clock;
  readonly associationsOf: (personId: string) => Promise<readonly Association[]>;
  readonly courseTitles: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

export function createBankService(deps: BankDeps): BankService {
  return { ...createBankOfCourse(deps), ...createSharing(deps) };
}

type OfCourse = Pick<BankService, 'add' | 'list' | 'find' | 'drawnBy' | 'edit' | 'change' | 'duplicates'>;
type Sharing = Pick<BankService, 'shared' | 'take' | 'associations' | 'isShared'>;

const usesOf = (tests: readonly Test[], key: string): Test[] =>
  tests.filter(({ items }) => items.some((item) => item.key === key));

/** The words of a question that a search looks through. */
const wordsOf = ({ text, definition, tags = [], category = '' }: QuestionVersion): string =>
  normalised(`${text} ${JSON.stringify(definition)} ${tags.join(' ')} ${category}`, false);

function matching(filter: BankFilter): (question: QuestionVersion) => boolean {
  const words = normalised(filter.q, false)
    .split(' ')
    .filter((word) => word !== '');
  return (question) =>
    isDrawable(question, filter) &&
    (filter.type === '' || question.definition.type === filter.type) &&
    (words.length === 0 || words.every((word) => wordsOf(question).includes(word)));
}

function createBankOfCourse({ questions, tests, shares, clock }: BankDeps): OfCourse {
  const writer = createBankWriter({ questions, clock });

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

  /** Writes the next version with other words about it; a version written meanwhile stays. */
  async function rewrite(
    actor: Actor,
    found: readonly QuestionVersion[],
    change: BulkChange,
  ): Promise<number> {
    let changed = 0;
    for (const question of found) {
      const content = changedContent(question, change);
      if (content === null) continue;
      try {
        await writer.edit(actor, question, question.version, content);
        changed += 1;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
      }
    }
    return changed;
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

    async change(actor, keys, change) {
      const found = await ofCourse(actor, keys);
      const { courseId, personId } = actor;
      switch (change.action) {
        case 'share':
          for (const { key } of found)
            await shares.put({ courseId, key, with: change.with, by: personId, at: clock.now() });
          return found.length;
        case 'unshare':
          await shares.remove(courseId, keys);
          return found.length;
        case 'remove': {
          const all = await tests.ofCourse(courseId, ['draft', 'published']);
          const free = found.filter(({ key }) => usesOf(all, key).length === 0).map(({ key }) => key);
          await questions.remove(courseId, free, clock.now());
          await shares.remove(courseId, free);
          return free.length;
        }
        default:
          return rewrite(actor, found, change);
      }
    },

    async duplicates(actor) {
      const groups = new Map<string, QuestionVersion[]>();
      for (const question of await questions.recent(actor.courseId)) {
        const words = normalised(question.text, false);
        groups.set(words, [...(groups.get(words) ?? []), question]);
      }
      const twice = [...groups.values()].filter(({ length }) => length > 1);
      const entries = await entriesOf(actor.courseId, twice.flat());
      const byKey = new Map(entries.map((entry) => [entry.question.key, entry]));
      return twice.map((group) => group.flatMap(({ key }) => byKey.get(key) ?? []));
    },
  };
}

/** Returns null where nothing would change. */
function changedContent(question: QuestionVersion, change: BulkChange): QuestionContent | null {
  const { category: before = '', tags = [], ...rest } = contentOf(question);
  const put = (category: string, all: readonly string[]): QuestionContent => ({
    ...rest,
    ...(category !== '' && { category }),
    ...(all.length > 0 && { tags: all }),
  });
  switch (change.action) {
    case 'category':
      return change.category === before ? null : put(change.category, tags);
    case 'tag':
      return tags.includes(change.tag) ? null : put(before, [...tags, change.tag]);
    case 'untag':
      return tags.includes(change.tag)
        ? put(
            before,
            tags.filter((tag) => tag !== change.tag),
          )
        : null;
    default:
      return null;
  }
}

/** A version's content without what makes it a version. */
const contentOf = ({
  id: _id,
  courseId: _course,
  key: _key,
  version: _version,
  createdAt: _at,
  removedAt: _removed,
  ...content
}: QuestionVersion): QuestionContent => content;

function createSharing({ questions, shares, clock, associationsOf, courseTitles }: BankDeps): Sharing {
  const writer = createBankWriter({ questions, clock });

  const circlesOf = async (actor: Actor): Promise<SharedWith[]> => [
    'colleagues',
    ...(await associationsOf(actor.personId)).map(({ id }): SharedWith => `association:${id}`),
  ];

  async function shared(actor: Actor): Promise<SharedQuestion[]> {
    const found = await shares.sharedWith(await circlesOf(actor), actor.courseId);
    const courses = [...new Set(found.map(({ courseId }) => courseId))];
    const titles = await courseTitles(courses);
    const versions = new Map<string, QuestionVersion>();
    for (const courseId of courses) {
      const keys = found.filter((share) => share.courseId === courseId).map(({ key }) => key);
      for (const question of await questions.current(courseId, keys)) {
        if (question.removedAt === undefined) versions.set(`${courseId} ${question.key}`, question);
      }
    }
    return found.flatMap(({ courseId, key, with: circle }) => {
      const question = versions.get(`${courseId} ${key}`);
      return question ? [{ question, sharedWith: circle, course: titles.get(courseId) ?? '' }] : [];
    });
  }

  return {
    shared,

    async take(actor, refs) {
      const offered = await shared(actor);
      const wanted = refs.map((ref) =>
        offered.find(({ question }) => question.courseId === ref.courseId && question.key === ref.key),
      );
      const known = wanted.filter((found) => found !== undefined);
      if (known.length < wanted.length) throw notFound();
      for (const { question } of known) await writer.add(actor, contentOf(question));
      return known.length;
    },

    associations: (actor) => associationsOf(actor.personId),

    async isShared(actor, refs) {
      if (refs.length === 0) return false;
      const offered = await shares.sharedWith(await circlesOf(actor), actor.courseId);
      return refs.some((ref) =>
        offered.some(({ courseId, key }) => courseId === ref.courseId && key === ref.key),
      );
    },
  };
}
