import { workingTime, type WorkingHours } from '../../shared/working-hours.js';
import type { Message, Question } from './question.js';
import type { QuestionChange } from './questions.store.js';

/** The centre owes no answer. */
export const OWES_NOTHING = { waitingSince: null, dueAt: null, escalateAt: null } as const;

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
