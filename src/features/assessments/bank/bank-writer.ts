import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { DomainError } from '../../../shared/errors.js';
import { newKey } from '../../../shared/ids.js';
import { filesIn } from './files-in.js';
import type { QuestionContent, QuestionsStore, QuestionVersion } from './questions.store.js';

/** Writes versions of questions: in a test and in the bank alike. */
export interface BankWriter {
  /** @returns the key of the new question */
  add(actor: Actor, content: QuestionContent, key?: string): Promise<string>;
  /**
   * Writes a question's next version; attempts keep the one they were given.
   * @param seen version that the teacher saw
   * @throws DomainError `question-changed` (409, field `text`) if it was changed meanwhile
   */
  edit(actor: Actor, before: QuestionVersion, seen: number, content: QuestionContent): Promise<void>;
}

export function createBankWriter(deps: {
  readonly questions: Pick<QuestionsStore, 'insert'>;
  readonly clock: Clock;
}): BankWriter {
  const { questions, clock } = deps;
  return {
    async add({ courseId, personId }, content, key = newKey()) {
      const first = { ...content, courseId, key, version: 1, createdBy: personId, files: filesIn(content) };
      await questions.insert(first, clock.now());
      return key;
    },

    async edit({ courseId, personId }, before, seen, content) {
      const next = {
        ...content,
        courseId,
        key: before.key,
        version: seen + 1,
        createdBy: personId,
        files: filesIn(content),
      };
      // A version from the future would leave a gap that the next editor could fill.
      if (seen > before.version || !(await questions.insert(next, clock.now()))) {
        throw new DomainError('question-changed', 409, { fields: { text: 'errors.field.changed' } });
      }
    },
  };
}
