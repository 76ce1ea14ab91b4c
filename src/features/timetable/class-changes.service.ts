import { newEvent, type EventType } from '../../infra/events/index.js';
import type { Attachments, UploadedAttachment } from '../../infra/files/index.js';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import { badInput, conflict, forbidden } from '../../shared/errors.js';
import type { ClassPeople } from './class-people.service.js';
import { timesOn } from './days.js';
import { timeTaken } from './refusals.js';
import { teacherNow, type Attendance, type ClassTeacher, type TimetableClass } from './timetable-class.js';
import { classCancelled, classMoved, classRestored, classSubstituted } from './timetable.events.js';
import { mayChange, mayTeach } from './timetable.policy.js';
import type { MoveInput } from './timetable.schema.js';
import type { ClassChange, TimetableStore } from './timetable.store.js';

export interface ClassChangesDeps {
  readonly classes: Pick<TimetableStore, 'change'>;
  readonly files: Attachments;
  readonly clock: Clock;
  readonly people: Pick<ClassPeople, 'teacherOf' | 'studentsOf'>;
  /** A class that the actor may see. @throws DomainError `not-found` */
  readonly find: (actor: Actor, id: string) => Promise<TimetableClass>;
}

/** What is done with a class that stands in the timetable. */
export interface ClassChanges {
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
}

const TRIES = 5;

export function createClassChanges(deps: ClassChangesDeps): ClassChanges {
  const { classes, files, people, find } = deps;

  async function change(
    actor: Actor,
    id: string,
    allowed: (actor: Actor, found: TimetableClass) => boolean,
    make: (found: TimetableClass) => ClassChange,
    told?: EventType<{ tellTeacher: boolean }>,
    field?: 'start' | 'teacher',
  ): Promise<void> {
    for (let tried = 0; tried < TRIES; tried += 1) {
      const found = await find(actor, id);
      if (!allowed(actor, found)) throw forbidden();
      const set = make(found);
      const tellTeacher = teacherNow({ ...found, ...set }).id !== actor.personId;
      const event = told === undefined ? null : newEvent(told, { tellTeacher }, { at: deps.clock.now() });
      const changed = await classes.change(found, set, event);
      if (changed === 'taken') throw timeTaken(field);
      if (changed !== null) return;
    }
    throw conflict('try-again');
  }

  return {
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
      await change(actor, id, mayChange, moved, classMoved, 'start');
    },

    async substitute(actor, id, teacher, reason) {
      const chosen = await people.teacherOf(actor.courseId, teacher);
      const substituted = () => ({ substitution: { ...chosen, reason } });
      await change(actor, id, mayChange, substituted, classSubstituted, 'teacher');
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
      const students = new Set((await people.studentsOf(found)).map((student) => student.id));
      if (marks.some(({ personId }) => !students.has(personId)))
        throw badInput({ attendance: 'errors.field.wrong' });
      await change(actor, id, mayTeach, () => ({ attendance: marks }));
    },
  };
}
