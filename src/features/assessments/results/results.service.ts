import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { notFound } from '../../../shared/errors.js';
import { NAMELESS, type PersonName } from '../../../shared/names.js';
import type { GradeRow } from '../../gradebook/index.js';
import type { CourseGroup, Membership, Person } from '../../membership/index.js';
import type { Attempt, AttemptSummary } from '../attempts/attempt.js';
import type { AttemptsStore } from '../attempts/attempts.store.js';
import { gradable } from '../attempts/gradable.js';
import { isWaiting } from '../marking/mark.js';
import { gradeOf, type TestGrade } from '../marking/grading.js';
import type { Test, TestsStore } from '../tests/tests.store.js';
import { createCourseStudents } from './course-students.js';
import type { VisitsStore } from '../attempts/visits.store.js';
import { ifWritable } from '../../../storage/index.js';

export interface ResultsServiceDeps {
  readonly tests: TestsStore;
  readonly attempts: AttemptsStore;
  readonly visits: VisitsStore;
  readonly clock: Clock;
  readonly members: (courseId: string) => Promise<Membership[]>;
  readonly membership: (courseId: string, personId: string) => Promise<Membership | null>;
  readonly groupsOf: (courseId: string) => Promise<CourseGroup[]>;
  readonly findPeople: (ids: readonly string[]) => Promise<Person[]>;
  /** Where a person's grade for a test stands with the gradebook. */
  readonly deliveries: (courseId: string, personId: string, testId: string) => Promise<GradeRow[]>;
}

/** What one student has made of a test. */
export interface StudentResult {
  readonly personId: string;
  readonly name: PersonName;
  readonly attempts: readonly AttemptSummary[];
  /** Null while no attempt is finished. */
  readonly grade: TestGrade | null;
}

/** A student alone, with what each attempt holds. */
export interface PersonResult extends StudentResult {
  readonly attempts: readonly Attempt[];
}

/** A student among the others of the course. */
export interface CourseStudentResult extends StudentResult {
  /** Groups of the course that the student is in. */
  readonly groups: readonly CourseGroup[];
}

export interface TestResults {
  readonly test: Test;
  /** By name. */
  readonly students: readonly CourseStudentResult[];
  /** All groups of the course. */
  readonly groups: readonly CourseGroup[];
  /** Responses that wait for a person's marks. */
  readonly waiting: number;
}

/** What those who teach see of everybody, and each student of the own grade. */
export interface ResultsService {
  /** Lists the course’s students and others with attempts, by name. Records the visit unless `seen` is false. */
  ofTest(actor: Actor, testId: string, look?: { readonly seen: boolean }): Promise<TestResults>;
  /** One student of the course. @throws DomainError `not-found` */
  ofPerson(
    actor: Actor,
    testId: string,
    personId: string,
  ): Promise<{ test: Test; student: PersonResult; deliveries: GradeRow[] }>;
  /** Lets grades that were held go to the gradebook. */
  release(actor: Actor, testId: string): Promise<void>;
  /** Names by person, for those who are known. */
  namesOf(personIds: readonly string[]): Promise<ReadonlyMap<string, PersonName>>;
  /** Whose attempt it is, with all of that person's at the test, and where the grade stands. */
  ofAttempt(attempt: Attempt): Promise<{
    name: PersonName;
    attempts: Attempt[];
    deliveries: GradeRow[];
  }>;
  /** How many attempts of each test wait for a person's marks; tests without any are left out. */
  waiting(actor: Actor): Promise<{ test: Test; count: number }[]>;
  /** How many attempts of each test were finished since the actor last looked; tests without any are left out. */
  unseen(actor: Actor): Promise<{ test: Test; count: number }[]>;
}

export function createResultsService(deps: ResultsServiceDeps): ResultsService {
  const { tests, attempts, visits, clock } = deps;
  const courseStudents = createCourseStudents();

  async function find(actor: Actor, id: string): Promise<Test> {
    const test = await tests.findOptional(actor.courseId, id);
    if (test === null) throw notFound();
    return test;
  }

  return {
    async ofTest(actor: Actor, testId: string, { seen } = { seen: true }): Promise<TestResults> {
      const test = await find(actor, testId);
      const [members, all, groups, waiting] = await Promise.all([
        deps.members(actor.courseId),
        attempts.summariesOfTest(actor.courseId, testId),
        deps.groupsOf(actor.courseId),
        attempts.waitingOfTest(actor.courseId, testId),
      ]);
      const { findPeople } = deps;
      const students = await courseStudents({ test, members, attempts: all, groups, findPeople });
      if (seen) await ifWritable(visits.seen(actor.courseId, testId, actor.personId, clock.now()));
      const waits = waiting.reduce((count, { marks }) => count + marks.filter(isWaiting).length, 0);
      return { test, students, groups, waiting: waits };
    },

    async ofPerson(
      actor: Actor,
      testId: string,
      personId: string,
    ): Promise<{ test: Test; student: PersonResult; deliveries: GradeRow[] }> {
      const [test, made, member] = await Promise.all([
        find(actor, testId),
        attempts.ofPerson(actor.courseId, testId, personId),
        deps.membership(actor.courseId, personId),
      ]);
      // People of other courses are none of the actor's business.
      if (member === null && made.length === 0) throw notFound();
      const [[person], deliveries] = await Promise.all([
        deps.findPeople([personId]),
        deps.deliveries(actor.courseId, personId, testId),
      ]);
      const grade = gradeOf(test.grading, gradable(test, made));
      return {
        test,
        student: { personId, name: person?.name ?? NAMELESS, attempts: made, grade },
        deliveries,
      };
    },

    async release(actor, testId) {
      if (!(await tests.releaseGrades(actor.courseId, testId, clock.now()))) await find(actor, testId);
    },

    async namesOf(personIds) {
      const found = await deps.findPeople([...new Set(personIds)]);
      return new Map(found.map(({ id, name }) => [id, name]));
    },

    async ofAttempt({ courseId, testId, personId }: Attempt): Promise<{
      name: PersonName;
      attempts: Attempt[];
      deliveries: GradeRow[];
    }> {
      const [[person], made, deliveries] = await Promise.all([
        deps.findPeople([personId]),
        attempts.ofPerson(courseId, testId, personId),
        deps.deliveries(courseId, personId, testId),
      ]);
      return { name: person?.name ?? NAMELESS, attempts: made, deliveries };
    },

    async waiting(actor) {
      const counts = await attempts.countWaiting(actor.courseId);
      if (counts.size === 0) return [];
      const found = await tests.findMany(actor.courseId, [...counts.keys()]);
      return found
        .filter(({ state }) => state !== 'removed')
        .map((test) => ({ test, count: counts.get(test.id) ?? 0 }));
    },

    async unseen(actor: Actor): Promise<{ test: Test; count: number }[]> {
      const [all, seen] = await Promise.all([
        tests.ofCourse(actor.courseId, ['draft', 'published']),
        visits.ofPerson(actor.courseId, actor.personId),
      ]);
      const counted = await Promise.all(
        all.map(async (test) => ({
          test,
          count: await attempts.countFinishedSince(actor.courseId, test.id, seen.get(test.id) ?? new Date(0)),
        })),
      );
      return counted.filter(({ count }) => count > 0);
    },
  };
}
