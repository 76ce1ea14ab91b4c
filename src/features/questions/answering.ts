import type { AnswerRules } from '../../infra/settings/index.js';
import type { Actor } from '../../shared/actor.js';
import { DomainError } from '../../shared/errors.js';
import { newKey } from '../../shared/ids.js';
import { afterWorkingHours, workingTime, type WorkingHours } from '../../shared/working-hours.js';
import type { Message, Question } from './question.js';
import { mayAsk } from './questions.policy.js';
import type { QuestionChange } from './questions.store.js';

/** Names the field: the form comes back with what was written. */
export const closedToAnswers = (): DomainError =>
  new DomainError('question-closed', 409, { fields: { text: 'errors.field.questionClosed' } });

/** The centre owes no answer. */
export const OWES_NOTHING = { waitingSince: null, dueAt: null, escalateAt: null } as const;

/** The centre owes an answer from now on. */
export function owedFrom(
  now: Date,
  { work, answerHours }: AnswerRules,
): Pick<Question, 'waitingSince' | 'dueAt' | 'escalateAt' | 'escalation'> {
  const dueAt = afterWorkingHours(now, answerHours, work);
  return { waitingSince: now, dueAt, escalateAt: dueAt, escalation: 0 };
}

export const messageOf = (actor: Actor, text: string, fileIds: readonly string[], at: Date): Message => ({
  id: newKey(),
  authorId: actor.personId,
  side: mayAsk(actor) ? 'student' : 'staff',
  text,
  files: fileIds,
  at,
});

/** What an answer of the centre changes. */
export const answerChange = (question: Question, message: Message, work: WorkingHours): QuestionChange => ({
  state: 'answered',
  ...OWES_NOTHING,
  ...(question.takenBy === '' && { takenBy: message.authorId }),
  ...(question.answeredAt === null && {
    answeredAt: message.at,
    answerTime: workingTime(question.askedAt, message.at, work),
  }),
});
