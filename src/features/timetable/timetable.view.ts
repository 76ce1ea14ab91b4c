import { compareText } from '../../shared/collation.js';
import type { FileRecord } from '../../infra/files/index.js';
import type { Actor } from '../../shared/actor.js';
import { fullName, shortName } from '../../shared/names.js';
import { localAt } from '../../shared/zoned.js';
import { richText } from '../../web/rich-text.js';
import type { Upcoming } from '../consultations/index.js';
import { addDays } from '../../shared/days.js';
import type { ClassTeacher, Named, TimetableClass } from './timetable-class.js';
import { mayChange, mayTeach } from './timetable.policy.js';

export type People = ReadonlyMap<string, Named>;

/** A group of the course. */
export interface NamedGroup {
  readonly id: string;
  readonly name: string;
}

const teacherName = ({ id, name }: ClassTeacher, people: People): string => {
  const person = people.get(id);
  return person ? shortName(person.name) : name;
};

/** A class as lists show it. */
export const classRow = (found: TimetableClass, people: People, groups: ReadonlyMap<string, string>) => ({
  kind: 'class' as const,
  id: found.id,
  title: found.title,
  startsAt: found.startsAt,
  endsAt: found.endsAt,
  place: found.place,
  link: found.link,
  teacher: teacherName(found.teacher, people),
  substitute: found.substitution ? teacherName(found.substitution, people) : '',
  group: groups.get(found.groupId) ?? '',
  cancelled: found.state === 'cancelled',
  reason: found.reason,
  homework: found.homework !== '' || found.files.length > 0,
  path: `timetable/${found.id}`,
});
export type ClassRowView = ReturnType<typeof classRow>;

/** A consultation beside the classes. */
const consultationRow = (item: Upcoming) => ({
  kind: 'consultation' as const,
  id: item.slotId,
  title: item.title,
  startsAt: item.startsAt,
  endsAt: item.endsAt,
  place: item.place,
  link: item.videoOpen ? `${item.path}/video` : '',
  teacher: item.role === 'student' && item.teacher ? shortName(item.teacher) : '',
  substitute: '',
  group: '',
  cancelled: false,
  reason: '',
  homework: false,
  path: item.path,
});

/** The seven days of a week with what happens on each. */
export function weekView(
  monday: string,
  classes: readonly ClassRowView[],
  consultations: readonly Upcoming[],
  zone: string,
) {
  const items = [...classes, ...consultations.map(consultationRow)].sort(
    (a, b) => a.startsAt.getTime() - b.startsAt.getTime(),
  );
  const days = Array.from({ length: 7 }, (_, index) => addDays(monday, index));
  return days
    .map((day) => ({ day, items: items.filter(({ startsAt }) => localAt(startsAt, zone).startsWith(day)) }))
    .filter((day) => day.items.length > 0);
}

export interface ClassParts {
  readonly found: TimetableClass;
  readonly people: People;
  readonly groups: ReadonlyMap<string, string>;
  readonly files: readonly FileRecord[];
  readonly students: readonly Named[];
}

/** A class with its homework; attendance for those who teach it, and a student's own mark. */
export function classView({ found, people, groups, files, students }: ClassParts, actor: Actor) {
  const marks = new Map(found.attendance.map(({ personId, mark }) => [personId, mark]));
  const teaches = mayTeach(actor, found);
  return {
    ...classRow(found, people, groups),
    topic: found.topic,
    homeworkText: found.homework,
    homeworkHtml: richText(found.homework),
    substitutionReason: found.substitution?.reason ?? '',
    files: files
      .filter(({ id }) => found.files.includes(id))
      .map(({ id, name, size }) => ({ id, name, kilobytes: Math.max(1, Math.round(size / 1024)) })),
    movedFrom: found.movedFrom,
    manage: mayChange(actor, found),
    teaches,
    ownMark: marks.get(actor.personId) ?? null,
    students: teaches
      ? students
          .map(({ id, name }) => ({ id, name: fullName(name), mark: marks.get(id) ?? '' }))
          .sort((a, b) => compareText(a.name, b.name))
      : [],
  };
}
