import { z } from 'zod';
import { defineJob, defineLane, type Jobs } from '../../../infra/jobs/index.js';
import { DAY, MINUTE, type Clock } from '../../../shared/clock.js';
import { digest } from '../../../shared/ids.js';
import type { ToldBookings } from '../../consultations/index.js';
import type { ToldClasses } from '../../timetable/index.js';
import { reminderSubject } from '../kinds/told-bookings.js';
import { dailySubject } from '../kinds/daily.kinds.js';
import type { NotificationKind, Notifier, Occurrence } from '../kinds/kind.js';
import type { Recipients } from '../sending/recipients.service.js';
import { dueLists } from './daily.js';
import { dueReminder } from './reminders.js';

export interface ScheduleJobsDeps {
  readonly jobs: Pick<Jobs, 'schedule' | 'register' | 'enqueueManyOnce'>;
  readonly clock: Clock;
  readonly notifier: Notifier;
  readonly told: Pick<ToldBookings, 'beginning' | 'ownReminders' | 'teachersOf'>;
  readonly classes: Pick<ToldClasses, 'beginning' | 'studentsOf'>;
  readonly recipients: Pick<Recipients, 'hoursOf'>;
  readonly reminders: Readonly<Record<'student' | 'teacher', NotificationKind>>;
  readonly classReminders: ScheduleJobsDeps['reminders'];
  readonly daily: NotificationKind;
  /** Minutes before a start at which reminders are sent, unless a series says otherwise. */
  readonly offsets: () => Promise<readonly number[]>;
  /** The same for classes. */
  readonly classOffsets: () => Promise<readonly number[]>;
}

/** A day of another zone may end so much later. */
const DAILY_AHEAD_MS = 2 * DAY + 14 * 60 * MINUTE;

/**
 * Makes reminders and daily lists. Nothing is kept per booking: what begins is asked for each minute, and what was sent is
 * known by its key, so that moved, cancelled and late bookings need no care.
 */
export function addScheduleJobs(deps: ScheduleJobsDeps): void {
  const part = deps.jobs.register(definePart(deps));
  const remindersMade = createMade();
  const listsMade = createMade();
  deps.jobs.schedule({
    name: 'notify-beginning',
    cron: '* * * * *',
    async run() {
      remindersMade.forget(deps.clock.now().getTime());
      await remind(deps, remindersMade);
      await remindOfClasses(deps, remindersMade);
    },
  });
  // Zones differ by quarters of an hour.
  deps.jobs.schedule({
    name: 'notify-daily',
    cron: '*/5 * * * *',
    run: () => listDays(deps, listsMade, part),
  });
}

/** What this process has made already: saves asking the database each minute. Losing it does no harm. */
interface Made {
  /** Returns true once per key. */
  first(key: string, until: number): boolean;
  has(key: string): boolean;
  forget(now: number): void;
}

function createMade(): Made {
  const known = new Map<string, number>();
  return {
    first(key, until) {
      if (known.has(key)) return false;
      known.set(key, until);
      return true;
    },
    has: (key) => known.has(key),
    forget(now) {
      for (const [key, until] of known) if (until < now) known.delete(key);
    },
  };
}

async function remind({ clock, told, offsets: read, notifier, reminders }: ScheduleJobsDeps, made: Made) {
  const now = clock.now();
  const [usual, own] = await Promise.all([read(), told.ownReminders()]);
  const longest = Math.max(0, ...usual, ...[...own.values()].flat());
  if (longest === 0) return;
  const horizon = new Date(now.getTime() + longest * MINUTE);
  const due = (await told.beginning(now, horizon)).flatMap((booking) => {
    const offsets = own.get(booking.seriesId) ?? usual;
    const minutes = dueReminder({ startsAt: booking.startsAt, since: booking.since }, now, offsets);
    if (minutes === null) return [];
    const subjectId = reminderSubject(booking.id, minutes, booking.startsAt);
    return made.first(subjectId, booking.startsAt.getTime()) ? [{ booking, minutes, subjectId }] : [];
  });
  if (due.length === 0) return;
  const teachers = await told.teachersOf([...new Set(due.map(({ booking }) => booking.slotId))]);
  const ofTeachers = new Map<string, Occurrence>();
  for (const { booking, minutes, subjectId } of due) {
    const { personIds, courseId, slotId, startsAt } = booking;
    const people = personIds.map((personId) => ({ subjectId, personId, courseId }));
    await notifier.notify(reminders.student, people, now);
    const teacherId = teachers.get(slotId);
    if (teacherId === undefined) continue;
    const ofSlot = reminderSubject(slotId, minutes, startsAt);
    if (made.first(ofSlot, startsAt.getTime()))
      ofTeachers.set(ofSlot, { subjectId: ofSlot, personId: teacherId, courseId });
  }
  await notifier.notify(reminders.teacher, [...ofTeachers.values()], now);
}

