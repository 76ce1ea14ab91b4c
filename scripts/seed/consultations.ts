import type { ConsultationsFeature } from '../../src/features/consultations/index.js';
import { seriesFields } from '../../src/features/consultations/series/series.fields.js';
import { addDays, dateIn, weekdayOf } from '../../src/shared/days.js';
import type { ScheduleFeature } from '../../src/features/schedule/index.js';
import { DomainError } from '../../src/shared/errors.js';
import type { SeedContext } from './context.js';

type Wish = Parameters<ConsultationsFeature['series']['create']>[1];

interface Offer {
  /** Ids as in scripts/demo-lms/centre.ts. */
  readonly course: string;
  readonly teacher: string;
  readonly wish: Partial<Wish> & Pick<Wish, 'title' | 'type' | 'weekdays' | 'start' | 'end' | 'length'>;
  /** Who books which of its slots, counted from the first that is free, and what they ask. */
  readonly bookings: readonly (readonly [student: string, slot: number, question: string])[];
}

const OFFERS: readonly Offer[] = [
  {
    course: '2',
    teacher: '11',
    wish: {
      title: 'Алгебра: вопросы по домашней работе',
      type: 'individual',
      place: 'Кабинет 214',
      description: 'Возьмите тетрадь и задачу, на которой остановились.',
      weekdays: [1, 3],
      start: '15:00',
      end: '17:00',
      length: 20,
      gap: 5,
      question: 'required',
      files: 'optional',
      closesHours: 1,
      limitAtOnce: 4,
    },
    bookings: [
      ['101', 0, 'Как решать неравенства с модулем?'],
      ['105', 1, 'Задача 417: не сходится с ответом'],
      ['112', 4, 'Хочу разобрать ошибки в контрольной'],
    ],
  },
  {
    course: '2',
    teacher: '11',
    wish: {
      title: 'Квадратные уравнения: повторяем перед зачётом',
      type: 'beforeInterim',
      place: 'Актовый зал',
      link: 'https://meet.example.org/algebra-9',
      description: 'Разберём все виды задач зачёта. Можно прийти или подключиться.',
      capacity: 25,
      weekdays: [5],
      start: '16:00',
      end: '17:30',
      length: 90,
      question: 'optional',
      names: 'shown',
      closesHours: 0,
    },
    bookings: [
      ['101', 0, ''],
      ['103', 0, 'Теорема Виета'],
      ['107', 0, ''],
      ['119', 0, ''],
      ['130', 0, 'Дискриминант < 0: что тогда?'],
    ],
  },
  {
    course: '2',
    teacher: '13',
    wish: {
      title: 'Физика: разбор лабораторной',
      type: 'group',
      place: 'Лаборатория, корпус Б',
      capacity: 4,
      weekdays: [2, 4],
      start: '14:00',
      end: '16:15',
      length: 40,
      gap: 5,
      question: 'optional',
      names: 'shown',
    },
    bookings: [
      ['103', 1, 'Погрешность измерений'],
      ['104', 1, ''],
      ['106', 1, ''],
      ['110', 1, 'Построение графика'],
      ['115', 0, ''],
    ],
  },
  {
    course: '2',
    teacher: '14',
    wish: {
      title: 'Химия онлайн',
      type: 'online',
      link: 'https://meet.example.org/tarasov',
      capacity: 3,
      weekdays: [3, 5],
      start: '18:00',
      end: '20:00',
      length: 30,
      question: 'none',
    },
    bookings: [
      ['102', 2, ''],
      ['108', 2, ''],
    ],
  },
  {
    course: '3',
    teacher: '15',
    wish: {
      title: 'Сочинение: тема, план, доводы',
      type: 'individual',
      place: 'Кабинет 118',
      weekdays: [1, 2],
      start: '13:30',
      end: '15:30',
      length: 30,
      question: 'required',
      cancelHours: 12,
    },
    bookings: [
      ['133', 0, 'Не знаю, с чего начать вступление'],
      ['138', 2, 'Проверьте, пожалуйста, план'],
    ],
  },
  {
    course: '3',
    teacher: '17',
    wish: {
      title: 'История: итоговая аттестация',
      type: 'beforeFinal',
      place: 'Кабинет 301',
      description: 'Даты, карты, работа с источником.',
      capacity: 15,
      weekdays: [4, 6],
      start: '10:00',
      end: '12:10',
      length: 60,
      gap: 10,
      question: 'optional',
      names: 'hidden',
    },
    bookings: [
      ['121', 0, ''],
      ['124', 0, 'Реформы Александра II'],
      ['133', 1, ''],
    ],
  },
  {
    course: '3',
    teacher: '20',
    wish: {
      title: 'Немецкий: разговорный час',
      type: 'class',
      link: 'https://meet.example.org/nikitina',
      capacity: 6,
      weekdays: [4],
      start: '17:00',
      end: '18:00',
      length: 60,
      question: 'none',
      names: 'shown',
    },
    bookings: [
      ['133', 0, ''],
      ['135', 0, ''],
    ],
  },
  {
    course: '3',
    teacher: '22',
    wish: {
      title: 'География: контурные карты',
      type: 'individual',
      place: 'По телефону: преподаватель позвонит',
      // She lives and thinks two hours east.
      zone: 'Asia/Yekaterinburg',
      mode: 'telephone',
      approval: 'required',
      weekdays: [2, 5],
      start: '16:00',
      end: '17:30',
      length: 30,
      question: 'optional',
    },
    bookings: [['124', 1, 'Контурная карта Африки: как подписывать реки?']],
  },
];

