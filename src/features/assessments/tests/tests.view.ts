import type { Actor } from '../../../shared/actor.js';
import { attemptsLeft, isWhereAllowed, nextAttemptAt, standingOf } from '../assessments.policy.js';
import { isFinished, isOpen, type AttemptSummary } from '../attempts/attempt.js';
import { gradeOf, maximumOf } from '../marking/grading.js';
import { gradable } from '../attempts/gradable.js';
import { passed, scaled } from '../results/scale.js';
import type { QuestionVersion } from '../bank/questions.store.js';
import type { PlacedQuestion } from './tests.service.js';
import type { Test } from './tests.store.js';
import { seesMarks } from '../review/review.js';
import { contentFields } from '../bank/question.schema.js';
import { TYPE_NAMES, type Fields } from '../types/index.js';

/** What a student may know of a test before starting it. */
const rules = (test: Test) => ({
  id: test.id,
  title: test.title,
  description: test.description,
  questions: test.items.length + (test.draws ?? []).reduce((sum, { count }) => sum + count, 0),
  given: test.givenMaximum !== undefined,
  maximum: maximumOf(test),
  attemptsAllowed: test.attemptsAllowed,
  timeLimitMinutes: test.timeLimitMinutes,
  opensAt: test.opensAt,
  closesAt: test.closesAt,
  grading: test.grading,
  review: test.review,
  passPercent: test.passPercent,
  needsCode: test.accessCode !== '',
  boundToNetworks: test.networks.length > 0,
  pledge: test.pledge,
  certainty: test.certainty,
  delayMinutes: test.delayMinutes,
  scale: test.scale,
});

/** Where a student stands with a test. */
const progress = (test: Test, attempts: readonly AttemptSummary[], now: Date) => {
  // Points that the test's rule hides are in no list either.
  const grade = seesMarks(test, attempts, now) ? gradeOf(test.grading, gradable(test, attempts)) : null;
  return {
    standing: standingOf(test, attempts, now),
    attemptsMade: attempts.length,
    attemptsLeft: attemptsLeft(test, attempts),
    openAttempt: attempts.find(isOpen)?.id ?? null,
    grade: grade && { scoreGiven: grade.scoreGiven, scoreMaximum: grade.scoreMaximum },
    scaled: grade && scaled(test, grade.scoreGiven, grade.scoreMaximum),
    /** Null where the test has no pass mark, or nothing is marked yet. */
    passed: grade && passed(test, grade.scoreGiven, grade.scoreMaximum),
    nextAttemptAt: nextAttemptAt(test, attempts),
  };
};

interface Own {
  readonly test: Test;
  readonly attempts: readonly AttemptSummary[];
}

/** A student's list. */
export const ownListView = (rows: readonly Own[], now: Date) => ({
  tests: rows.map(({ test, attempts }) => ({ ...rules(test), ...progress(test, attempts, now) })),
});

/** The page a student starts from. */
export const startView = ({ test, attempts }: Own, now: Date, actor: Pick<Actor, 'address'>) => ({
  test: rules(test),
  /** The reader's address, where the test may not be answered from it. */
  refusedAddress: isWhereAllowed(test, actor) ? null : (actor.address ?? ''),
  ...progress(test, attempts, now),
  attempts: attempts.map((attempt) => ({
    id: attempt.id,
    number: attempt.number,
    state: attempt.state,
    startedAt: attempt.startedAt,
    finishedAt: attempt.finishedAt,
    finishedBy: attempt.finishedBy,
    score: isFinished(attempt) && seesMarks(test, [attempt], now) ? attempt.score : null,
    maximum: attempt.maximum,
  })),
});

/** @param fresh test id → results that the reader has not seen */
export const courseListView = (tests: readonly Test[], fresh: ReadonlyMap<string, number>) => ({
  tests: tests.map((test) => ({
    ...rules(test),
    state: test.state,
    newResults: fresh.get(test.id) ?? 0,
  })),
});

const questionView = (question: QuestionVersion) => ({
  key: question.key,
  version: question.version,
  type: question.definition.type,
  name: question.name ?? '',
  text: question.text,
  format: question.format ?? 'plain',
  mark: question.mark,
});

/** A test with its questions, for those who teach. @param links ids of the course's links that open it */
export const testView = (test: Test, placed: readonly PlacedQuestion[], links: readonly string[]) => ({
  test: {
    ...rules(test),
    state: test.state,
    shuffleQuestions: test.shuffleQuestions,
    shuffleAnswers: test.shuffleAnswers,
  },
  /** Where it came from when its course was copied, and the links that open it here. */
  copied: test.copiedFrom
    ? { courseTitle: test.copiedFrom.courseTitle, at: test.copiedFrom.at, links }
    : null,
  questions: placed.map(({ item, question }) => ({
    ...questionView(question),
    mark: item.mark,
    section: item.section ?? '',
    treatment: item.treatment ?? '',
  })),
  draws: (test.draws ?? []).map(({ id, category, tag, count, mark, section }) => ({
    id,
    category,
    tag,
    count,
    mark,
    section: section ?? '',
  })),
  types: TYPE_NAMES,
});

export const bankView = (test: Test, questions: readonly QuestionVersion[]) => ({
  test: { id: test.id, title: test.title },
  questions: questions.map(questionView),
  categories: [...new Set(questions.flatMap(({ category }) => category ?? []))].sort(),
  tags: [...new Set(questions.flatMap(({ tags }) => tags ?? []))].sort(),
});

/** A question's form filled with a version of it. */
export const questionFields = ({ item, question }: PlacedQuestion): Fields => ({
  ...contentFields({ ...question, mark: item.mark }),
  section: item.section ?? '',
});
