/* eslint-disable @typescript-eslint/require-await -- what stands for the database answers at once */
import { expect } from 'chai';
import { channels } from '../../../src/features/notifications/channels/index.js';
import { consultationKinds } from '../../../src/features/notifications/kinds/consultations.kinds.js';
import { reminderKinds } from '../../../src/features/notifications/kinds/reminders.kinds.js';
import { classKinds } from '../../../src/features/notifications/kinds/classes.kinds.js';
import { dailyKind } from '../../../src/features/notifications/kinds/daily.kinds.js';
import { addScheduleJobs } from '../../../src/features/notifications/schedule/schedule.jobs.js';
import { addDeliverJobs } from '../../../src/features/notifications/sending/deliver.jobs.js';
import { createDispatcher } from '../../../src/features/notifications/sending/dispatch.service.js';
import { createRecipients } from '../../../src/features/notifications/sending/recipients.service.js';
import { createNotificationStores } from '../../../src/features/notifications/stores.js';
import type { ToldBooking, ToldBookings } from '../../../src/features/consultations/index.js';
import type { ToldClass, ToldClasses } from '../../../src/features/timetable/index.js';
import type { Jobs } from '../../../src/infra/jobs/index.js';
import { HOUR } from '../../../src/shared/clock.js';
import { createSealer } from '../../../src/shared/sealing.js';
import { openQueue, type Queue } from '../../infra/jobs/queue.js';

interface Lesson {
  readonly id: string;
  readonly student: string;
  startsAt: Date;
  readonly bookedAt: Date;
  state: 'booked' | 'cancelled';
}

/** What a calendar of lessons says, as the consultations would. */
function toldOf(lessons: readonly Lesson[]): ToldBookings {
  const told = (lesson: Lesson): ToldBooking => ({
    id: lesson.id,
    courseId: 'course',
    slotId: `slot-${lesson.id}`,
    personId: lesson.student,
    personIds: [lesson.student],
    bookedBy: lesson.student,
    movedFrom: null,
    offeredUntil: null,
    onlyWaited: false,
    moveReason: '',
    student: null,
    state: lesson.state,
    question: '',
    bookedAt: lesson.bookedAt,
    cancellation: null,
    title: lesson.id,
    type: 'individual',
    startsAt: lesson.startsAt,
    endsAt: new Date(lesson.startsAt.getTime() + HOUR),
    zone: 'Asia/Omsk',
    place: '',
    link: '',
    teacherId: 'teacher',
    teacher: null,
  });
  const standing = (from: Date, to: Date) =>
    lessons
      .filter(({ state, startsAt }) => state === 'booked' && startsAt >= from && startsAt < to)
      .map(told);
  return {
    find: async (id) => lessons.filter((lesson) => lesson.id === id).map(told)[0] ?? null,
    beginning: async (from, to) =>
      standing(new Date(from.getTime() + 1), new Date(to.getTime() + 1)).map((booking) => ({
        ...booking,
        seriesId: booking.id,
        since: booking.bookedAt,
      })),
    ownReminders: async () => new Map([['in three days', [72 * 60]]]),
    teachersOf: async (ids) => new Map(ids.map((id) => [id, 'teacher'])),
    findTaught: async (id) => {
      const lesson = lessons.find(
        (candidate) => `slot-${candidate.id}` === id && candidate.state === 'booked',
      );
      return lesson === undefined ? null : { ...told(lesson), booked: 1 };
    },
    unmarked: async () => [],
    findUnmarked: async () => null,
    bookedBy: async (personId, from, to) =>
      standing(from, to).filter((booking) => booking.personId === personId),
    taughtBy: async (personId, from, to) =>
      personId === 'teacher' ? standing(from, to).map((booking) => ({ ...booking, booked: 1 })) : [],
  };
}

/** Classes that Boris attends and the teacher gives. */
function classesOf(classes: readonly ToldClass[]): ToldClasses {
  const planned = (from: Date, to: Date) =>
    classes.filter(({ state, startsAt }) => state === 'planned' && startsAt >= from && startsAt < to);
  return {
    find: async (id) => classes.find((found) => found.id === id) ?? null,
    beginning: async (from, to) => planned(new Date(from.getTime() + 1), new Date(to.getTime() + 1)),
    studentsOf: async () => ['boris'],
    ofPerson: async (personId, from, to) =>
      ['boris', 'teacher'].includes(personId)
        ? planned(from, to).map((found) => ({ ...found, gives: personId === 'teacher' }))
        : [],
  };
}

