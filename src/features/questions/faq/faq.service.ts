import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { conflict, forbidden } from '../../../shared/errors.js';
import type { Question } from '../question.js';
import { isStaff } from '../questions.policy.js';
import type { PublishedInput } from '../questions.schema.js';
import type { FaqEntry, FaqStore } from './faq.store.js';

export interface FaqService {
  /** Published questions of the actor's course. */
  list(actor: Actor, words: string): Promise<FaqEntry[]>;
  /** Those of the open page. */
  listPublic(words: string): Promise<FaqEntry[]>;
  findOptional(questionId: string): Promise<FaqEntry | null>;
  /**
   * Publishes an answered question without the name.
   * @param question that the actor may see
   * @throws DomainError `forbidden`; 409 `question-no-consent`, `question-unanswered`
   */
  publish(actor: Actor, question: Question, input: PublishedInput): Promise<void>;
  withdraw(actor: Actor, question: Question): Promise<void>;
  /** The student has taken the consent back. */
  consentEnded(questionId: string): Promise<void>;
}

export interface FaqDeps {
  readonly faq: FaqStore;
  readonly clock: Clock;
  readonly findQuestion: (id: string) => Promise<Question | null>;
}

export function createFaqService({ faq, clock, findQuestion }: FaqDeps): FaqService {
  return {
    list: ({ courseId }, words) => faq.list({ courseId }, words),
    listPublic: (words) => faq.list(null, words),
    findOptional: (questionId) => faq.findOptional(questionId),
    async publish(actor, question, input) {
      if (!isStaff(actor)) throw forbidden();
      if (!question.consent) throw conflict('question-no-consent');
      if (question.answeredAt === null) throw conflict('question-unanswered');
      await faq.publish({
        ...input,
        courseId: question.courseId,
        questionId: question.id,
        publishedAt: clock.now(),
        publishedBy: actor.personId,
      });
      // The consent may have been taken back between the look at it and the write.
      if ((await findQuestion(question.id))?.consent === true) return;
      await faq.withdraw(question.id);
      throw conflict('question-no-consent');
    },
    async withdraw(actor, question) {
      if (!isStaff(actor)) throw forbidden();
      await faq.withdraw(question.id);
    },
    consentEnded: (questionId) => faq.withdraw(questionId),
  };
}
