import type { Actor } from '../../shared/actor.js';
import { badInput, forbidden } from '../../shared/errors.js';
import { atLeast } from '../../shared/roles.js';
import type { ClassPeople } from './class-people.service.js';
import { addDays, weekdayOf } from '../../shared/days.js';
import { daysOf, timesOn } from './days.js';
import { timeTaken } from './refusals.js';
import { mayPlan } from './timetable.policy.js';
import { LIMITS, type NewClassesInput } from './timetable.schema.js';
import type { NewClass, TimetableStore } from './timetable.store.js';

export interface Planned {
  readonly made: number;
  /** Days on which the teacher or the room is taken. */
  readonly taken: readonly string[];
}

export interface PlanningDeps {
  readonly classes: Pick<TimetableStore, 'insert'>;
  readonly people: Pick<ClassPeople, 'teacherOf'>;
  readonly groupIdsOf: (courseId: string) => Promise<readonly string[]>;
  /** Days on which the centre is closed, from one to another. */
  readonly closedDays: (from: string, to: string) => Promise<readonly { readonly date: string }[]>;
}

/** Adds classes by a form. */
export interface Planning {
  /**
   * Adds classes: one, or those of a period, without the days on which the centre is closed. Sent twice, it adds them
   * once.
   * @param zone in which the form's times are meant
   * @throws DomainError `bad-input` on `start` for a time that does not exist that night, on `teacher`, `group`, `to`;
   *   409 `class-time-taken` when all of them are taken; `forbidden`
   */
  plan(actor: Actor, input: NewClassesInput, zone: string): Promise<Planned>;
}

/** Days of the form: one, or those of a period. */
function daysIn({ from, to, weekdays, every }: NewClassesInput): string[] {
  if (to === '') return [from];
  if (to > addDays(from, LIMITS.weeks * 7)) throw badInput({ to: 'errors.field.tooFar' });
  const days = daysOf(from, to, weekdays.length > 0 ? weekdays : [weekdayOf(from)], every);
  if (days.length === 0) throw badInput({ weekdays: 'errors.field.noSuchDay' });
  return days;
}

export function createPlanning({ classes, people, groupIdsOf, closedDays }: PlanningDeps): Planning {
  /** A single day is meant as it is said. */
  async function openDaysIn(input: NewClassesInput): Promise<string[]> {
    const days = daysIn(input);
    if (input.to === '') return days;
    const closed = new Set((await closedDays(input.from, input.to)).map(({ date }) => date));
    const open = days.filter((day) => !closed.has(day));
    if (open.length === 0) throw badInput({ to: 'errors.field.noSuchDay' });
    return open;
  }

  return {
    async plan(actor, input, zone) {
      if (!mayPlan(actor)) throw forbidden();
      const own = atLeast(actor.role, 'methodist') ? input.teacher : input.teacher || actor.personId;
      const teacher = await people.teacherOf(actor.courseId, { id: own, name: input.teacherName });
      if (input.group !== '' && !(await groupIdsOf(actor.courseId)).includes(input.group))
        throw badInput({ group: 'errors.field.wrong' });
      const planned = (await openDaysIn(input)).map((day) => {
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
      if (taken.length === planned.length) throw timeTaken('start');
      return { made: planned.length - taken.length, taken };
    },
  };
}
