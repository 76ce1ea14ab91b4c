import { z } from 'zod';
import { badInput } from '../../../shared/errors.js';
import { list } from '../../../web/parse.js';
import {
  isOffered,
  REVIEW_LEVELS,
  REVIEW_PHASES,
  REVIEW_RULES,
  REVIEW_THINGS,
  gridOf,
  type ReviewGrid,
  type ReviewPhase,
  type ReviewSettings,
  type ReviewThing,
} from './review.js';

/** One cell of the grid as the form sends it. */
export const cellName = (phase: ReviewPhase, thing: ReviewThing): string => `${phase}-${thing}`;

const CELLS = REVIEW_PHASES.flatMap((phase) =>
  REVIEW_THINGS.filter((thing) => isOffered(thing, phase)).map((thing) => cellName(phase, thing)),
);

/** Fields of the settings form that say what a student sees. */
export const reviewShape = {
  review: z.enum(REVIEW_RULES).default('answers'),
  reviewClosed: z
    .enum(['', ...REVIEW_LEVELS])
    .default('')
    .transform((rule) => (rule === '' ? null : rule)),
  /** `after-marks` and others: what is ticked. */
  grid: list(z.enum(CELLS)),
};

interface Sent extends Pick<ReviewSettings, 'review' | 'reviewClosed' | 'closesAt'> {
  readonly grid: readonly string[];
}

/**
 * What the form sent, as it is stored.
 * @throws DomainError `bad-input` on `review`: what waits for the closing of a test that never closes
 */
export function reviewFrom({
  review,
  reviewClosed,
  grid,
  closesAt,
}: Sent): Pick<ReviewSettings, 'review' | 'reviewClosed' | 'reviewGrid'> {
  if (review === 'later' && closesAt === null) throw badInput({ review: 'errors.field.reviewNeedsClosing' });
  const chosen = Object.fromEntries(
    REVIEW_PHASES.map((phase) => [
      phase,
      REVIEW_THINGS.filter((thing) => grid.includes(cellName(phase, thing))),
    ]),
  ) as unknown as ReviewGrid;
  return { review, reviewClosed, reviewGrid: review === 'custom' ? chosen : null };
}

/** The way back: the form's fields. The grid shows what the rule means, so that it can be started from. */
export const reviewFields = (
  settings: Pick<ReviewSettings, 'review' | 'reviewClosed' | 'reviewGrid'>,
): Record<string, string | string[]> => {
  const grid = gridOf(settings);
  return {
    review: settings.review,
    reviewClosed: settings.reviewClosed ?? '',
    grid: REVIEW_PHASES.flatMap((phase) => grid[phase].map((thing) => cellName(phase, thing))).filter(
      (cell) => CELLS.includes(cell),
    ),
  };
};
