import type { Actor } from '../../shared/actor.js';
import { atLeast } from '../../shared/roles.js';
import type { Question } from './question.js';
import type { Visible } from './questions.store.js';

/* All questions here are of the actor's own course: the store finds no others. */

export const mayAsk = (actor: Actor): boolean => actor.role === 'student';

export const isStaff = (actor: Actor): boolean => atLeast(actor.role, 'assistant');

/** Sees all questions of the course, for any recipient. */
export const seesAll = (actor: Actor): boolean => atLeast(actor.role, 'methodist');

/** What a person answers for beside questions to themselves. */
export interface Reach {
  /** Associations that the person belongs to or heads. */
  readonly associationIds: readonly string[];
  /** Teachers of associations that the person heads: a question to them is seen once it is passed on to the head. */
  readonly ledTeacherIds: readonly string[];
  /** Whether the person is one of those to whom questions are passed on last. */
  readonly deputy: boolean;
}

/**
 * What a teacher sees: questions to them, to their associations and to those who teach the course, and what is passed
 * on to them.
 */
export const visibleTo = (actor: Actor, reach: Reach): Visible | undefined =>
  seesAll(actor) ? undefined : { personId: actor.personId, ...reach, course: true };

export function maySee(actor: Actor, question: Question, reach: Reach): boolean {
  if (mayAsk(actor)) return question.studentId === actor.personId;
  if (!isStaff(actor)) return false;
  if (seesAll(actor) || question.takenBy === actor.personId) return true;
  if (reach.deputy && question.escalation >= 2) return true;
  switch (question.to.kind) {
    case 'course':
      return true;
    case 'teacher':
      return (
        question.to.id === actor.personId ||
        (question.escalation >= 1 && reach.ledTeacherIds.includes(question.to.id))
      );
    case 'association':
      return reach.associationIds.includes(question.to.id);
  }
}
