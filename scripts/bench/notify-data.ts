/** A centre with people, classes and bookings, for `npm run bench:notify`. */
import type { Storage } from '../../src/storage/index.js';
import { pino } from 'pino';
import { buildApp, type App } from '../../src/app.js';
import { loadConfig } from '../../src/config.js';
import { DAY, HOUR, MINUTE, systemClock } from '../../src/shared/clock.js';
import { openStorage } from '../../src/storage/index.js';

const PEOPLE_OF_COURSE = 25;
const AT_ONCE = 500;

export interface Centre {
  readonly app: App;
  readonly storage: Storage;
  close(): Promise<void>;
}

/** Opens the tool's own features on a database, without starting anything. */
export async function openCentre(env: Readonly<Record<string, string>>): Promise<Centre> {
  const config = loadConfig({ ...env });
  const storage = await openStorage({ url: config.databaseUrl, clock: systemClock });
  const log = pino({ level: 'silent' });
  const app = buildApp({ config, secret: env.SECRET ?? '', storage, clock: systemClock, log });
  await storage.ensureIndexes();
  return { app, storage, close: () => storage.close() };
}

const chunks = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, index) =>
    all.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );

/** Inserts rows as they are, past the rules: what is measured is not how they come in. */
async function insert({ connection }: Storage, model: string, rows: readonly object[]): Promise<string[]> {
  const ids: string[] = [];
  for (const some of chunks(rows)) {
    const made = (await connection.model(model).insertMany(some)) as unknown as { _id: unknown }[];
    ids.push(...made.map(({ _id }) => String(_id)));
  }
  return ids;
}

export interface People {
  readonly students: readonly string[];
  readonly courses: readonly string[];
}

/**
 * Students of courses with a class tomorrow, who want the list of the evening at this hour by e-mail.
 * @param linked how many of them want it by Telegram too
 */
export async function makePeople({ storage }: Centre, count: number, linked: number): Promise<People> {
  const now = new Date();
  const students = await insert(
    storage,
    'Person',
    Array.from({ length: count }, (_, n) => ({
      ...{ registrationId: 'bench', sub: `s${n}`, email: `s${n}@example.org` },
      name: { surname: `Ученик${n}`, givenName: 'Анна', patronymic: 'Ильинична' },
    })),
  );
  const courses = await insert(
    storage,
    'Course',
    Array.from({ length: Math.ceil(count / PEOPLE_OF_COURSE) }, (_, n) => ({
      ...{ key: `bench${n}`, registrationId: 'bench', deploymentId: '1', contextId: `c${n}` },
      title: `Алгебра, группа ${n}`,
    })),
  );
  const courseOf = (n: number): string => courses[Math.floor(n / PEOPLE_OF_COURSE)] ?? '';
  await insert(
    storage,
    'Membership',
    students.map((personId, n) => ({ courseId: courseOf(n), personId, role: 'student', leftAt: null })),
  );
  const hour = String(now.getUTCHours()).padStart(2, '0');
  await insert(
    storage,
    'NotificationPreferences',
    students.map((personId, n) => ({
      ...{ personId, locale: 'ru', zone: 'UTC', quietFrom: '', quietTo: '', morningAt: '', eveningAt: hour },
      ...{ chosen: n < linked ? ['daily:mail', 'daily:telegram'] : ['daily:mail'], updatedAt: now },
    })),
  );
  await insert(
    storage,
    'NotificationAddress',
    students.slice(0, linked).map((personId, n) => ({
      ...{ personId, channel: 'telegram', address: String(n + 1), linkedAt: now },
    })),
  );
  const tomorrow = Math.floor(now.getTime() / DAY) * DAY + DAY + 9 * HOUR;
  await insert(
    storage,
    'TimetableClass',
    courses.map((courseId) => ({
      ...{ courseId, groupId: '', title: 'Алгебра', place: 'Кабинет 214', state: 'planned', version: 1 },
      ...{ teacher: { id: '', name: 'Соколова А. И.' }, startsAt: new Date(tomorrow) },
      endsAt: new Date(tomorrow + 45 * MINUTE),
    })),
  );
  return { students, courses };
}

/** Bookings of twenty minutes, spread over two months around now; of the past ones as many as of those to come. */
export async function makeBookings({ storage }: Centre, { students, courses }: People, count: number) {
  const now = Date.now();
  const step = (60 * DAY) / count;
  await insert(
    storage,
    'ConsultationBooking',
    Array.from({ length: count }, (_, n) => {
      const startsAt = new Date(now - 30 * DAY + n * step);
      const personId = students[n % students.length] ?? '';
      return {
        ...{ courseId: courses[n % courses.length], slotId: 'a'.repeat(24), seriesId: 'b'.repeat(24) },
        ...{ personId, personIds: [personId], state: 'booked', bookedAt: new Date(now - 40 * DAY), startsAt },
        endsAt: new Date(startsAt.getTime() + 20 * MINUTE),
      };
    }),
  );
}
