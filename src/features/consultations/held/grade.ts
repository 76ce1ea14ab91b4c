import type { NewGrade } from '../../gradebook/index.js';
import type { Series } from '../series/series.store.js';
import { isPresent, type AttendanceEntry, type HeldRecord } from './marks.js';

/**
 * A student's score for a series of consultations; null while there is nothing to grade.
 * `fixed`: the maximum for the first attendance. `mean`, `max`, `sum` are over the points of each attendance, where a
 * no-show has 0 points, and an excused absence or an attendance without points does not count; `sum` ends at the
 * maximum.
 */
export function scoreOf(
  { grading, gradeMaximum }: Pick<Series, 'grading' | 'gradeMaximum'>,
  entries: readonly Pick<AttendanceEntry, 'mark' | 'points'>[],
): number | null {
  const counted = entries.filter(({ mark }) => mark !== 'excused');
  if (grading === 'none' || counted.length === 0) return null;
  if (grading === 'fixed') return counted.some(({ mark }) => isPresent(mark)) ? gradeMaximum : 0;
  const points = counted.flatMap(({ mark, points }) => (isPresent(mark) ? (points ?? []) : 0));
  if (points.length === 0) return null;
  const sum = points.reduce((total, given) => total + given, 0);
  switch (grading) {
    case 'mean':
      return Math.round((sum / points.length) * 100) / 100;
    case 'max':
      return Math.max(...points);
    case 'sum':
      return Math.min(gradeMaximum, Math.round(sum * 100) / 100);
  }
}

/** The scores of a series as the gradebook should have them, from all records of the series. */
export function gradesOf(series: Series, records: readonly HeldRecord[]): NewGrade[] {
  const byPerson = new Map<string, { entries: AttendanceEntry[]; at: number }>();
  for (const { entries, markedAt } of records) {
    for (const entry of entries) {
      const known = byPerson.get(entry.personId) ?? { entries: [], at: 0 };
      known.entries.push(entry);
      byPerson.set(entry.personId, { ...known, at: Math.max(known.at, markedAt?.getTime() ?? 0) });
    }
  }
  return [...byPerson].flatMap(([personId, { entries, at }]) => {
    const scoreGiven = scoreOf(series, entries);
    if (scoreGiven === null) return [];
    // A new rule makes another score of the same attendance.
    const asOf = new Date(Math.max(at, series.gradedSince?.getTime() ?? 0));
    return [
      {
        courseId: series.courseId,
        personId,
        content: { kind: 'consultations' as const, id: series.id },
        title: series.title,
        scoreGiven,
        scoreMaximum: series.gradeMaximum,
        comment: '',
        submittedAt: new Date(at),
        asOf,
      },
    ];
  });
}
