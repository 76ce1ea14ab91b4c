import type { PersonName } from '../../../shared/names.js';
import { masked } from '../../../infra/audit/index.js';
import type { GradeEvent } from '../../gradebook/index.js';
import type { AgainProgress, GradeList, GradeWish, SyncedGrade } from './scores.service.js';

/** The beginnings of a name: enough to tell two people of one row apart, no more than an administrator needs. */
const maskedName = (name: PersonName | undefined): string =>
  name === undefined ? '' : [name.surname, name.givenName].map(masked).filter(Boolean).join(' ');

/** What an LMS says may name the person it speaks of. */
function withoutPerson(words: string, name: PersonName | undefined): string {
  const parts = name === undefined ? [] : [name.surname, name.givenName, name.patronymic];
  return parts
    .filter((part) => part.length > 1)
    .reduce((text, part) => text.replaceAll(part, masked(part)), words)
    .replace(/[^\s<>"'(),;]+@[^\s<>"'(),;]+/g, '•••@•••');
}

const rowView = ({ row, person, course, platform }: SyncedGrade) => ({
  id: row.id,
  person: maskedName(person?.name),
  title: row.title,
  course,
  courseId: row.courseId,
  platform,
  state: row.state,
  tries: row.tries,
  queuedAt: row.queuedAt,
  dueAt: row.dueAt,
  deliveredAt: row.deliveredAt,
  problem: row.problem,
  reason: withoutPerson(row.reason, person?.name),
});

/** A filter as it stands in an address or a form; only what was given. */
export const wishFields = ({ q, state, platform, course }: GradeWish): Record<string, string> => ({
  ...(q !== '' && { q }),
  ...(state !== undefined && { state }),
  ...(platform !== undefined && { platform }),
  ...(course !== undefined && { course }),
});

export const listView = (wish: GradeWish, { grades, next, platforms, course, heldBack }: GradeList) => ({
  grades: grades.map(rowView),
  wish: wishFields(wish),
  query: new URLSearchParams(wishFields(wish)).toString(),
  next: next && `${next.queuedAt.getTime()}-${next.id}`,
  platforms,
  course,
  heldBack,
});

export const gradeView = (grade: SyncedGrade & { history: readonly GradeEvent[] }) => ({
  grade: {
    ...rowView(grade),
    sub: grade.row.sub,
    lineItem: grade.row.lineItem,
    history: grade.history
      .map(({ at, what, problem, reason }) => ({
        at,
        what,
        problem,
        reason: withoutPerson(reason, grade.person?.name),
      }))
      .reverse(),
  },
});

export const againView = (wish: GradeWish, progress: AgainProgress | null, count: number) => ({
  wish: wishFields(wish),
  query: new URLSearchParams(wishFields(wish)).toString(),
  count,
  progress: progress && {
    before: String(progress.before.getTime()),
    done: progress.done,
    left: progress.left,
  },
});
