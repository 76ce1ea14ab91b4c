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