/** Two processes with one database: a calendar of lessons, and what leaves. */
class World {
  readonly lessons: Lesson[] = [];
  readonly classes: { -readonly [Key in keyof ToldClass]: ToldClass[Key] }[] = [];
  readonly sent: string[] = [];
  readonly stores: ReturnType<typeof createNotificationStores>;
  #processes: Jobs[] = [];
  readonly #queue: Queue;

  constructor(queue: Queue) {
    this.#queue = queue;
    this.stores = createNotificationStores(queue.storage.connection, createSealer('x'.repeat(32)), channels);
    this.restart();
  }

  /** Two new processes take the place of those that ran: what those kept in memory is gone. */
  restart(): void {
    this.#processes = [this.#queue.anotherProcess(), this.#queue.anotherProcess()];
    for (const jobs of this.#processes) this.#build(jobs);
  }

  #build(jobs: Jobs): void {
    const { stores } = this;
    const { clock } = this.#queue;
    const told = toldOf(this.lessons);
    const recipients = createRecipients({
      ...stores,
      findAddressees: async (ids) =>
        new Map(
          ids.map((id) => [
            id,
            { name: { surname: '', givenName: id, patronymic: '' }, email: `${id}@example.org` },
          ]),
        ),
      centre: async () => ({ locale: 'ru', zone: 'Asia/Omsk' }),
      mayMail: () => true,
      clock,
    });
    const reminders = reminderKinds(told);
    const zoneOf = async (id: string) => (await recipients.find(id))!.zone;
    const classes = classesOf(this.classes);
    const { all: ofClasses, reminders: classReminders } = classKinds(classes);
    const daily = dailyKind({ told, classes, zoneOf, now: () => clock.now() });
    const kinds = [
      ...consultationKinds(told, () => Promise.resolve(null)),
      ...ofClasses,
      reminders.student,
      reminders.teacher,
      daily,
    ];
    const deliveries = addDeliverJobs({
      ...stores,
      ...{ jobs, clock, recipients, mailOn: true },
      findKind: (name) => kinds.find((kind) => kind.name === name) ?? null,
      sender: {
        send: async (channel, { person, occurrence, kind }) => {
          expect(channel).to.equal(person.personId === 'anna' ? 'max' : 'mail');
          const at = clock.now().toISOString().slice(5, 16).replace('T', ' ');
          const subject = occurrence.subjectId.replace(/@\d{13}$/, '').replace(/^slot-/, '');
          this.sent.push(`${at} ${person.personId} ${kind.name} ${subject}`);
        },
      },
    });
    const notifier = createDispatcher({
      ...stores,
      ...{ recipients, mailOn: true, clock },
      digests: { take: async () => false },
      enqueue: (channel, payloads) => jobs.enqueueManyOnce(deliveries[channel], payloads),
    });
    const offsets = () => Promise.resolve([24 * 60, 60]);
    const classOffsets = () => Promise.resolve([60]);
    addScheduleJobs({
      ...{ jobs, clock, notifier, told, classes, recipients },
      ...{ reminders, classReminders, daily, offsets, classOffsets },
    });
  }

  book(id: string, student: string, startsAt: string): Lesson {
    const bookedAt = this.#queue.clock.now();
    const lesson: Lesson = { id, student, startsAt: new Date(startsAt), bookedAt, state: 'booked' };
    this.lessons.push(lesson);
    return lesson;
  }

  /** Puts a class of an hour into the timetable. */
  plan(id: string, startsAt: string): World['classes'][number] {
    const start = new Date(startsAt);
    const found = {
      ...{ id, courseId: 'course', groupId: '', title: id, place: '', link: '', reason: '' },
      ...{ startsAt: start, endsAt: new Date(start.getTime() + HOUR), state: 'planned' as const },
      ...{ movedFrom: null, teacherId: 'teacher', teacher: null, teacherName: '', substitution: null },
    };
    this.classes.push(found);
    return found;
  }

