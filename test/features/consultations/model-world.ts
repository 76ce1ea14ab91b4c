/** The centre of the property test: people, rooms and series, and what is stored of them. */
import type { Collection } from 'mongoose';
import { seriesFields } from '../../../src/features/consultations/series/series.fields.js';
import type { Actor } from '../../../src/shared/actor.js';
import { MINUTE } from '../../../src/shared/clock.js';
import { addDays, weekdayOf } from '../../../src/shared/days.js';
import type { Role } from '../../../src/shared/roles.js';
import { instantAt } from '../../../src/shared/zoned.js';
import type { TestApp } from '../../support/test-app.js';
import { day, ZONE } from './fixtures.js';
import {
  DAY_MINUTES,
  LENGTH,
  LMS_COURSE,
  ROOMS,
  SERIES,
  STUDENTS,
  TEACHERS,
  type Course,
} from './model-actions.js';

type Rows = Parameters<Collection['insertMany']>[0];

export const clockTime = (minutes: number): string =>
  `${String(Math.floor((minutes % DAY_MINUTES) / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

export async function createWorld(testApp: TestApp) {
  const { consultations, membership, schedule } = testApp.app.features;
  const { connection } = testApp.storage;
  const times = connection.collection('schedule_times');
  const seriesRows = connection.collection('consultation_series');
  const records = connection.collection('consultation_records');
  const date = day(testApp, 10);
  const midnight = instantAt(`${date}T00:00`, ZONE)!.getTime();
  const dateOf = (minutes: number): string => addDays(date, Math.floor(minutes / DAY_MINUTES));
  const momentOf = (minutes: number): Date => new Date(midnight + minutes * MINUTE);

  const courseIds = new Map<Course, string>();
  const personIds = new Map<string, string>();
  const roomIds = new Map<string, string>([['', '']]);

  async function enter(): Promise<void> {
    testApp.lms.control.enrol(LMS_COURSE.first, '12', 'student');
    for (const course of ['first', 'second'] as const)
      for (const person of new Set([...Object.values(TEACHERS[course]), ...STUDENTS]))
        await testApp.launch({ person, course: LMS_COURSE[course] });
    const { id: registrationId } = testApp.registration;
    for (const sub of [...STUDENTS, '17', '15']) {
      const name = { surname: 'Кто-то', givenName: sub, patronymic: '' };
      personIds.set(
        sub,
        (await membership.people.upsertFromLaunch({ registrationId, sub, name, email: '' })).id,
      );
    }
    for (const { courseId, role } of await membership.courses.membershipsOf([personIds.get('12')!]))
      courseIds.set(role === 'student' ? 'first' : 'second', courseId);
  }

  const actorOf = (sub: string, course: Course, role: Role): Actor => ({
    personId: personIds.get(sub)!,
    registrationId: testApp.registration.id,
    courseId: courseIds.get(course)!,
    ...{ courseKey: '', courseTitle: '', role, name: { surname: '', givenName: sub, patronymic: '' } },
  });

  async function makeRooms(): Promise<void> {
    const admin = { kind: 'admin', id: '', name: 'Администратор' } as const;
    await schedule.places.addBuilding(admin, { title: 'Дом', location: '' });
    const [building] = await schedule.places.listBuildings();
    for (const title of ROOMS.filter((room) => room !== ''))
      await schedule.places.addRoom(admin, building!.id, { title, capacity: 50, closed: false });
    for (const room of await schedule.places.list())
      roomIds.set(room.title.endsWith('А') ? 'А' : 'Б', room.roomId);
  }

  const seriesIds: string[] = [];
  const freshSlotIds: string[] = [];
  const termsOf = (index: number, { capacity, limits } = SERIES[index]!) => {
    const of = SERIES[index]!;
    return {
      ...{ ...seriesFields.usual, title: of.name, place: 'Кабинет', question: 'none' as const, capacity },
      ...{ approval: of.approval ? ('required' as const) : ('none' as const) },
      ...{ names: of.shown ? ('shown' as const) : ('hidden' as const), opensDays: of.opensDays },
      ...{ closesHours: of.closesHours, cancelHours: of.cancelHours, rescheduleHours: of.rescheduleHours },
      ...{ bufferBefore: of.before, bufferAfter: of.after },
      ...{ limitAtOnce: limits['at-once'], limitWeek: limits.week, limitSeries: limits.series },
    };
  };

  async function makeSlots(): Promise<void> {
    for (const [index, { course, type, starts }] of SERIES.entries()) {
      const [first = 0, second = first] = starts;
      const twice = clockTime(first) !== clockTime(second);
      const { id } = await consultations.series.create(actorOf(TEACHERS[course].owner, course, 'teacher'), {
        ...{ ...termsOf(index), type, zone: ZONE, from: date, to: dateOf(second) },
        weekdays: [weekdayOf(date)],
        ...{ start: clockTime(first), end: clockTime(first + LENGTH) },
        bands: twice ? [{ start: clockTime(second), end: clockTime(second + LENGTH) }] : [],
        ...{ length: LENGTH, gap: 0 },
      });
      seriesIds.push(id);
      const made = await times.find({ kind: 'slot', seriesId: id }).sort({ startsAt: 1 }).toArray();
      freshSlotIds.push(...made.map(({ _id }) => String(_id)));
    }
  }

  await enter();
  await makeRooms();
  await makeSlots();
  /** What is stored as every sequence finds it. */
  const fresh: { slots: Rows; series: Rows } = {
    slots: await times.find({}).toArray(),
    series: await seriesRows.find({}).toArray(),
  };
  return {
    ...{ midnight, dateOf, momentOf, personIds, roomIds, seriesIds, freshSlotIds },
    ...{ actorOf, termsOf, fresh, times, seriesRows, records },
  };
}
