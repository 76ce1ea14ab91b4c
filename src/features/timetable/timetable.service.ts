import { newEvent, type EventType } from '../../infra/events/index.js';
import type { Attachments, UploadedAttachment } from '../../infra/files/index.js';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import { badInput, conflict, forbidden, notFound } from '../../shared/errors.js';
import { atLeast } from '../../shared/roles.js';
import { addDays, daysOf, timesOn, weekdayOf } from './days.js';
import { teacherNow } from './timetable-class.js';
import type { Attendance, ClassTeacher, Named, TimetableClass } from './timetable-class.js';
import { classCancelled, classMoved, classRestored, classSubstituted } from './timetable.events.js';
import { isFor, mayChange, mayPlan, mayTeach } from './timetable.policy.js';
import { LIMITS, type MoveInput, type NewClassesInput } from './timetable.schema.js';
import type { ClassChange, NewClass, TimetableStore } from './timetable.store.js';

export interface TimetableDeps {
  readonly classes: TimetableStore;
  readonly files: Attachments;
  readonly clock: Clock;
  readonly membersOf: (
    courseId: string,
  ) => Promise<
    readonly { personId: string; role: Actor['role']; leftAt: Date | null; groups: readonly string[] }[]
  >;
  readonly groupsOfMember: (courseId: string, personId: string) => Promise<readonly string[]>;
  readonly findPeople: (ids: readonly string[]) => Promise<readonly Named[]>;
  readonly groupIdsOf: (courseId: string) => Promise<readonly string[]>;
}

export interface Planned {
  readonly made: number;
  /** Days on which the teacher or the room is taken. */
  readonly taken: readonly string[];
}

export interface TimetableService {
  /**
   * Adds classes: one, or one each week. Sent twice, it adds them once.
   * @param zone in which the form's times are meant
   * @throws DomainError `bad-input` on `start` for a time that does not exist that night, on `teacher`, `group`, `to`;
   *   409 `class-time-taken` when all of them are taken; `forbidden`
   */
  plan(actor: Actor, input: NewClassesInput, zone: string): Promise<Planned>;
  /** A class that the actor may see. @throws DomainError `not-found` */
  find(actor: Actor, id: string): Promise<TimetableClass>;
  /** Classes of the actor, of all groups for those who teach. */
  between(actor: Actor, from: Date, to: Date, group?: string): Promise<TimetableClass[]>;
  upcoming(actor: Actor, limit: number): Promise<TimetableClass[]>;
  cancel(actor: Actor, id: string, reason: string): Promise<void>;
  /**
   * Gives a class another time or place.
   * @param zone in which the form's times are meant
   * @throws DomainError 409 `class-time-taken`; `bad-input` on `start` for a time that does not exist that night
   */
  move(actor: Actor, id: string, input: MoveInput, zone: string): Promise<void>;
  /** @throws DomainError 409 `class-time-taken` */
  restore(actor: Actor, id: string): Promise<void>;
  /** @throws DomainError 409 `class-time-taken`; `bad-input` on `teacher` */
  substitute(actor: Actor, id: string, teacher: ClassTeacher, reason: string): Promise<void>;
  endSubstitution(actor: Actor, id: string): Promise<void>;
  setHomework(
    actor: Actor,
    id: string,
    work: { topic: string; homework: string },
    uploads: readonly UploadedAttachment[],
  ): Promise<void>;
  /** Writes marks over those that are there. @throws DomainError `bad-input` for a person who is not of the class */
  markAttendance(actor: Actor, id: string, marks: readonly Attendance[]): Promise<void>;
  /** Students whose attendance is marked. */
  studentsOf(found: TimetableClass): Promise<readonly Named[]>;
  teachersOf(courseId: string): Promise<readonly Named[]>;
}

const TRIES = 5;

