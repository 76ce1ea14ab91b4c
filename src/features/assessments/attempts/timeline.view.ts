import { SECOND } from '../../../shared/clock.js';
import type { AttemptWithQuestions } from './attempt-questions.js';

/** Something that happened in an attempt. */
export interface TimelineEntry {
  readonly at: Date;
  /** Its wording is `assessments.timeline.<kind>`. */
  readonly kind: string;
  /** Of the question, from 1; null for the whole attempt. */
  readonly question: number | null;
  readonly what: string;
}

/** How quickly answers were given: seconds between saved answers, and the question that took the fewest. */
export interface Pace {
  readonly median: number;
  readonly shortest: number;
  readonly question: number;
}

/** Fewer answers tell nothing of how quickly they are given. */
const FEWEST = 3;

/** Returns null of few answers, and where all were saved together, as by a form. */
export function paceOf({ startedAt, answers }: AttemptWithQuestions['attempt']): Pace | null {
  const saved = answers
    .flatMap(({ savedAt }, index) =>
      savedAt === null ? [] : [{ at: savedAt.getTime(), question: index + 1 }],
    )
    .sort((a, b) => a.at - b.at);
  const gaps = saved
    .map(({ at, question }, index) => ({
      question,
      seconds: Math.round((at - (saved[index - 1]?.at ?? startedAt.getTime())) / SECOND),
    }))
    .sort((a, b) => a.seconds - b.seconds);
  const [median, first] = [gaps[Math.floor(gaps.length / 2)], gaps[0]];
  if (gaps.length < FEWEST || median === undefined || first === undefined || median.seconds === 0)
    return null;
  return { median: median.seconds, shortest: first.seconds, question: first.question };
}

/** What is known of an attempt, oldest first: for those who teach, as information. */
export function timelineView({ attempt }: AttemptWithQuestions): TimelineEntry[] {
  const entry = (at: Date, kind: string, question: number | null = null, what = ''): TimelineEntry => ({
    at,
    kind,
    question,
    what,
  });
  const percent = (fraction: number | null): string =>
    fraction === null ? '—' : `${Math.round(100 * fraction)} %`;
  return [
    entry(attempt.startedAt, 'started'),
    ...attempt.answers.flatMap(({ savedAt }, index) =>
      savedAt === null ? [] : [entry(savedAt, 'saved', index + 1)],
    ),
    ...(attempt.log ?? []).map(({ at, kind, what }) =>
      kind === 'seen' ? entry(at, kind, null, what) : entry(at, kind, what === '' ? null : Number(what)),
    ),
    ...(attempt.finishedAt ? [entry(attempt.finishedAt, `finished.${attempt.finishedBy ?? 'student'}`)] : []),
    ...(attempt.markChanges ?? []).map(({ at, by, index, from, to, why }) =>
      entry(at, `mark.${by}`, index + 1, `${percent(from)} → ${percent(to)}${why === '' ? '' : `. ${why}`}`),
    ),
  ].sort((a, b) => a.at.getTime() - b.at.getTime());
}
