import { mapMethodist, METHODIST } from '../../support/roles.js';
import { seriesFields } from '../../../src/features/consultations/series/series.fields.js';
import { addDays, dateIn } from '../../../src/shared/days.js';
import { launchLink } from '../../support/lms.js';
import { Visitor, type TestApp } from '../../support/test-app.js';

export interface SlotSeen {
  slotId: string;
  startsAt: string;
  endsAt: string;
  state?: string;
  seatsLeft?: number;
  booked?: number;
  taken?: boolean;
  others?: string[];
  bookings?: { id: string; name: string; question: string; state: string }[];
  [field: string]: unknown;
}

/** What answers hold, of whichever page or problem it is. */
export interface Seen {
  code: string;
  detail: string;
  fields: Record<string, string>;
  days: { slots: SlotSeen[] }[];
  next: string | null;
  slot: SlotSeen;
  series: { id: string; leftOut: SlotSeen[] };
  preview: { free: number; days: { slots: SlotSeen[] }[] };
  teachers: { id: string; name: string }[];
  upcoming: BookingSeen[];
  past: BookingSeen[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Null where an answer has no body, such as a redirect. */
  readonly data: Seen;
}

/** As a program asks: JSON both ways. */
export async function ask(visitor: Visitor, method: string, path: string, body?: unknown): Promise<Answer> {
  return visitor.json(method, path, body);
}

/** What tests of consultations do again and again. */

export const ZONE = 'Europe/Moscow';
/** Cookie of a reader seven hours east of Moscow, as the page's script sets it. */
export const FAR_ZONE = 'zone=Asia/Vladivostok; Path=/; Secure; SameSite=None; Partitioned';
export const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

type Changes = Readonly<Record<string, unknown>>;

const VOCABULARY = 'http://purl.imsglobal.org/vocab/lis/v2';
const ROLES = 'https://purl.imsglobal.org/spec/lti/claim/roles';

/** Comes in with a role that Moodle has no word for: it sends managers and assistants as instructors. */
export async function comeAs(
  testApp: TestApp,
  role: 'methodist' | 'assistant',
  who: { person: string; course: string },
): Promise<Visitor> {
  const roles = {
    methodist: [`${VOCABULARY}/membership#Manager`, METHODIST],
    assistant: [
      `${VOCABULARY}/membership#Instructor`,
      `${VOCABULARY}/membership/Instructor#TeachingAssistant`,
    ],
  }[role];
  await mapMethodist(testApp);
  const { browser, response } = await launchLink(testApp.lms, {
    ...who,
    forge: ({ claims }) => ({ ...claims, [ROLES]: roles }),
  });
  const key = /^\/c\/([a-z0-9]+)\//.exec(new URL(response.url).pathname)?.[1] ?? '';
  return new Visitor(testApp.origin, browser, key, response);
}

/** Which day it will be, so many days from the testApp's now: `YYYY-MM-DD`. */
export const day = (testApp: TestApp, ahead: number): string =>
  addDays(dateIn(ZONE, testApp.clock.now()), ahead);

/** A series of two half-hour slots on one day, at 15:00 and 15:30 of Moscow. */
export const wish = (testApp: TestApp, ahead: number, changes: Changes = {}): Record<string, unknown> => ({
  ...seriesFields.usual,
  title: 'Разбор задач',
  // A group is of two at least.
  type: Number(changes.capacity) === 1 ? 'individual' : 'group',
  place: 'Кабинет 12',
  capacity: 3,
  from: day(testApp, ahead),
  to: day(testApp, ahead),
  weekdays: EVERY_DAY,
  start: '15:00',
  end: '16:00',
  zone: ZONE,
  length: 30,
  gap: 0,
  question: 'none',
  closesHours: 0,
  cancelHours: 0,
  ...changes,
});

/** The same as a form sends it. */
export const typed = (values: Readonly<Record<string, unknown>>): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(String) : String(value),
    ]),
  );

/** What stands in the way of a 303. */
export function expectDone(reply: Answer): string {
  if (reply.status !== 303) throw new Error(`${reply.status} ${JSON.stringify(reply.data)}`);
  return reply.headers.get('location') ?? '';
}

/** Makes a series and tells its id. */
export async function offer(
  testApp: TestApp,
  teacher: Visitor,
  ahead: number,
  changes: Changes = {},
): Promise<string> {
  const location = expectDone(await ask(teacher, 'POST', 'consultations/new', wish(testApp, ahead, changes)));
  return /consultations\/([0-9a-f]{24})\?/.exec(location)?.[1] ?? '';
}

/** The slots that a visitor sees of a series, in the order of time. */
export async function slotsOf(visitor: Visitor, seriesId: string): Promise<SlotSeen[]> {
  const { data } = await ask(visitor, 'GET', `consultations/${seriesId}`);
  return data.days.flatMap(({ slots }) => slots);
}

export const firstSlot = async (visitor: Visitor, seriesId: string): Promise<string> =>
  (await slotsOf(visitor, seriesId))[0]!.slotId;

export const book = (visitor: Visitor, slotId: string, body: Changes = {}): Promise<Answer> =>
  ask(visitor, 'POST', `consultations/slots/${slotId}/bookings`, body);

export interface BookingSeen {
  id: string;
  slotId: string;
  state: string;
  mayCancel: boolean;
  link: string;
  others?: string[];
  cancellation: { side: string; reason: string } | null;
  [field: string]: unknown;
}

export async function bookingsOf(
  student: Visitor,
): Promise<{ upcoming: BookingSeen[]; past: BookingSeen[] }> {
  return (await ask(student, 'GET', 'consultations')).data;
}

export async function bookingOf(student: Visitor, slotId: string): Promise<BookingSeen> {
  const { upcoming, past } = await bookingsOf(student);
  return [...upcoming, ...past].find((item) => item.slotId === slotId)!;
}

/** What a student waits for at a slot, an offer included. */
export async function waitingOf(student: Visitor, slotId: string): Promise<BookingSeen | undefined> {
  const { waiting } = (await bookingsOf(student)) as unknown as { waiting: BookingSeen[] };
  return waiting.find((item) => item.slotId === slotId);
}

export const cancel = (visitor: Visitor, bookingId: string, reason?: string): Promise<Answer> =>
  ask(
    visitor,
    'POST',
    `consultations/bookings/${bookingId}/cancel`,
    reason === undefined ? undefined : { reason },
  );

/** Answers grouped: 303 → how many, a code → how many. */
export function tally(replies: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, data } of replies) {
    const key = status === 303 ? 'done' : data.code;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
