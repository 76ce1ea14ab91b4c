import type { Column, Grade } from '../model.js';
import type { Lms } from '../lms.js';
import type { LmsState } from '../state.js';

/** What the gradebook does with scores of any source. */

/** Moodle keeps five decimal places. */
const rounded = (score: number): number => Math.round(score * 100_000) / 100_000;

/** Brings a score to the column's scale and into its bounds. */
export function onScale(column: Column, scoreGiven: number, scoreMaximum: number): number {
  const scaled =
    scoreMaximum === column.scoreMaximum || scoreMaximum === 0
      ? scoreGiven
      : (scoreGiven * column.scoreMaximum) / scoreMaximum;
  return rounded(Math.min(Math.max(scaled, 0), column.scoreMaximum));
}

export interface GradeEntry {
  /** On the column's scale; null erases. */
  readonly score: number | null;
  readonly comment: string;
  /** Milliseconds; see {@link Grade.storedAt}. */
  readonly storedAt: number;
}

function remove(state: LmsState, grade: Grade): void {
  state.data.grades.splice(state.data.grades.indexOf(grade), 1);
}

/**
 * Stores what a tool says. An activity's own column forgets a person altogether when there is neither score
 * nor comment; another column keeps an empty row. A grade set by hand stays.
 */
export function storeToolGrade(state: LmsState, column: Column, personId: string, entry: GradeEntry): void {
  const old = state.grade(column.id, personId);
  if (old?.overridden === true && column.own) return;
  if (entry.score === null && entry.comment === '' && column.own) {
    if (old !== undefined) remove(state, old);
    return;
  }
  put(state, column, personId, { ...entry, overridden: false });
}

/** A teacher's own entry in the gradebook. */
export function storeManualGrade(state: LmsState, column: Column, personId: string, entry: GradeEntry): void {
  put(state, column, personId, { ...entry, overridden: true });
}

function put(
  state: LmsState,
  column: Column,
  personId: string,
  entry: Omit<Grade, 'columnId' | 'personId'>,
): void {
  const old = state.grade(column.id, personId);
  if (old === undefined) state.data.grades.push({ columnId: column.id, personId, ...entry });
  else Object.assign(old, entry);
}

/** A column's grades in the order of people. */
export const gradesOf = (state: LmsState, columnId: string): Grade[] =>
  state.data.grades
    .filter((grade) => grade.columnId === columnId)
    .sort((a, b) => Number(a.personId) - Number(b.personId));

export function addColumn(state: LmsState, column: Omit<Column, 'id'>): Column {
  const added = { ...column, id: state.next('column') };
  state.data.columns.push(added);
  return added;
}

/** Removes the column with its grades. */
export function removeColumn(state: LmsState, column: Column): void {
  const { data } = state;
  data.columns.splice(data.columns.indexOf(column), 1);
  data.grades = data.grades.filter((grade) => grade.columnId !== column.id);
}

/** A person removes a column in the gradebook. Launches may go on naming it. */
export function removeByHand({ state, oddities }: Lms, column: Column): void {
  const activity = column.activityId === null ? undefined : state.activity(column.activityId);
  if (activity !== undefined && oddities.has('names-removed-columns')) activity.removedColumnId = column.id;
  removeColumn(state, column);
  state.commit();
}

/** Another maximum keeps everybody's percentage, and of an empty grade makes 0 per cent. */
export function rescaleColumn({ state, oddities, clock }: Lms, column: Column, scoreMaximum: number): void {
  const from = column.scoreMaximum;
  column.scoreMaximum = scoreMaximum;
  if (!oddities.has('rescaling-keeps-empty')) {
    for (const { person, role } of state.members(column.courseId)) {
      const score = state.grade(column.id, person.id)?.score ?? null;
      if (role !== 'student' || score !== null) continue;
      put(state, column, person.id, {
        score: 0,
        comment: '',
        storedAt: clock.now().getTime(),
        overridden: false,
      });
    }
  }
  for (const grade of gradesOf(state, column.id)) {
    if (grade.score !== null) grade.score = onScale(column, grade.score, from);
  }
}