  /** Lives until a moment in both processes, from one whole hour to the next. Returns what was sent meanwhile. */
  async until(moment: string): Promise<string[]> {
    const { clock } = this.#queue;
    const end = Date.parse(moment);
    for (let now = clock.now().getTime(); now < end; now = clock.now().getTime()) {
      clock.advance(Math.min(end, (Math.floor(now / HOUR) + 1) * HOUR) - now);
      await Promise.all(this.#processes.map((jobs) => jobs.drain()));
    }
    return this.sent.splice(0).sort();
  }
}

describe('a week of messages, in two zones', function () {
  this.timeout(120_000);
  let queue: Queue;
  let world: World;

  before(async () => {
    queue = await openQueue();
    queue.clock.set('2026-03-22T20:00:00Z');
    world = new World(queue);
    await queue.storage.ensureIndexes();
    // Berlin puts its clocks forward in the night of 29 March.
    // Anna has linked MAX, which keeps her quiet hours.
    const set = { enabled: true, content: 'full', values: {}, secrets: {} } as const;
    await world.stores.settings.save('max', 0, set);
    const linked = { personId: 'anna', channel: 'max', address: '77' } as const;
    await world.stores.addresses.link(linked, queue.clock.now());
    await world.stores.preferences.save('boris', { zone: 'Europe/Berlin' }, queue.clock.now());
  });
  after(() => queue.close());

  it('reminds a day and an hour before, and sends the lists of the evening and the morning', async () => {
    await world.until('2026-03-23T05:00:00Z');
    world.book('algebra', 'anna', '2026-03-24T10:00:00Z');
    expect(await world.until('2026-03-24T11:00:00Z')).to.deep.equal([
      '03-23 10:00 anna booking-reminder algebra@1440',
      '03-23 10:00 teacher slot-reminder algebra@1440',
      '03-23 12:00 anna daily-list 2026-03-24@evening',
      '03-23 12:00 teacher daily-list 2026-03-24@evening',
      '03-24 02:00 anna daily-list 2026-03-24@morning',
      '03-24 02:00 teacher daily-list 2026-03-24@morning',
      '03-24 09:00 anna booking-reminder algebra@60',
      '03-24 09:00 teacher slot-reminder algebra@60',
    ]);
  });

  it('says no more of what was cancelled, and nothing on an empty day', async () => {
    const lesson = world.book('cancelled', 'anna', '2026-03-25T14:00:00Z');
    expect(await world.until('2026-03-24T15:00:00Z')).to.deep.equal([
      '03-24 12:00 anna daily-list 2026-03-25@evening',
      '03-24 12:00 teacher daily-list 2026-03-25@evening',
      '03-24 14:00 anna booking-reminder cancelled@1440',
      '03-24 14:00 teacher slot-reminder cancelled@1440',
    ]);
    lesson.state = 'cancelled';
    expect(await world.until('2026-03-25T15:00:00Z')).to.deep.equal([]);
  });

  it('moves its reminders with a slot', async () => {
    const lesson = world.book('moved', 'boris', '2026-03-26T16:00:00Z');
    expect(await world.until('2026-03-25T15:45:00Z')).to.deep.equal([]);
    lesson.startsAt = new Date('2026-03-27T15:00:00Z');
    expect(await world.until('2026-03-27T16:00:00Z')).to.deep.equal([
      '03-26 12:00 teacher daily-list 2026-03-27@evening',
      '03-26 15:00 boris booking-reminder moved@1440',
      '03-26 15:00 teacher slot-reminder moved@1440',
      '03-26 17:00 boris daily-list 2026-03-27@evening',
      '03-27 02:00 teacher daily-list 2026-03-27@morning',
      '03-27 07:00 boris daily-list 2026-03-27@morning',
      '03-27 14:00 boris booking-reminder moved@60',
      '03-27 14:00 teacher slot-reminder moved@60',
    ]);
  });

  it('keeps to the wall clock of a zone whose clocks are put forward', async () => {
    world.book('sunday', 'boris', '2026-03-29T07:00:00Z');
    expect(await world.until('2026-03-29T08:00:00Z')).to.deep.equal([
      '03-28 07:00 boris booking-reminder sunday@1440',
      '03-28 07:00 teacher slot-reminder sunday@1440',
      '03-28 12:00 teacher daily-list 2026-03-29@evening',
      // 18:00 in winter, 08:00 in summer time.
      '03-28 17:00 boris daily-list 2026-03-29@evening',
      '03-29 02:00 teacher daily-list 2026-03-29@morning',
      '03-29 06:00 boris booking-reminder sunday@60',
      '03-29 06:00 boris daily-list 2026-03-29@morning',
      '03-29 06:00 teacher slot-reminder sunday@60',
    ]);
  });

  it('waits for the end of quiet hours, unless the message would be pointless by then', async () => {
    // 23:30 in Omsk.
    world.book('late', 'anna', '2026-03-31T17:30:00Z');
    const sent = [
      ...(await world.until('2026-03-31T16:30:00Z')),
      ...(await world.until('2026-03-31T18:00:00Z')),
    ];
    expect(sent.filter((line) => line.includes(' anna '))).to.deep.equal([
      '03-30 12:00 anna daily-list 2026-03-31@evening',
      // Due at 23:30, sent at 07:00.
      '03-31 01:00 anna booking-reminder late@1440',
      '03-31 02:00 anna daily-list 2026-03-31@morning',
      // Due at 22:30, sent at once: it begins at 23:30.
      '03-31 16:30 anna booking-reminder late@60',
    ]);
  });

  it('sends one reminder for a booking made late', async () => {
    await world.until('2026-04-01T09:00:00Z');
    world.book('three-hours', 'anna', '2026-04-01T12:00:00Z');
    world.book('half-an-hour', 'boris', '2026-04-01T09:30:00Z');
    const sent = [
      ...(await world.until('2026-04-01T09:15:00Z')),
      ...(await world.until('2026-04-01T12:30:00Z')),
    ];
    expect(sent.filter((line) => line.includes('booking-reminder'))).to.deep.equal([
      '04-01 09:15 boris booking-reminder half-an-hour@60',
      '04-01 11:00 anna booking-reminder three-hours@60',
    ]);
  });

  it('lists classes, reminds of them an hour before, and follows one that is moved or cancelled', async () => {
    const moved = world.plan('physics', '2026-04-01T15:00:00Z');
    const cancelled = world.plan('music', '2026-04-01T17:00:00Z');
    expect(await world.until('2026-04-01T13:00:00Z')).to.deep.equal([]);
    moved.startsAt = new Date('2026-04-02T06:00:00Z');
    moved.endsAt = new Date('2026-04-02T07:00:00Z');
    cancelled.state = 'cancelled';
    expect(await world.until('2026-04-02T06:00:00Z')).to.deep.equal([
      // The teacher's list of the evening was empty in Omsk when the class was moved into its day.
      '04-01 16:00 boris daily-list 2026-04-02@evening',
      '04-02 02:00 teacher daily-list 2026-04-02@morning',
      '04-02 05:00 boris class-reminder physics@60',
      '04-02 05:00 teacher lesson-reminder physics@60',
    ]);
  });

  it('sends no stale flood after two days without the program', async () => {
    world.book('missed', 'anna', '2026-04-03T10:00:00Z');
    world.book('today', 'anna', '2026-04-04T12:00:00Z');
    await world.until('2026-04-02T07:00:00Z');
    queue.clock.set('2026-04-04T07:45:00Z');
    world.restart();
    expect(await world.until('2026-04-04T12:30:00Z')).to.deep.equal([
      '04-04 08:00 anna booking-reminder today@1440',
      '04-04 08:00 teacher slot-reminder today@1440',
      '04-04 11:00 anna booking-reminder today@60',
      '04-04 11:00 teacher slot-reminder today@60',
    ]);
  });

  it('reminds at the hours of the series where it has its own', async () => {
    world.book('in three days', 'anna', '2026-04-07T12:45:00Z');
    const sent = await world.until('2026-04-04T12:45:00Z');
    expect(sent.filter((line) => line.includes('reminder'))).to.deep.equal([
      '04-04 12:45 anna booking-reminder in three days@4320',
      '04-04 12:45 teacher slot-reminder in three days@4320',
    ]);
  });

  it('sends nothing again after the clock was put back, and a restart', async () => {
    world.book('put back', 'anna', '2026-04-05T15:00:00Z');
    expect(await world.until('2026-04-04T15:00:00Z')).to.deep.equal([
      '04-04 13:00 anna daily-list 2026-04-05@evening',
      '04-04 13:00 teacher daily-list 2026-04-05@evening',
      '04-04 15:00 anna booking-reminder put back@1440',
      '04-04 15:00 teacher slot-reminder put back@1440',
    ]);
    queue.clock.advance(-3 * HOUR);
    world.restart();
    expect(await world.until('2026-04-04T15:00:00Z')).to.deep.equal([]);
    expect(await world.until('2026-04-05T15:00:00Z')).to.deep.equal([
      '04-05 02:00 anna daily-list 2026-04-05@morning',
      '04-05 02:00 teacher daily-list 2026-04-05@morning',
      '04-05 14:00 anna booking-reminder put back@60',
      '04-05 14:00 teacher slot-reminder put back@60',
    ]);
  });

  it('sends a list once to a person who changes the zone', async () => {
    const liveIn = (zone: string) => world.stores.preferences.save('boris', { zone }, queue.clock.now());
    world.book('zones', 'boris', '2026-04-06T20:00:00Z');
    const sent = await world.until('2026-04-05T17:00:00Z');
    // 13:00 there: it is to be 18:00 and 08:00 once more.
    await liveIn('America/New_York');
    sent.push(...(await world.until('2026-04-06T13:00:00Z')));
    await liveIn('Europe/Berlin');
    sent.push(...(await world.until('2026-04-06T20:00:00Z')));
    expect(sent.filter((line) => line.includes(' boris '))).to.deep.equal([
      '04-05 16:00 boris daily-list 2026-04-06@evening',
      '04-05 20:00 boris booking-reminder zones@1440',
      '04-06 12:00 boris daily-list 2026-04-06@morning',
      '04-06 19:00 boris booking-reminder zones@60',
    ]);
  });
});