async function remindOfClasses(deps: ScheduleJobsDeps, made: Made): Promise<void> {
  const { clock, classes, notifier, classReminders } = deps;
  const now = clock.now();
  const offsets = await deps.classOffsets();
  if (offsets.length === 0) return;
  const horizon = new Date(now.getTime() + Math.max(...offsets) * MINUTE);
  for (const found of await classes.beginning(now, horizon)) {
    const { id, startsAt, movedFrom, teacherId, courseId } = found;
    const minutes = dueReminder({ startsAt, since: movedFrom?.at ?? new Date(0) }, now, offsets);
    if (minutes === null) continue;
    const subjectId = reminderSubject(id, minutes, startsAt);
    if (!made.first(subjectId, startsAt.getTime())) continue;
    const of = (personId: string): Occurrence => ({ subjectId, personId, courseId });
    await notifier.notify(classReminders.student, (await classes.studentsOf(found)).map(of), now);
    if (teacherId !== '') await notifier.notify(classReminders.teacher, [of(teacherId)], now);
  }
}

/** Everyone who comes to something or holds it within the days that a list may be of, with one of their courses. */
async function busyPeople({ told, classes }: ScheduleJobsDeps, now: Date): Promise<Map<string, string>> {
  const horizon = new Date(now.getTime() + DAILY_AHEAD_MS);
  const courses = new Map<string, string>();
  const note = (personId: string | undefined, courseId: string): void => {
    if (personId !== undefined && personId !== '' && !courses.has(personId)) courses.set(personId, courseId);
  };
  const bookings = await told.beginning(now, horizon);
  const teachers = await told.teachersOf([...new Set(bookings.map(({ slotId }) => slotId))]);
  for (const { personIds, slotId, courseId } of bookings) {
    for (const personId of personIds) note(personId, courseId);
    note(teachers.get(slotId), courseId);
  }
  const asked = new Set<string>();
  for (const found of await classes.beginning(now, horizon)) {
    const { courseId, groupId, teacherId } = found;
    note(teacherId, courseId);
    const group = `${courseId} ${groupId}`;
    if (asked.has(group)) continue;
    asked.add(group);
    for (const personId of await classes.studentsOf(found)) note(personId, courseId);
  }
  return courses;
}

/** What the lists of a moment are made of, so many people at a time: a process that is killed meanwhile loses no more. */
const PART = 50;

/** The hours of so many people are read at a time: those of a whole centre at once are megabytes. */
const READ_AT_ONCE = 10 * PART;

const partPayload = z.object({
  at: z.date(),
  lists: z.array(z.object({ personId: z.string(), courseId: z.string(), subjectId: z.string() })),
});

function definePart({ notifier, daily }: Pick<ScheduleJobsDeps, 'notifier' | 'daily'>) {
  return defineJob({
    name: 'notify-daily-part',
    payload: partPayload,
    // The same people and lists are the same part, whatever process has found them.
    key: ({ lists }) => digest(lists.map(({ personId, subjectId }) => `${personId} ${subjectId}`).join('\n')),
    lane: defineLane({ name: 'notify-daily-part', limit: 2 }),
    run: ({ payload: { at, lists } }) => notifier.notify(daily, lists, at),
  });
}

async function listDays(
  deps: ScheduleJobsDeps,
  made: Made,
  part: ReturnType<typeof definePart>,
): Promise<void> {
  const { clock, recipients, jobs } = deps;
  const now = clock.now();
  made.forget(now.getTime());
  const courses = await busyPeople(deps, now);
  const people = [...courses.keys()].sort();
  for (let at = 0; at < people.length; at += READ_AT_ONCE) {
    const hours = await recipients.hoursOf(people.slice(at, at + READ_AT_ONCE));
    const found = [...hours].flatMap(([personId, own]) =>
      dueLists(own, now).flatMap(({ list, day }): Occurrence[] => {
        const subjectId = dailySubject(day, list);
        const known = made.has(`${personId} ${subjectId}`);
        return known ? [] : [{ subjectId, personId, courseId: courses.get(personId) ?? '' }];
      }),
    );
    const parts = Array.from({ length: Math.ceil(found.length / PART) }, (_, index) => ({
      at: now,
      lists: found.slice(index * PART, (index + 1) * PART),
    }));
    // By one write: a process that is killed again and again gets through the people all the same.
    await jobs.enqueueManyOnce(part, parts);
    for (const { personId, subjectId } of found)
      made.first(`${personId} ${subjectId}`, now.getTime() + 2 * DAY);
  }
}
