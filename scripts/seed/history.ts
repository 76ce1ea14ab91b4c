import type { App } from '../../src/app.js';
import { seriesFields } from '../../src/features/consultations/series/series.fields.js';
import type { AnswerRules } from '../../src/infra/settings/index.js';
import { DomainError } from '../../src/shared/errors.js';
import { DAY, MINUTE, type ManualClock } from '../../src/shared/clock.js';
import { afterWorkingHours } from '../../src/shared/working-hours.js';
import { localAt } from '../../src/shared/zoned.js';
import type { SeedContext } from './context.js';
import { record } from './held.js';
import { ask, isEmpty, PAST_QUESTIONS } from './questions.js';
import { morningBefore, rulesOf, workingHoursBefore } from './working-time.js';

const ZONE = 'Europe/Moscow';
/** The history begins so many days before today. */
export const HISTORY_DAYS = 14;

interface HeldSeries {
  /** Ids as in scripts/demo-lms/centre.ts. */
  readonly course: string;
  readonly teacher: string;
  readonly title: string;
  readonly place: string;
  /** On each working day, from when until when. */
  readonly hours: readonly [start: string, end: string];
  /** Who books one time each, the first the first. */
  readonly students: readonly string[];
  /** So many of the last are still to be marked. */
  readonly unmarked?: number;
}

const HELD: readonly HeldSeries[] = [
  {
    course: '2',
    teacher: '11',
    title: 'Алгебра: разбор контрольной',
    place: 'Кабинет 214',
    hours: ['14:00', '14:40'],
    students: ['101', '103', '105', '107', '112', '119'],
    unmarked: 1,
  },
  {
    course: '2',
    teacher: '12',
    title: 'Программирование: первый проект',
    place: 'Кабинет 305',
    hours: ['15:00', '15:40'],
    students: ['102', '104', '106', '116'],
  },
  {
    course: '2',
    teacher: '13',
    title: 'Физика: графики движения',
    place: 'Лаборатория',
    hours: ['16:00', '16:40'],
    students: ['110', '115', '103', '109', '117'],
  },
  {
    course: '2',
    teacher: '14',
    title: 'Химия: уравнения реакций',
    place: 'Кабинет 220',
    hours: ['15:00', '15:40'],
    students: ['108', '113', '118'],
    unmarked: 1,
  },
  {
    course: '2',
    teacher: '21',
    title: 'Биология: задачи по генетике',
    place: 'Кабинет 221',
    hours: ['13:00', '13:40'],
    students: ['114', '120', '101'],
  },
  {
    course: '3',
    teacher: '15',
    title: 'Сочинение: план',
    place: 'Кабинет 118',
    hours: ['14:00', '14:40'],
    students: ['133', '138', '124', '121'],
  },
  {
    course: '3',
    teacher: '16',
    title: 'Литература: анализ стихотворения',
    place: 'Кабинет 117',
    hours: ['16:00', '16:40'],
    students: ['128', '131', '136'],
  },
  {
    course: '3',
    teacher: '17',
    title: 'История: карты',
    place: 'Кабинет 301',
    hours: ['15:00', '15:40'],
    students: ['133', '122', '127', '140'],
  },
  {
    course: '3',
    teacher: '18',
    title: 'Обществознание: разбор эссе',
    place: 'Кабинет 302',
    hours: ['13:00', '13:40'],
    students: ['126', '130'],
  },
  {
    course: '3',
    teacher: '19',
    title: 'Английский: произношение',
    place: 'Кабинет 221',
    hours: ['17:00', '17:40'],
    students: ['123', '125', '129', '132'],
  },
  {
    course: '3',
    teacher: '20',
    title: 'Немецкий: подготовка к диалогу',
    place: 'Кабинет 222',
    hours: ['14:00', '14:40'],
    students: ['135', '137', '139'],
  },
];

/**
 * Two weeks before today, as they were lived through: consultations booked and held, questions asked, answered,
 * published, and left without an answer until they were passed on. Only when no question has been asked.
 * @param app whose clock is `clock`, two weeks behind
 */
export async function seedHistory(
  app: App,
  context: SeedContext,
  clock: ManualClock,
  now: Date,
): Promise<void> {
  if (!(await isEmpty(app.features.questions, now))) return;
  const booked: { readonly held: HeldSeries; readonly slotIds: readonly string[] }[] = [];
  for (const held of HELD) booked.push({ held, slotIds: await offer(app, context, held, clock.now()) });
  await askPast(app, context, clock, now);
  clock.set(now);
  for (const { held, slotIds } of booked) {
    const teacher = context.actor(held.teacher, held.course);
    const marked = slotIds.slice(0, slotIds.length - (held.unmarked ?? 0));
    for (const [index, slotId] of marked.entries())
      await record(app.features.consultations, teacher, slotId, index);
  }
}

/** Returns the slots that were booked. */
async function offer(
  { features: { consultations } }: App,
  context: SeedContext,
  { course, teacher, title, place, hours: [start, end], students }: HeldSeries,
  begun: Date,
): Promise<string[]> {
  const actor = context.actor(teacher, course);
  const day = (ahead: number): string => localAt(new Date(begun.getTime() + ahead * DAY), ZONE).slice(0, 10);
  const slotIds: string[] = [];
  try {
    const { id } = await consultations.series.create(actor, {
      ...seriesFields.usual,
      ...{ title, place, type: 'individual', capacity: 1, zone: ZONE, length: 40, gap: 0 },
      ...{ from: day(1), to: day(HISTORY_DAYS - 1), weekdays: [1, 2, 3, 4, 5], start, end },
      ...{ question: 'optional', draft: `history-${course}-${teacher}` },
    });
    const slots = (await consultations.nextFreeOf([actor.personId], 100)).filter(
      ({ seriesId }) => seriesId === id,
    );
    for (const [index, student] of students.entries()) {
      const slotId = slots[index]?.slotId;
      if (slotId === undefined) continue;
      await consultations.bookings.book(context.actor(student, course), slotId, 'Разобрать ошибки', String);
      slotIds.push(slotId);
    }
  } catch (error) {
    // In holidays there may be no day for it, and a student may be busy.
    if (!(error instanceof DomainError)) throw error;
  }
  return slotIds;
}

/** Asks the questions of the last weeks, answers them after some working hours, and passes on what is overdue. */
async function askPast(app: App, context: SeedContext, clock: ManualClock, now: Date): Promise<void> {
  const { questions } = app.features;
  const rules = await rulesOf(app, now);
  const steps: Date[] = [];
  for (const { daysAgo, ...question } of PAST_QUESTIONS) {
    const { overdueHours = 0, answer } = question;
    const asked =
      answer === undefined
        ? workingHoursBefore(now, rules.answerHours + overdueHours, rules)
        : morningBefore(now, daysAgo, answer[2], rules);
    clock.set(asked);
    await ask(questions, context, question, (passed) =>
      clock.set(afterWorkingHours(asked, passed, rules.work)),
    );
    if (answer === undefined) steps.push(...stepsOf(asked, rules));
  }
  for (const step of steps.sort((a, b) => a.getTime() - b.getTime())) {
    if (step >= now) continue;
    clock.set(step);
    await questions.escalation.escalateDue();
  }
}

/** When a question that is not answered is passed on: to the head of the association, then to the deputies. */
function stepsOf(asked: Date, { answerHours, escalateHours, work }: AnswerRules): Date[] {
  const due = new Date(afterWorkingHours(asked, answerHours, work).getTime() + MINUTE);
  const later = new Date(afterWorkingHours(due, escalateHours, work).getTime() + MINUTE);
  return [due, later];
}