/** Attestations for which consultations of the type prepare, so many days from now. */
const ATTESTATIONS = [
  {
    course: '2',
    teacher: '11',
    type: 'beforeInterim',
    kind: 'interim',
    days: 20,
    title: 'Зачёт по теме «Квадратные уравнения»',
  },
  {
    course: '3',
    teacher: '17',
    type: 'beforeFinal',
    kind: 'final',
    days: 30,
    title: 'Итоговая аттестация по истории',
  },
] as const;

/** Who waits for a seat of which consultation, and who only wants word of one. */
const WAITING = {
  title: 'Физика: разбор лабораторной',
  course: '2',
  students: [
    ['112', false],
    ['105', false],
    ['119', true],
  ],
} as const;

const RULES = {
  ...seriesFields.usual,
  zone: 'Europe/Moscow',
  gap: 0,
  cancelHours: 3,
} as const;

type ClosedDays = Pick<ScheduleFeature['closedDays'], 'list'>;

/** Holidays may close all the days of a series for two weeks. */
const WEEKS_AHEAD = 4;

/**
 * A week of consultations from the next working day on, in both courses, with a few bookings. Only when empty.
 * A series whose days are all holidays then is a week or two later.
 */
export async function seedConsultations(
  feature: ConsultationsFeature,
  context: SeedContext,
  closedDays: ClosedDays,
): Promise<void> {
  for (const courseId of new Set(OFFERS.map(({ course }) => context.courses.get(course) ?? ''))) {
    if ((await feature.series.active(courseId)).length > 0) return;
  }
  let from = addDays(dateIn(RULES.zone, context.now), 1);
  while (weekdayOf(from) > 5) from = addDays(from, 1);
  const closed = await closedDays.list(from, addDays(from, 7 * WEEKS_AHEAD));
  const weekOf = openWeek(from, new Set(closed.map(({ date }) => date)));

  const attestations = new Map<string, string>();
  for (const { course, teacher, type, kind, days, title } of ATTESTATIONS) {
    const on = addDays(dateIn(RULES.zone, context.now), days);
    const made = await feature.attestations.add(context.actor(teacher, course), { kind, title, on });
    attestations.set(`${course} ${type}`, made.id);
  }
  for (const { course, teacher, wish, bookings } of OFFERS) {
    const actor = context.actor(teacher, course);
    const { id } = await feature.series.create(actor, {
      ...RULES,
      ...wish,
      ...weekOf(wish.weekdays),
      draft: `seed-${wish.title}`,
      attestation: attestations.get(`${course} ${wish.type}`),
      // Who has not booked is listed, and is invited a week before.
      ...(attestations.has(`${course} ${wish.type}`) && { required: 'yes', inviteDays: 7 }),
    });
    // Counted before anybody books: "the second slot" stays the second.
    const slots = (await feature.nextFreeOf([actor.personId], 100)).filter(({ seriesId }) => seriesId === id);
    for (const [student, index, question] of bookings) {
      const slot = slots[index];
      if (slot !== undefined) await book(feature, context.actor(student, course), slot.slotId, question);
    }
    const full = slots[1];
    if (wish.title === WAITING.title && full !== undefined) await wait(feature, context, full.slotId);
  }
}

/** Returns the first week from this day on in which one of the weekdays is not closed. */
function openWeek(from: string, closed: ReadonlySet<string>) {
  return (weekdays: readonly number[]): { readonly from: string; readonly to: string } => {
    const weeks = Array.from({ length: WEEKS_AHEAD }, (_, week) => addDays(from, 7 * week));
    const isOpen = (date: string): boolean => weekdays.includes(weekdayOf(date)) && !closed.has(date);
    const first = weeks.find((start) => [0, 1, 2, 3, 4, 5, 6].some((days) => isOpen(addDays(start, days))));
    return { from: first ?? from, to: addDays(first ?? from, 6) };
  };
}

/** Where a booking of the slot was left out there is a seat, and nothing to wait for. */
async function wait(feature: ConsultationsFeature, context: SeedContext, slotId: string): Promise<void> {
  for (const [student, tellOnly] of WAITING.students) {
    try {
      await feature.bookings.join(context.actor(student, WAITING.course), slotId, tellOnly);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'slot-free') throw error;
    }
  }
}

/** On some days of the week two of a student's consultations fall together; then one is enough. */
async function book(
  feature: ConsultationsFeature,
  student: Parameters<ConsultationsFeature['bookings']['book']>[0],
  slotId: string,
  question: string,
): Promise<void> {
  try {
    await feature.bookings.book(student, slotId, question, (moment) => moment.toISOString());
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'booking-overlaps') throw error;
  }
}
