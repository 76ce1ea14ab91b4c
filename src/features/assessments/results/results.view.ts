import { fullName } from '../../../shared/names.js';
import { isFinished, isOpen, type Attempt, type AttemptSummary } from '../attempts/attempt.js';
import { gradeOf, rounded, type TestGrade } from '../marking/grading.js';
import { scaled } from './scale.js';
import { gradable } from '../attempts/gradable.js';
import type { PersonResult, StudentResult } from './results.service.js';
import type { Test } from '../tests/tests.store.js';

const attemptRow = (attempt: AttemptSummary, grade: TestGrade | null) => ({
  id: attempt.id,
  number: attempt.number,
  state: attempt.state,
  isOpen: isOpen(attempt),
  startedAt: attempt.startedAt,
  finishedAt: attempt.finishedAt,
  finishedBy: attempt.finishedBy,
  /** Whole minutes, begun ones counted; null while open. */
  minutes:
    attempt.finishedAt &&
    Math.max(1, Math.ceil((attempt.finishedAt.getTime() - attempt.startedAt.getTime()) / 60_000)),
  score: isFinished(attempt) ? attempt.score : null,
  maximum: attempt.maximum,
  /** Whether this is the attempt that makes the grade. */
  counts: grade?.number === attempt.number,
  onTrial: attempt.onTrial === true,
  removed: attempt.removed ? { at: attempt.removed.at, why: attempt.removed.why } : null,
});

const studentRow = ({ personId, name, attempts, grade }: StudentResult) => ({
  personId,
  name: fullName(name),
  grade: grade && { scoreGiven: grade.scoreGiven, scoreMaximum: grade.scoreMaximum },
  attempts: attempts.map((attempt) => attemptRow(attempt, grade)),
});

/**
 * The results of a test.
 * @param waiting responses that wait for a person's marks
 * @param students the rows to show
 * @param counted whom the figures are about
 */
export function resultsView(
  test: Test,
  waiting: number,
  students: readonly StudentResult[],
  counted: readonly StudentResult[] = students,
) {
  const graded = counted.flatMap(({ grade }) => grade ?? []);
  const shares = graded.map(({ scoreGiven, scoreMaximum }) =>
    scoreMaximum === 0 ? 0 : scoreGiven / scoreMaximum,
  );
  return {
    test: {
      id: test.id,
      title: test.title,
      grading: test.grading,
      attemptsAllowed: test.attemptsAllowed,
      holdGrades: test.holdGrades,
    },
    /** Responses that wait for a person's marks. */
    waiting,
    students: students.map(studentRow),
    finished: graded.length,
    running: counted.filter(({ attempts }) => attempts.some(isOpen)).length,
    /** Per cent of the maximum; null before the first finished attempt. */
    mean:
      shares.length === 0
        ? null
        : rounded((100 * shares.reduce((all, share) => all + share, 0)) / shares.length),
  };
}

export const personView = (test: Test, student: PersonResult) => ({
  test: { id: test.id, title: test.title, grading: test.grading },
  student: {
    ...studentRow(student),
    attempts: student.attempts.map((attempt) => ({
      ...attemptRow(attempt, student.grade),
      answered: attempt.answers.filter(({ response }) => response !== null).length,
      questions: attempt.questions.length,
    })),
  },
});

/** The grade that all of one's attempts make, as the gradebook gets it. */
export const gradeView = (test: Test, attempts: readonly Attempt[]) => {
  const grade = gradeOf(test.grading, gradable(test, attempts));
  return (
    grade && {
      scoreGiven: grade.scoreGiven,
      scoreMaximum: grade.scoreMaximum,
      grading: test.grading,
      scaled: scaled(test, grade.scoreGiven, grade.scoreMaximum),
    }
  );
};
