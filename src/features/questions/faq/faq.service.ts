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

export function createFaqService({ faq, clock }: { faq: FaqStore; clock: Clock }): FaqService {
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
    },
    async withdraw(actor, question) {
      if (!isStaff(actor)) throw forbidden();
      await faq.withdraw(question.id);
    },
    consentEnded: (questionId) => faq.withdraw(questionId),
  };
}
