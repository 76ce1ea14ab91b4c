/** What of an attempt a student sees, and when. Pure. */

import { MINUTE } from '../../../shared/clock.js';

/**
 * What can be shown: the questions with the answers given; whether each is right; how many points could be had; how
 * many were; feedback on what was answered; feedback on the question; the right answer; the words for the whole.
 */
export const REVIEW_THINGS = [
  'attempt',
  'correct',
  'maximum',
  'marks',
  'specific',
  'general',
  'answer',
  'overall',
] as const;
export type ReviewThing = (typeof REVIEW_THINGS)[number];

/** While it is answered; just after its end; later, while the test is open; after the test has closed. */
export const REVIEW_PHASES = ['during', 'after', 'open', 'closed'] as const;
export type ReviewPhase = (typeof REVIEW_PHASES)[number];

/** For each phase, what is shown. */
export type ReviewGrid = Readonly<Record<ReviewPhase, readonly ReviewThing[]>>;

/**
 * `answers`: all; `marks`: right or wrong and the points; `score`: the points of the whole alone; `later`: nothing
 * until the test has closed, then all.
 */
export const REVIEW_PRESETS = ['answers', 'marks', 'score', 'later'] as const;
/** `custom`: as the test's own grid says. */
export const REVIEW_RULES = [...REVIEW_PRESETS, 'custom'] as const;
export type ReviewRule = (typeof REVIEW_RULES)[number];
/** What may be chosen for the time after closing. */
export const REVIEW_LEVELS = ['answers', 'marks', 'score'] as const;
export type ReviewLevel = (typeof REVIEW_LEVELS)[number];

const LEVELS: Readonly<Record<ReviewLevel, readonly ReviewThing[]>> = {
  answers: REVIEW_THINGS,
  marks: ['attempt', 'correct', 'maximum', 'marks', 'overall'],
  score: ['maximum', 'marks', 'overall'],
};

/** How long "just after the end" lasts. */
export const JUST_AFTER_MS = 2 * MINUTE;

/** Cells that mean nothing: an attempt under way is always seen, and nothing is said of the whole. */
export const isOffered = (thing: ReviewThing, phase: ReviewPhase): boolean =>
  phase !== 'during' || (thing !== 'attempt' && thing !== 'overall' && thing !== 'maximum');

export const USUAL_GRID: ReviewGrid = {
  during: [],
  after: REVIEW_THINGS,
  open: REVIEW_THINGS,
  closed: REVIEW_THINGS,
};

/** What of a test says what is seen. */
export interface ReviewSettings {
  readonly review: ReviewRule;
  /** After the test has closed; null: as before. */
  readonly reviewClosed: ReviewLevel | null;
  /** With `custom`. */
  readonly reviewGrid: ReviewGrid | null;
  readonly closesAt: Date | null;
}

/** The rule of a test as a grid. */
export function gridOf({ review, reviewClosed, reviewGrid }: Omit<ReviewSettings, 'closesAt'>): ReviewGrid {
  if (review === 'custom') return reviewGrid ?? USUAL_GRID;
  if (review === 'later') return { during: [], after: [], open: [], closed: REVIEW_THINGS };
  const shown = LEVELS[review];
  return { during: [], after: shown, open: shown, closed: LEVELS[reviewClosed ?? review] };
}

interface Ended {
  readonly state: string;
  readonly finishedAt: Date | null;
}

const isOpen = ({ state }: Ended): boolean => state === 'inProgress' || state === 'overdue';

export function phaseOf(
  { closesAt }: Pick<ReviewSettings, 'closesAt'>,
  attempt: Ended,
  now: Date,
): ReviewPhase {
  if (isOpen(attempt)) return 'during';
  if (closesAt !== null && now >= closesAt) return 'closed';
  const since = now.getTime() - (attempt.finishedAt?.getTime() ?? 0);
  return since < JUST_AFTER_MS ? 'after' : 'open';
}

/** What of an attempt may be shown to the person who looks. */
export type ReviewRights = Readonly<Record<ReviewThing, boolean>>;

const rightsOf = (shown: readonly ReviewThing[]): ReviewRights =>
  Object.fromEntries(REVIEW_THINGS.map((thing) => [thing, shown.includes(thing)])) as ReviewRights;

/** For those who teach. */
export const EVERYTHING: ReviewRights = rightsOf(REVIEW_THINGS);

/** What its student sees of an attempt at this moment. */
export const rightsAt = (test: ReviewSettings, attempt: Ended, now: Date): ReviewRights =>
  rightsOf(gridOf(test)[phaseOf(test, attempt, now)]);

/** Whether the student sees the points of all these attempts, and so the grade that they make. */
export const seesMarks = (test: ReviewSettings, attempts: readonly Ended[], now: Date): boolean =>
  attempts.every((attempt) => isOpen(attempt) || rightsAt(test, attempt, now).marks);

/** Whether a single answer can be checked, for good, while the attempt goes on. */
export const checksAnswers = (test: Omit<ReviewSettings, 'closesAt'>): boolean =>
  gridOf(test).during.some((thing) => isOffered(thing, 'during'));
