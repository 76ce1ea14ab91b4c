import type { App } from '../../src/app.js';
import { seriesFields } from '../../src/features/consultations/series/series.fields.js';
import { DomainError } from '../../src/shared/errors.js';
import { DAY, MINUTE } from '../../src/shared/clock.js';
import { localAt } from '../../src/shared/zoned.js';
import { DEMO_MAX } from '../demo-max/index.js';
import type { SeedContext } from './context.js';

const ZONE = 'Europe/Moscow';
/** Ids as in scripts/demo-lms/centre.ts. */
const COURSE = '2';
const TEACHER = '12';
const STUDENT = '101';
const TITLE = 'Информатика: помощь с проектом';

/**
 * Lets the demo say something within its first minute: a consultation that begins within the hour, one of the next day,
 * and a student and a teacher who get the list of the evening at this hour. And MAX, as the demo imitates it.
 * @param max origin of the imitation; null where there is none
 */
export async function seedNotifications(app: App, context: SeedContext, max: string | null): Promise<void> {
  const { notifications, consultations } = app.features;
  if (max !== null) await connect(app, max);
  const teacher = context.actor(TEACHER, COURSE);
  const student = context.actor(STUDENT, COURSE);
  const known = await consultations.series.active(teacher.courseId);
  if (known.some(({ title }) => title === TITLE)) return;

  const hour = localAt(context.now, ZONE).slice(11, 13);
  for (const { personId } of [teacher, student]) {
    await notifications.savePreferences(personId, { quietFrom: '', quietTo: '', eveningAt: hour });
  }
  const soon = new Date(Math.ceil((context.now.getTime() + 40 * MINUTE) / (5 * MINUTE)) * 5 * MINUTE);
  const [today = '', time = ''] = localAt(soon, ZONE).split('T');
  const [tomorrow = ''] = localAt(new Date(soon.getTime() + DAY), ZONE).split('T');
  const end = localAt(new Date(soon.getTime() + 20 * MINUTE), ZONE);
  // At midnight there is nothing that could begin soon on one day.
  if (!end.startsWith(today)) return;
  await consultations.series.create(teacher, {
    ...seriesFields.usual,
    title: TITLE,
    type: 'individual',
    place: 'Кабинет 305',
    link: '',
    description: '',
    capacity: 1,
    question: 'optional',
    closesHours: 0,
    cancelHours: 0,
    from: today,
    to: tomorrow,
    weekdays: [1, 2, 3, 4, 5, 6, 7],
    start: time,
    end: end.slice(11, 16),
    zone: ZONE,
    length: 20,
    gap: 0,
    // On holidays as well: a newcomer comes on any day.
    take: [soon, new Date(soon.getTime() + DAY)].map((startsAt) => startsAt.toISOString()),
    draft: `seed-notifications-${today}`,
  });
  for (const { slotId } of await consultations.nextFreeOf([teacher.personId], 2)) {
    try {
      await consultations.bookings.book(student, slotId, 'Как оформить титульный лист?', (moment) =>
        moment.toISOString(),
      );
    } catch (error) {
      // The student has another consultation at that time.
      if (!(error instanceof DomainError)) throw error;
    }
  }
}

async function connect(app: App, max: string): Promise<void> {
  const { administration } = app.features.notifications;
  const { settings } = await administration.channel('max');
  if (settings.config.baseUrl === max) return;
  const { bot, token, webhookSecret } = DEMO_MAX;
  await administration.saveChannel('max', settings.version, {
    enabled: true,
    content: 'full',
    values: { bot, linkBase: max, baseUrl: max, ca: '' },
    secrets: { token, webhookSecret },
  });
}
