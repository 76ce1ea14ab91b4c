import type { EventType } from '../../../infra/events/index.js';
import {
  classCancelled,
  classMoved,
  classRestored,
  classSubstituted,
  type ToldClass,
  type ToldClasses,
} from '../../timetable/index.js';
import { on, WAYS, type Description, type NotificationKind, type Occurrence } from './kind.js';

const SAMPLE = {
  title: 'Алгебра',
  when: new Date('2026-12-01T06:00:00Z'),
  before: new Date('2026-11-30T06:00:00Z'),
  teacher: { surname: 'Соколова', givenName: 'Анна', patronymic: 'Ильинична' },
  place: 'Кабинет 214',
  link: 'https://meet.example.org/algebra-9',
  reason: 'Преподаватель заболел',
};

/** `<class>@<minutes before>@<its start>` of a reminder, `<class>@0@<…>` of other messages. */
const idOf = (subjectId: string): string => subjectId.split('@', 1)[0] ?? '';
const momentOf = (subjectId: string): number => Number(subjectId.split('@')[2]);

function described(found: ToldClass, reason: string): Description {
  const { id, title, startsAt: when, movedFrom, teacher, teacherName, place, link } = found;
  const before = movedFrom?.startsAt ?? null;
  return {
    values: { title, when, before, teacher: teacher ?? teacherName, place, link, reason },
    path: `timetable/${id}`,
  };
}

export interface ClassKinds {
  readonly all: NotificationKind[];
  readonly reminders: Readonly<Record<'student' | 'teacher', NotificationKind>>;
}

/** Messages about classes of the timetable. */
export function classKinds(told: ToldClasses): ClassKinds {
  const kind = (
    name: string,
    to: 'student' | 'teacher',
    rest: Pick<NotificationKind, 'sources' | 'describe'> & Partial<NotificationKind>,
  ): NotificationKind => ({
    ...{ name, to, topic: 'classes', obligatory: false, by: WAYS, sample: SAMPLE },
    ...rest,
  });

  /** The class of a change; null if it is gone, or was over when it was changed: then there is nothing to say. */
  async function findAhead(id: string, at: Date): Promise<ToldClass | null> {
    const found = await told.find(id);
    return found !== null && found.endsAt > at ? found : null;
  }

  /** Students of the class, and its teacher where another person has changed it. */
  const changed = (type: EventType<{ tellTeacher: boolean }>) =>
    on(type, async ({ documentId, data: { tellTeacher }, at }) => {
      const found = await findAhead(documentId, at);
      if (found === null) return [];
      const students = await told.studentsOf(found);
      const people = tellTeacher && found.teacherId !== '' ? [...students, found.teacherId] : students;
      const { courseId } = found;
      return people.map((personId) => ({ subjectId: `${documentId}@0@${at.getTime()}`, personId, courseId }));
    });

  /** Says something of a class while it is true; of a class that is over nothing is said. */
  const whileTrue =
    (holds: (found: ToldClass) => boolean, reasonOf: (found: ToldClass) => string) =>
    async ({ subjectId }: Occurrence): Promise<Description | null> => {
      const found = await told.find(idOf(subjectId));
      if (found === null || !holds(found)) return null;
      return { ...described(found, reasonOf(found)), expiresAt: found.endsAt };
    };
  const planned = ({ state }: ToldClass): boolean => state === 'planned';

  const reminder = (name: string, to: 'student' | 'teacher', rest: Partial<NotificationKind>) =>
    kind(name, to, {
      topic: 'reminders',
      by: ['mail', 'messenger', 'push'],
      sources: [],
      async describe({ subjectId, personId }) {
        const found = await told.find(idOf(subjectId));
        if (found?.state !== 'planned' || found.startsAt.getTime() !== momentOf(subjectId)) return null;
        if (to === 'teacher' && found.teacherId !== personId) return null;
        return { ...described(found, ''), expiresAt: found.startsAt };
      },
      ...rest,
    });
  const reminders = {
    student: reminder('class-reminder', 'student', {}),
    teacher: reminder('lesson-reminder', 'teacher', {}),
  };

  return {
    reminders,
    all: [
      kind('class-cancelled', 'student', {
        obligatory: true,
        parents: true,
        sources: [changed(classCancelled)],
        describe: whileTrue(
          ({ state }) => state === 'cancelled',
          ({ reason }) => reason,
        ),
      }),
      kind('class-restored', 'student', {
        obligatory: true,
        parents: true,
        sources: [changed(classRestored)],
        describe: whileTrue(planned, () => ''),
      }),
      kind('class-moved', 'student', {
        obligatory: true,
        parents: true,
        sources: [changed(classMoved)],
        describe: whileTrue(
          (found) => planned(found) && found.movedFrom !== null,
          ({ movedFrom }) => movedFrom?.reason ?? '',
        ),
      }),
      kind('class-substituted', 'student', {
        parents: true,
        sources: [
          on(classSubstituted, async ({ documentId, at }) => {
            const found = await findAhead(documentId, at);
            if (found === null) return [];
            const { courseId } = found;
            const subjectId = `${documentId}@0@${at.getTime()}`;
            return (await told.studentsOf(found)).map((personId) => ({ subjectId, personId, courseId }));
          }),
        ],
        describe: whileTrue(planned, ({ substitution }) => substitution?.reason ?? ''),
      }),
      kind('class-given', 'teacher', {
        obligatory: true,
        sources: [
          on(classSubstituted, async ({ documentId, data: { tellTeacher }, at }) => {
            const found = tellTeacher ? await findAhead(documentId, at) : null;
            if (found === null || found.teacherId === '') return [];
            const { teacherId: personId, courseId } = found;
            return [{ subjectId: `${documentId}@0@${at.getTime()}`, personId, courseId }];
          }),
        ],
        async describe({ subjectId, personId }) {
          const found = await told.find(idOf(subjectId));
          if (found?.state !== 'planned' || found.teacherId !== personId) return null;
          return { ...described(found, found.substitution?.reason ?? ''), expiresAt: found.endsAt };
        },
      }),
      reminders.student,
      reminders.teacher,
    ],
  };
}
