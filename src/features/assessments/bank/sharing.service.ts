import type { Actor } from '../../../shared/actor.js';
import { badInput, notFound } from '../../../shared/errors.js';
import type { BankWriter } from './bank-writer.js';
import { contentOf, type QuestionsStore, type QuestionVersion } from './questions.store.js';
import type { SharedWith, SharesStore } from './shares.store.js';

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

export interface QuestionRef {
  readonly courseId: string;
  readonly key: string;
}

/** Questions that teachers of other courses may copy. */
export interface BankSharing {
  /** What teachers of other courses share with the actor. */
  shared(actor: Actor): Promise<SharedQuestion[]>;
  /** Copies shared questions into the course's bank. @returns how many. @throws DomainError `not-found` */
  take(actor: Actor, refs: readonly QuestionRef[]): Promise<number>;
  /** Associations that the actor may share with. */
  associations(actor: Actor): Promise<readonly Association[]>;
  /** Whether one of these questions of other courses is shared with the actor. */
  isShared(actor: Actor, refs: readonly QuestionRef[]): Promise<boolean>;
  /** @throws DomainError `bad-input` (field `with`) unless the actor belongs to the circle */
  checkCircle(actor: Actor, circle: SharedWith): Promise<void>;
}

export interface BankSharingDeps {
  readonly questions: Pick<QuestionsStore, 'current'>;
  readonly shares: Pick<SharesStore, 'sharedWith'>;
  readonly writer: Pick<BankWriter, 'add'>;
  readonly associationsOf: (personId: string) => Promise<readonly Association[]>;
  readonly courseTitles: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

export function createBankSharing(deps: BankSharingDeps): BankSharing {
  const { questions, shares, writer, associationsOf, courseTitles } = deps;

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

    async checkCircle(actor, circle) {
      if (!(await circlesOf(actor)).includes(circle))
        throw badInput({ with: 'errors.field.notYourAssociation' });
    },
  };
}
