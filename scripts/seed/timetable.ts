import type { TimetableFeature } from '../../src/features/timetable/index.js';
import { DAY } from '../../src/shared/clock.js';
import { instantAt, localAt } from '../../src/shared/zoned.js';
import { mondayOf } from '../../src/shared/days.js';
import type { SeedContext } from './context.js';

interface SeededClass {
  /** Ids as in scripts/demo-lms/centre.ts. */
  readonly course: string;
  readonly teacher: string;
  readonly title: string;
  readonly weekdays: readonly number[];
  readonly start: string;
  readonly end: string;
  readonly place: string;
  readonly link?: string;
}

const CLASSES: readonly SeededClass[] = [
  {
    course: '2',
    teacher: '11',
    title: 'Алгебра',
    weekdays: [1, 3],
    start: '09:00',
    end: '09:45',
    place: 'Кабинет 214',
  },
  {
    course: '2',
    teacher: '12',
    title: 'Геометрия',
    weekdays: [2, 5],
    start: '09:00',
    end: '09:45',
    place: 'Кабинет 215',
  },
  {
    course: '2',
    teacher: '13',
    title: 'Физика',
    weekdays: [2, 4],
    start: '10:00',
    end: '10:45',
    place: 'Лаборатория, корпус Б, 12',
  },
  {
    course: '2',
    teacher: '14',
    title: 'Химия',
    weekdays: [3],
    start: '10:00',
    end: '10:45',
    place: 'онлайн',
    link: 'https://meet.example.org/tarasov',
  },
  {
    course: '3',
    teacher: '15',
    title: 'Русский язык',
    weekdays: [1, 4],
    start: '09:00',
    end: '09:45',
    place: 'Кабинет 118',
  },
  {
    course: '3',
    teacher: '17',
    title: 'История',
    weekdays: [2, 5],
    start: '11:00',
    end: '11:45',
    place: 'Кабинет 301',
  },
  {
    course: '3',
    teacher: '20',
    title: 'Немецкий язык',
    weekdays: [3],
    start: '12:00',
    end: '12:45',
    place: 'Кабинет 220',
  },
];

const ZONE = 'Europe/Moscow';
const WEEK = 7 * DAY;

const dayOf = (moment: Date): string => localAt(moment, ZONE).slice(0, 10);

/**
 * Three weeks of classes in both courses, the week before today the first: with a substitution, a cancellation,
 * homework and attendance. Only when there are none.
 */
export async function seedTimetable(feature: TimetableFeature, context: SeedContext): Promise<void> {
  const { now } = context;
  const [from, to] = [new Date(now.getTime() - WEEK), new Date(now.getTime() + 2 * WEEK)];
  for (const course of new Set(CLASSES.map((made) => made.course))) {
    const teacher = CLASSES.find((made) => made.course === course)?.teacher ?? '';
    if ((await feature.timetable.between(context.actor(teacher, course), from, to)).length > 0) return;
  }
  for (const { course, teacher, title, weekdays, start, end, place, link = '' } of CLASSES) {
    const actor = context.actor(teacher, course);
    await feature.timetable.plan(
      actor,
      {
        ...{ title, teacher: actor.personId, teacherName: '', group: '', place, link },
        ...{ from: dayOf(from), to: dayOf(to), weekdays: [...weekdays], every: 1, start, end },
        key: `seed-${course}-${teacher}-0000`,
      },
      ZONE,
    );
  }
  await change(feature, context);
}

async function change(feature: TimetableFeature, context: SeedContext): Promise<void> {
  const { timetable } = feature;
  const { now } = context;
  const of = async (teacher: string, course: string, title: string, past: boolean) => {
    const actor = context.actor(teacher, course);
    const [from, to] = past
      ? [new Date(now.getTime() - WEEK), now]
      : [now, new Date(now.getTime() + 2 * WEEK)];
    const [found] = (await timetable.between(actor, from, to)).filter((made) => made.title === title);
    return { actor, found };
  };

  // Of this week and of the next: the page shows one, on a weekend as well.
  const physics = context.actor('13', '2');
  const monday = instantAt(`${mondayOf(dayOf(now))}T00:00`, ZONE) ?? now;
  for (const weeks of [0, 1]) {
    const [from, to] = [weeks, weeks + 1].map((week) => new Date(monday.getTime() + week * WEEK)) as [
      Date,
      Date,
    ];
    const found = (await timetable.between(physics, from, to))
      .filter(({ title }) => title === 'Физика')
      .at(-1);
    if (found === undefined) continue;
    const substitute = { id: context.people.get('12') ?? '', name: '' };
    await timetable.substitute(physics, found.id, substitute, 'Командировка');
  }
  const cancelled = await of('17', '3', 'История', false);
  if (cancelled.found) await timetable.cancel(cancelled.actor, cancelled.found.id, 'Преподаватель болеет');

  const algebra = await of('11', '2', 'Алгебра', false);
  if (algebra.found) {
    const homework = 'Решить уравнения $x^2 - 5x + 6 = 0$ и $2x^2 + 3x - 2 = 0$, проверить по теореме Виета.';
    await timetable.setHomework(algebra.actor, algebra.found.id, { topic: 'Теорема Виета', homework }, []);
  }
  const held = await of('11', '2', 'Алгебра', true);
  if (held.found) {
    const marks = ['present', 'present', 'late', 'present', 'absent', 'excused'] as const;
    const attendance = marks.map((mark, index) => ({
      personId: context.people.get(String(101 + index)) ?? '',
      mark,
    }));
    await timetable.markAttendance(held.actor, held.found.id, attendance);
  }
}
