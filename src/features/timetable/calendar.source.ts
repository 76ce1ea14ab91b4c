import { isRecordId } from '../../shared/ids.js';
import { shortName } from '../../shared/names.js';
import { atLeast } from '../../shared/roles.js';
import type { Membership } from '../membership/index.js';
import type { CalendarEntry, CalendarSource } from '../schedule/index.js';
import { teacherNow, type Named, type TimetableClass } from './timetable-class.js';
import type { TimetableStore } from './timetable.store.js';

export interface ClassesCalendarDeps {
  readonly classes: Pick<TimetableStore, 'between' | 'findOptional'>;
  readonly membershipsOf: (personIds: readonly string[]) => Promise<readonly Membership[]>;
  readonly findPeople: (ids: readonly string[]) => Promise<readonly Named[]>;
  readonly zone: () => Promise<string>;
}

const KIND = 'class';

/** Whether a class concerns a member of its course: a student of the group, or the person who gives it. */
function concerns({ personId, role, groups }: Membership, found: TimetableClass): boolean {
  if (found.teacher.id === personId || teacherNow(found).id === personId) return true;
  return !atLeast(role, 'assistant') && (found.groupId === '' || groups.includes(found.groupId));
}

/** Classes in calendars. */
export function classesCalendar(deps: ClassesCalendarDeps): CalendarSource {
  async function entries(personId: string, found: readonly TimetableClass[]): Promise<CalendarEntry[]> {
    if (found.length === 0) return [];
    const ids = [...new Set(found.map((row) => teacherNow(row).id))].filter((id) => id !== '');
    const [people, zone] = await Promise.all([deps.findPeople(ids), deps.zone()]);
    const names = new Map(people.map(({ id, name }) => [id, shortName(name)]));
    return found.map((row) => {
      const teacher = teacherNow(row);
      const gives = teacher.id === personId;
      return {
        id: `${KIND}-${row.id}`,
        courseId: row.courseId,
        title: row.title,
        startsAt: row.startsAt,
        endsAt: row.endsAt,
        // A teacher whose class another gives is free.
        state: row.state === 'cancelled' || (row.teacher.id === personId && !gives) ? 'cancelled' : 'planned',
        place: row.place,
        people: gives ? '' : (names.get(teacher.id) ?? teacher.name),
        zone,
        path: `timetable/${row.id}`,
        sequence: row.version,
      };
    });
  }

  return {
    kind: KIND,
    async list({ personId, courseId, from, to }) {
      const places = (await deps.membershipsOf([personId])).filter(
        (place) => place.leftAt === null && (courseId === undefined || place.courseId === courseId),
      );
      const found = await Promise.all(
        places.map(async (place) =>
          (await deps.classes.between(place.courseId, from, to)).filter((row) => concerns(place, row)),
        ),
      );
      return entries(personId, found.flat());
    },
    async findOptional(actor, id) {
      const found = isRecordId(id) ? await deps.classes.findOptional(actor.courseId, id) : null;
      const places = await deps.membershipsOf([actor.personId]);
      const place = places.find(({ courseId }) => courseId === actor.courseId);
      if (found === null || place === undefined || !concerns(place, found)) return null;
      return (await entries(actor.personId, [found]))[0] ?? null;
    },
  };
}
