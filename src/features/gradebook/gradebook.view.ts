import { fullName, type PersonName } from '../../shared/names.js';
import type { ResultAnswer } from '../../lti/index.js';
import type { GradeRow } from './score-row.store.js';
import type { SoughtLineItem } from './line-item-row.store.js';
import type { FoundGrade, TroubledLineItem } from './gradebook.service.js';

/** A row as pages and JSON show it. */
export const gradeView = (row: GradeRow) => ({
  id: row.id,
  title: row.title,
  scoreGiven: row.scoreGiven,
  scoreMaximum: row.scoreMaximum,
  comment: row.comment,
  submittedAt: row.submittedAt,
  state: row.state,
  deliveredAt: row.deliveredAt,
});

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
  rows: readonly { row: GradeRow; person: { name: PersonName } | null }[],
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
