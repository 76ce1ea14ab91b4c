import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { DomainError } from '../../../shared/errors.js';
import type { Test, TestsStore } from '../tests/tests.store.js';
import type { BankWriter } from './bank-writer.js';
import {
  contentOf,
  type QuestionContent,
  type QuestionsStore,
  type QuestionVersion,
} from './questions.store.js';
import type { BankSharing } from './sharing.service.js';
import type { SharedWith, SharesStore } from './shares.store.js';

/** What is done to several questions at once. */
export type BulkChange =
  | { readonly action: 'category'; readonly category: string }
  | { readonly action: 'tag' | 'untag'; readonly tag: string }
  | { readonly action: 'share'; readonly with: SharedWith }
  | { readonly action: 'unshare' | 'remove' };

/** Tests that a question stands in. */
export const usesOf = (tests: readonly Test[], key: string): Test[] =>
  tests.filter(({ items }) => items.some((item) => item.key === key));

export interface BulkChangeDeps {
  readonly questions: Pick<QuestionsStore, 'remove'>;
  readonly tests: Pick<TestsStore, 'ofCourse'>;
  readonly shares: Pick<SharesStore, 'put' | 'remove'>;
  readonly sharing: Pick<BankSharing, 'checkCircle'>;
  readonly writer: Pick<BankWriter, 'edit'>;
  readonly clock: Clock;
}

/**
 * Changes questions of the actor's course.
 * @returns how many were changed: a question that a test holds is not removed
 */
export type ChangeQuestions = (
  actor: Actor,
  found: readonly QuestionVersion[],
  change: BulkChange,
) => Promise<number>;

export function createBulkChange(deps: BulkChangeDeps): ChangeQuestions {
  const { questions, tests, shares, sharing, writer, clock } = deps;

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

  return async (actor, found, change) => {
    const { courseId, personId } = actor;
    const keys = found.map(({ key }) => key);
    switch (change.action) {
      case 'share':
        await sharing.checkCircle(actor, change.with);
        for (const key of keys)
          await shares.put({ courseId, key, with: change.with, by: personId, at: clock.now() });
        return found.length;
      case 'unshare':
        await shares.remove(courseId, keys);
        return found.length;
      case 'remove': {
        const all = await tests.ofCourse(courseId, ['draft', 'published']);
        const free = keys.filter((key) => usesOf(all, key).length === 0);
        await questions.remove(courseId, free, clock.now());
        await shares.remove(courseId, free);
        return free.length;
      }
      default:
        return rewrite(actor, found, change);
    }
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
