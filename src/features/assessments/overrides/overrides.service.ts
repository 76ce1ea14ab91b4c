import type { Actor } from '../../../shared/actor.js';
import { compareNames } from '../../../shared/collation.js';
import { badInput, notFound } from '../../../shared/errors.js';
import { fullName } from '../../../shared/names.js';
import type { CourseGroup, Membership, Person } from '../../membership/index.js';
import { closeAtOf, deadlineOf } from '../assessments.policy.js';
import type { AttemptsStore } from '../attempts/attempts.store.js';
import type { Test, TestsStore } from '../tests/tests.store.js';
import { effectiveTest } from './effective.js';
import type { Override, OverridesStore, OverrideTerms } from './overrides.store.js';

/** Whom an override can be for. */
export interface Subjects {
  readonly people: readonly { readonly id: string; readonly name: string }[];
  readonly groups: readonly CourseGroup[];
}

export interface OverridesService {
  /** Tests as they are for a student. */
  forPerson(courseId: string, personId: string, tests: readonly Test[]): Promise<Test[]>;
  list(actor: Actor, testId: string): Promise<{ test: Test; overrides: Override[]; subjects: Subjects }>;
  /** Sets what is other for a student or a group; open attempts follow. @throws DomainError `bad-input` on `subject` */
  put(actor: Actor, testId: string, subject: string, terms: OverrideTerms): Promise<void>;
  /** @throws DomainError `not-found` */
  remove(actor: Actor, testId: string, id: string): Promise<void>;
}

interface Deps {
  readonly overrides: OverridesStore;
  readonly tests: TestsStore;
  readonly attempts: AttemptsStore;
  readonly members: (courseId: string) => Promise<Membership[]>;
  readonly membership: (courseId: string, personId: string) => Promise<Membership | null>;
  readonly groupsOf: (courseId: string) => Promise<CourseGroup[]>;
  readonly findPeople: (ids: readonly string[]) => Promise<Person[]>;
}

export function createOverridesService(deps: Deps): OverridesService {
  const { overrides, tests, attempts } = deps;

  async function findTest(actor: Actor, testId: string): Promise<Test> {
    const test = await tests.findOptional(actor.courseId, testId);
    if (test === null) throw notFound();
    return test;
  }

  async function forPerson(courseId: string, personId: string, all: readonly Test[]): Promise<Test[]> {
    if (all.length === 0) return [];
    const groups = (await deps.membership(courseId, personId))?.groups ?? [];
    const found = await overrides.listOfSubjects(courseId, [
      `p:${personId}`,
      ...groups.map((id) => `g:${id}`),
    ]);
    if (found.length === 0) return [...all];
    return all.map((test) => {
      const own = found.filter(({ testId }) => testId === test.id);
      const [person, ofGroups] = [
        own.filter(({ subject }) => subject.startsWith('p:')),
        own.filter(({ subject }) => subject.startsWith('g:')),
      ];
      return own.length === 0 ? test : effectiveTest(test, person, ofGroups);
    });
  }

  async function subjectsOf(courseId: string): Promise<Subjects> {
    const [members, groups] = await Promise.all([deps.members(courseId), deps.groupsOf(courseId)]);
    const students = members.filter(({ role, leftAt }) => role === 'student' && leftAt === null);
    const people = await deps.findPeople(students.map(({ personId }) => personId));
    return {
      people: people
        .sort((a, b) => compareNames(a.name, b.name))
        .map(({ id, name }) => ({ id, name: fullName(name) })),
      groups,
    };
  }

  /** Open attempts of the test end when their new terms say. */
  async function follow(test: Test): Promise<void> {
    for (const attempt of await attempts.openOfTest(test.courseId, test.id)) {
      const [own] = await forPerson(test.courseId, attempt.personId, [test]);
      await attempts.setCloseAt(attempt.id, closeAtOf(deadlineOf(own ?? test, attempt.startedAt)));
    }
  }

  return {
    forPerson,

    async list(actor, testId) {
      const [test, found, subjects] = await Promise.all([
        findTest(actor, testId),
        overrides.listOfTest(actor.courseId, testId),
        subjectsOf(actor.courseId),
      ]);
      return { test, overrides: found, subjects };
    },

    async put(actor, testId, subject, terms) {
      const test = await findTest(actor, testId);
      const { people, groups } = await subjectsOf(actor.courseId);
      const known = [...people.map(({ id }) => `p:${id}`), ...groups.map(({ id }) => `g:${id}`)];
      if (!known.includes(subject)) throw badInput({ subject: 'errors.field.missing' });
      const of = { courseId: actor.courseId, testId, subject };
      await overrides.put(of, terms, actor.personId);
      await follow(test);
    },

    async remove(actor, testId, id) {
      const test = await findTest(actor, testId);
      if (!(await overrides.remove(actor.courseId, testId, id))) throw notFound();
      await follow(test);
    },
  };
}
