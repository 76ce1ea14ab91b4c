import type { Attempt, AttemptQuestion, Marking } from '../attempts/attempt.js';
import { sum, totalOf } from './grading.js';
import { stateOfMarks, type Mark } from './mark.js';

/** What follows from the marks of a finished attempt: its state, its points, and what could be reached. */
export const withMarks = (
  attempt: Pick<Attempt, 'questions'>,
  marks: readonly Mark[],
  questions: readonly AttemptQuestion[] = attempt.questions,
): Marking => ({
  marks,
  questions,
  state: stateOfMarks(marks),
  score: totalOf(marks.map(({ score }) => score)),
  maximum: sum(questions.filter((_, index) => marks[index]?.by !== 'dropped').map(({ mark }) => mark)),
});