export function createTimetableService(deps: TimetableDeps): TimetableService {
  const { classes, files } = deps;

  const membersNow = async (courseId: string) =>
    (await deps.membersOf(courseId)).filter(({ leftAt }) => leftAt === null);

  const ownGroups = ({ courseId, personId }: Actor): Promise<readonly string[]> =>
    deps.groupsOfMember(courseId, personId);

  async function find(actor: Actor, id: string): Promise<TimetableClass> {
    const found = await classes.findOptional(actor.courseId, id);
    if (found === null || !isFor(actor, await ownGroups(actor), found)) throw notFound();
    return found;
  }

  async function teacherOf(courseId: string, { id, name }: ClassTeacher): Promise<ClassTeacher> {
    if (id === '') return { id, name };
    const known = (await membersNow(courseId)).some(
      ({ personId, role }) => personId === id && atLeast(role, 'assistant'),
    );
    if (!known) throw badInput({ teacher: 'errors.field.wrong' });
    return { id, name: '' };
  }

  async function change(
    actor: Actor,
    id: string,
    allowed: (actor: Actor, found: TimetableClass) => boolean,
    make: (found: TimetableClass) => ClassChange,
    told?: EventType<{ tellTeacher: boolean }>,
  ): Promise<void> {
    for (let tried = 0; tried < TRIES; tried += 1) {
      const found = await find(actor, id);
      if (!allowed(actor, found)) throw forbidden();
      const set = make(found);
      const tellTeacher = teacherNow({ ...found, ...set }).id !== actor.personId;
      const event = told === undefined ? null : newEvent(told, { tellTeacher }, { at: deps.clock.now() });
      const changed = await classes.change(found, set, event);
      if (changed === 'taken') throw conflict('class-time-taken');
      if (changed !== null) return;
    }
    throw conflict('try-again');
  }

  /** Days of the form: one, or those of a period. */
  function daysIn({ from, to, weekdays, every }: NewClassesInput): string[] {
    if (to === '') return [from];
    if (to > addDays(from, LIMITS.weeks * 7)) throw badInput({ to: 'errors.field.tooFar' });
    const days = daysOf(from, to, weekdays.length > 0 ? weekdays : [weekdayOf(from)], every);
    if (days.length === 0) throw badInput({ weekdays: 'errors.field.noSuchDay' });
    return days;
  }

  async function isVisible(actor: Actor): Promise<(found: TimetableClass) => boolean> {
    const groups = await ownGroups(actor);
    return (found) => isFor(actor, groups, found);
  }

  return {
    find,

    async plan(actor, input, zone) {
      if (!mayPlan(actor)) throw forbidden();
      const own = atLeast(actor.role, 'methodist') ? input.teacher : input.teacher || actor.personId;
      const teacher = await teacherOf(actor.courseId, { id: own, name: input.teacherName });
      if (input.group !== '' && !(await deps.groupIdsOf(actor.courseId)).includes(input.group))
        throw badInput({ group: 'errors.field.wrong' });
      const planned = daysIn(input).map((day) => {
        const times = timesOn(day, input.start, input.end, zone);
        if (times === null) throw badInput({ start: 'errors.field.noSuchTime' });
        return { day, times };
      });
      const { title, group, place, link, key } = input;
      const taken: string[] = [];
      for (const { day, times } of planned) {
        const made: NewClass = {
          ...{ courseId: actor.courseId, groupId: group, title, teacher, place, link, ...times },
          ...{ topic: '', homework: '', source: `${actor.personId}:${key}:${day}` },
        };
        if ((await classes.insert(made)) === 'taken') taken.push(day);
      }
      if (taken.length === planned.length) throw conflict('class-time-taken');
      return { made: planned.length - taken.length, taken };
    },

    async between(actor, from, to, group) {
      const found = (await classes.between(actor.courseId, from, to)).filter(await isVisible(actor));
      return group ? found.filter(({ groupId }) => groupId === '' || groupId === group) : found;
    },

    async upcoming(actor, limit) {
      // More are read than shown: some are of other groups.
      const found = await classes.upcoming(actor.courseId, deps.clock.now(), limit * 6);
      if (found.length === 0) return [];
      return found.filter(await isVisible(actor)).slice(0, limit);
    },

    cancel: (actor, id, reason) =>
      change(actor, id, mayChange, () => ({ state: 'cancelled', reason }), classCancelled),

    restore: (actor, id) =>
      change(actor, id, mayChange, () => ({ state: 'planned', reason: '' }), classRestored),

    async move(actor, id, { date, start, end, place, reason }, zone) {
      const times = timesOn(date, start, end, zone);
      if (times === null) throw badInput({ start: 'errors.field.noSuchTime' });
      const at = deps.clock.now();
      const moved = (found: TimetableClass): ClassChange => ({
        ...times,
        place,
        movedFrom: { startsAt: found.startsAt, place: found.place, at, reason },
      });
      await change(actor, id, mayChange, moved, classMoved);
    },

    async substitute(actor, id, teacher, reason) {
      const chosen = await teacherOf(actor.courseId, teacher);
      await change(actor, id, mayChange, () => ({ substitution: { ...chosen, reason } }), classSubstituted);
    },

    endSubstitution: (actor, id) =>
      change(actor, id, mayChange, () => ({ substitution: null }), classSubstituted),

    async setHomework(actor, id, work, uploads) {
      const found = await find(actor, id);
      if (!mayTeach(actor, found)) throw forbidden();
      const added = await files.store(id, actor.personId, uploads);
      try {
        await change(actor, id, mayTeach, (now) => ({ ...work, files: [...now.files, ...added] }));
      } catch (error) {
        await files.remove(added);
        throw error;
      }
    },

    async markAttendance(actor, id, marks) {
      const found = await find(actor, id);
      const students = new Set((await this.studentsOf(found)).map((student) => student.id));
      if (marks.some(({ personId }) => !students.has(personId)))
        throw badInput({ attendance: 'errors.field.wrong' });
      await change(actor, id, mayTeach, () => ({ attendance: marks }));
    },

    async studentsOf({ courseId, groupId }) {
      const ids = (await membersNow(courseId))
        .filter(({ role, groups }) => role === 'student' && (groupId === '' || groups.includes(groupId)))
        .map(({ personId }) => personId);
      return deps.findPeople(ids);
    },

    async teachersOf(courseId) {
      const ids = (await membersNow(courseId))
        .filter(({ role }) => atLeast(role, 'assistant'))
        .map(({ personId }) => personId);
      return deps.findPeople(ids);
    },
  };
}
