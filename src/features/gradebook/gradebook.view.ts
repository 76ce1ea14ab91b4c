import { fullName, type PersonName } from '../../shared/names.js';
import type { ResultAnswer } from '../../lti/index.js';
import type { GradeRow } from './score-row.store.js';
import type { SoughtLineItem } from './line-item-row.store.js';
import type { FoundGrade, TroubledLineItem } from './gradebook.service.js';

/** A row as pages and JSON show it. */
export const gradeView = (row: GradeRow & { readonly place?: string }) => ({
  id: row.id,
  place: row.place ?? '',
  held: heldView(row),
  /** Whether more will be known of it soon. */
  live: row.state === 'pending' || (row.state === 'sent' && row.heldAt === null),
  title: row.title,
  scoreGiven: row.scoreGiven,
  scoreMaximum: row.scoreMaximum,
  comment: row.comment,
  submittedAt: row.submittedAt,
  state: row.state,
  deliveredAt: row.deliveredAt,
});

/** Points are compared as parts of their maxima: gradebooks have scales of their own, and keep five decimals. */
const SAME = 1e-4;

/** What the gradebook holds, where it is not what was sent: nothing, or other points. */
function heldView({ held, state, scoreGiven, scoreMaximum }: GradeRow) {
  if (state !== 'sent' || held === null) return null;
  const { score, maximum } = held;
  if (score === null) return { kind: 'nothing' as const, score: 0, maximum: null };
  const sent = scoreMaximum === 0 ? 0 : scoreGiven / scoreMaximum;
  const same = Math.abs(score / (maximum === null || maximum === 0 ? scoreMaximum : maximum) - sent) < SAME;
  return same ? null : { kind: 'other' as const, score, maximum };
}

/** For the student: what became of it, without the LMS's technical words. */
export const ownView = (rows: readonly GradeRow[]) => ({ grades: rows.map(gradeView) });

/** One row with all that happened to it, and what the gradebook holds where it has just been asked. */
export const rowView = ({ row, person, history }: FoundGrade, held: ResultAnswer | null) => ({
  grade: {
    ...gradeView(row),
    person: person ? fullName(person.name) : '',
    problem: row.problem,
    reason: row.reason,
    history: [...history].reverse(),
  },
  held,
});

/** What has become of a column that is told of. */
function columnText({ lineItem, problem, reason, replacedAt }: SoughtLineItem): string {
  if (lineItem === '') return 'grades.column.missing';
  // One that is there, and could not be changed.
  if (problem !== '' || reason !== '') return 'grades.column.stale';
  return replacedAt === null ? 'grades.column.missing' : 'grades.column.replaced';
}

/** For those who teach: with names, tries and reasons. */
export const courseView = (
  rows: readonly { row: GradeRow & { readonly place?: string }; person: { name: PersonName } | null }[],
  troubled: readonly TroubledLineItem[],
) => ({
  columns: troubled.map(({ lineItem, title }) => ({
    id: lineItem.id,
    title,
    text: columnText(lineItem),
    works: lineItem.problem === '' && lineItem.reason === '',
    replacedAt: lineItem.replacedAt,
    retried: lineItem.dueAt !== null,
    problem: lineItem.problem,
    reason: lineItem.reason,
  })),
  grades: rows.map(({ row, person }) => ({
    ...gradeView(row),
    person: person ? fullName(person.name) : '',
    tries: row.tries,
    dueAt: row.dueAt,
    problem: row.problem,
    reason: row.reason,
  })),
  failed: rows.filter(({ row }) => row.state === 'failed').length,
});
