import type { Actor } from '../../shared/actor.js';
import { atLeast } from '../../shared/roles.js';
import type { Question } from './question.js';
import type { Visible } from './questions.store.js';

/* All questions here are of the actor's own course: the store finds no others. */

export const mayAsk = (actor: Actor): boolean => actor.role === 'student';

export const isStaff = (actor: Actor): boolean => atLeast(actor.role, 'assistant');

/** Sees all questions of the course, for any recipient. */
export const seesAll = (actor: Actor): boolean => atLeast(actor.role, 'methodist');

/** What a teacher sees: questions to them, to their associations and to those who teach the course. */
export const visibleTo = (actor: Actor, associationIds: readonly string[]): Visible | undefined =>
  seesAll(actor) ? undefined : { personId: actor.personId, associationIds, course: true };

export function maySee(actor: Actor, question: Question, associationIds: readonly string[]): boolean {
  if (mayAsk(actor)) return question.studentId === actor.personId;
  if (!isStaff(actor)) return false;
  if (seesAll(actor) || question.takenBy === actor.personId) return true;
  switch (question.to.kind) {
    case 'course':
      return true;
    case 'teacher':
      return question.to.id === actor.personId;
    case 'association':
      return associationIds.includes(question.to.id);
  }
}
