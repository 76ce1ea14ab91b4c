import { compareText } from '../../../shared/collation.js';
import { fullName, NAMELESS } from '../../../shared/names.js';
import { Recent } from '../../../shared/recent.js';
import type { CourseGroup, Membership, Person } from '../../membership/index.js';
import { byPerson, isCounted, type AttemptSummary } from '../attempts/attempt.js';
import { gradable } from '../attempts/gradable.js';
import { gradeOf } from '../marking/grading.js';
import type { Test } from '../tests/tests.store.js';
import type { CourseStudentResult } from './results.service.js';

/** What the list of students of a test is made of. */
export interface CourseStudentsSource {
  readonly test: Test;
  readonly members: readonly Membership[];
  /** Of everybody at the test. */
  readonly attempts: readonly AttemptSummary[];
  readonly groups: readonly CourseGroup[];
  readonly findPeople: (ids: readonly string[]) => Promise<Person[]>;
}

/** Students of the course and others with attempts at a test, by name, with what each has made of it. */
export type CourseStudents = (source: CourseStudentsSource) => Promise<readonly CourseStudentResult[]>;

/** Tests whose list is remembered: a thousand students are about half a megabyte. */
const MOST_TESTS = 20;

/**
 * Remembers the last list of each test. Records that stores keep in memory are the same objects while nothing has
 * changed, so that the list is only worked out again when something has.
 */
export function createCourseStudents(): CourseStudents {
  const known = new Recent<{
    readonly from: readonly unknown[];
    readonly list: readonly CourseStudentResult[];
  }>(MOST_TESTS);
  return async (source) => {
    const { test, members, attempts, groups } = source;
    const own = byPerson(attempts.filter(isCounted));
    const present = members.filter(
      ({ role, leftAt, onTrial }) => role === 'student' && leftAt === null && !onTrial,
    );
    const ids = [...new Set([...present.map(({ personId }) => personId), ...own.keys()])];
    const people = await source.findPeople(ids);
    const from = [JSON.stringify([test, groups]), attempts, ...members, ...people];
    const last = known.get(test.id);
    if (last !== undefined && isSame(last.from, from)) return last.list;
    const list = listOf(source, ids, own, people);
    known.set(test.id, { from, list });
    return list;
  };
}

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

function listOf(
  { test, members, groups }: CourseStudentsSource,
  ids: readonly string[],
  own: ReadonlyMap<string, readonly AttemptSummary[]>,
  people: readonly Person[],
): CourseStudentResult[] {
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const groupIds = new Map(members.map((member) => [member.personId, member.groups]));
  return ids
    .map((personId) => {
      const attempts = own.get(personId) ?? [];
      const name = names.get(personId) ?? NAMELESS;
      const student: CourseStudentResult = {
        personId,
        name,
        attempts,
        grade: gradeOf(test.grading, gradable(test, attempts)),
        groups: groups.filter(({ id }) => groupIds.get(personId)?.includes(id)),
      };
      return { student, text: fullName(name) };
    })
    .sort((a, b) => compareText(a.text, b.text))
    .map(({ student }) => student);
}
