import type { App } from '../../src/app.js';
import { seriesFields } from '../../src/features/consultations/series/series.fields.js';
import { DomainError } from '../../src/shared/errors.js';
import { DAY, HOUR, type ManualClock } from '../../src/shared/clock.js';
import { localAt } from '../../src/shared/zoned.js';
import type { SeedContext } from './context.js';
import { askOn, isEmpty, PAST_QUESTIONS } from './questions.js';

const ZONE = 'Europe/Moscow';
/** The history begins so many days before today. */
export const HISTORY_DAYS = 14;

/** Consultations that have been held: course, teacher, title, students. */
const HELD: readonly (readonly [string, string, string, readonly string[]])[] = [
  ['2', '11', 'Алгебра: разбор контрольной', ['101', '103', '105', '107', '112', '119']],
  ['2', '12', 'Геометрия: площади', ['102', '104', '106']],
  ['2', '13', 'Физика: графики движения', ['110', '115']],
  ['3', '15', 'Сочинение: план', ['133', '138', '124', '121']],
  ['3', '17', 'История: карты', ['133']],
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
  const { consultations, questions } = app.features;
  if (!(await isEmpty(questions, now))) return;
  const day = (ahead: number): string =>
    localAt(new Date(clock.now().getTime() + ahead * DAY), ZONE).slice(0, 10);
  for (const [course, teacher, title, students] of HELD) {
    const actor = context.actor(teacher, course);
    const { id } = await consultations.series.create(actor, {
      ...seriesFields.usual,
      ...{ title, type: 'individual', place: 'Кабинет 214', capacity: 1, zone: ZONE, gap: 5, length: 40 },
      ...{ from: day(1), to: day(HISTORY_DAYS - 2), weekdays: [1, 2, 3, 4, 5], start: '15:00', end: '16:30' },
      ...{ draft: `history-${course}-${teacher}` },
    });
    const slots = (await consultations.nextFreeOf([actor.personId], 100)).filter(
      ({ seriesId }) => seriesId === id,
    );
    for (const [index, student] of students.entries()) {
      const slot = slots[index * 2];
      if (slot !== undefined) await book(app, context.actor(student, course), slot.slotId);
    }
  }
  const days = Object.keys(PAST_QUESTIONS)
    .map(Number)
    .sort((a, b) => b - a);
  for (const daysAgo of days) {
    // In the morning of a centre's working day.
    clock.set(new Date(now.getTime() - daysAgo * DAY));
    await askOn(questions, context, daysAgo, () => clock.advance((2 + (daysAgo % 5)) * HOUR));
  }
  clock.set(new Date(now.getTime() - HOUR));
  await questions.escalation.escalateDue();
}

async function book(app: App, student: ReturnType<SeedContext['actor']>, slotId: string): Promise<void> {
  try {
    await app.features.consultations.bookings.book(student, slotId, 'Разобрать ошибки', String);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}
