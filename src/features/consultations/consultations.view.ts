import { compareText } from '../../shared/collation.js';
import { localAt } from '../../shared/zoned.js';
import { fullName } from '../../shared/names.js';
import type { FileRecord } from '../../infra/files/index.js';
import type { Person } from '../membership/index.js';
import {
  cancelUntil,
  closesAt,
  mayUndo,
  opensAt,
  rescheduleUntil,
  standing,
} from './consultations.policy.js';
import { dateIn } from '../../shared/days.js';
import type { Obligation } from './messages/obligations.service.js';
import type { Participant } from './messages/participation.service.js';
import type { Series } from './series/series.store.js';
import type { Cancellation } from './series/series-settings.js';
import type { InLine } from './bookings/waiting.service.js';
import type { OwnAttendance } from './held/attendance.service.js';
import { ownAttendanceView } from './held/own.view.js';
import type { HeldState } from './held/marks.js';
import { isOnline, isVideoOpen, isVideoOver, videoOpensAt } from './video/video.policy.js';
import type {
  FreeSlot,
  HeldBooking,
  HeldSlot,
  Meeting,
  OwnBooking,
  Timetable,
} from './slots/slot-list.service.js';

/* Records as pages and JSON show them: nothing in them that their reader may not see. */

const nameOf = (person: Pick<Person, 'name'> | null): string => (person ? fullName(person.name) : '');

/** What everyone in the course may know of a slot. The link of a call is for those who have booked. */
const meetingView = ({ slot, series, teacher }: Meeting) => ({
  slotId: slot.id,
  seriesId: series.id,
  title: series.title,
  type: series.type,
  typeTitle: series.typeTitle,
  mode: series.mode,
  teacher: nameOf(teacher),
  teacherId: slot.teacherId,
  startsAt: slot.startsAt,
  endsAt: slot.endsAt,
  place: slot.place || series.place,
  online: isOnline(series),
  zone: series.pattern.zone,
  /** Someone else holds it in place of the series' teacher. */
  substitute: slot.teacherId !== series.teacherId,
});

const cancellationView = (cancellation: Cancellation | null) =>
  cancellation && { side: cancellation.side, reason: cancellation.reason, at: cancellation.at };

/** For whom, and of which moment, a student's bookings are shown. */
export interface OwnAt {
  readonly now: Date;
  readonly personId?: string;
  /** How long before the beginning a video call opens. */
  readonly videoMinutes?: number;
  /** What is recorded, by the slot's id. */
  readonly attendance?: ReadonlyMap<string, OwnAttendance>;
}

/** A file that was given with a booking. */
const bookedFileView = ({ id, name }: FileRecord) => ({ id, name });

/** A student's own booking. */
export const ownBookingView = (
  own: OwnBooking,
  { now, personId = '', videoMinutes = 0, attendance }: OwnAt,
) => {
  const { booking, slot, series, others } = own;
  const booked = booking.state === 'booked';
  const expected = booked || booking.state === 'requested';
  const until = cancelUntil(series, slot);
  const ahead = now < slot.startsAt;
  const held = attendance?.get(slot.id);
  const open = booked && isOnline(series) && isVideoOpen(slot, videoMinutes, now);
  return {
    ...meetingView(own),
    id: booking.id,
    /** Address of the call once it is open; '' before, and where the call has no address of its own. */
    link: open && series.video === 'link' ? series.link : '',
    videoOpen: open,
    videoOpensAt: videoOpensAt(slot, videoMinutes),
    /** The call can be looked back at. */
    recorded: booked && series.video === 'bbb' && isVideoOver(slot, now),
    attendance: held ? ownAttendanceView(held) : null,
    question: booking.question,
    files: own.files.map(bookedFileView),
    state: booking.state,
    cancellation: cancellationView(booking.cancellation),
    cancelUntil: until,
    mayCancel: expected ? now <= until && ahead : booking.state !== 'cancelled' && ahead,
    /** It is still to come, and can be cancelled no more. */
    tooLate: booked && ahead && now > until,
    mayMove: expected && now <= rescheduleUntil(series, slot) && ahead,
    mayUndo: ahead && mayUndo(booking, personId, now),
    tellOnly: booking.tellOnly,
    offeredUntil: booking.offeredUntil,
    movedFrom: booking.movedFrom && { startsAt: booking.movedFrom.startsAt, side: booking.movedFrom.side },
    seats: booking.personIds.length,
    ...(series.names === 'shown' && { others: others.map(nameOf) }),
  };
};

/** A slot that can be booked. */
export const freeSlotView = (free: FreeSlot) => ({
  ...meetingView(free),
  capacity: free.series.capacity,
  seatsLeft: free.seatsLeft,
  asks: free.series.question,
  files: free.series.files,
  filesMost: free.series.filesMost,
  fileMegabytes: free.series.fileMegabytes,
  closesAt: closesAt(free.series, free.slot),
  opensAt: opensAt(free.series, free.slot),
  approval: free.series.approval,
  ...(free.series.names === 'shown' && { others: free.others.map(nameOf) }),
});

const heldBookingView = ({ booking, person, companions, files }: HeldBooking) => ({
  files: files.map(bookedFileView),
  id: booking.id,
  companions: companions.map(nameOf),
  movedFrom: booking.movedFrom && { startsAt: booking.movedFrom.startsAt, side: booking.movedFrom.side },
  name: nameOf(person),
  question: booking.question,
  state: booking.state,
  bookedAt: booking.bookedAt,
  cancellation: cancellationView(booking.cancellation),
});

/** A slot for those who hold it: with everybody's names. */
/** @param heldState how it went, where that is known */
export const heldSlotView = (held: HeldSlot, heldState: HeldState = 'planned') => {
  const bookings = held.bookings.map(heldBookingView);
  return {
    ...meetingView(held),
    link: held.series.video === 'link' ? held.series.link : '',
    roomId: held.slot.roomId,
    heldState,
    state: held.slot.state,
    cancellation: cancellationView(held.slot.cancellation),
    capacity: held.series.capacity,
    booked: held.bookings
      .filter(({ booking: { state } }) => state === 'booked' || state === 'requested')
      .reduce((sum, { booking }) => sum + booking.personIds.length, 0),
    movedFrom: held.slot.movedFrom && {
      startsAt: held.slot.movedFrom.startsAt,
      reason: held.slot.movedFrom.reason,
    },
    bookings,
  };
};

/** Someone on the waiting list, as the teacher sees it. */
export const inLineView = ({ person, tellOnly, offeredUntil }: InLine) => ({
  ...{ name: nameOf(person), tellOnly, offeredUntil },
});

/** Items by the days that the reader's calendar shows; the order stays. @param zone IANA name */
export function byDay<Item extends { readonly startsAt: Date }>(items: readonly Item[], zone: string) {
  const days: { date: string; startsAt: Date; slots: Item[] }[] = [];
  for (const item of items) {
    const date = dateIn(zone, item.startsAt);
    const day = days.at(-1);
    if (day?.date === date) day.slots.push(item);
    else days.push({ date, startsAt: item.startsAt, slots: [item] });
  }
  return days;
}

/** A student's bookings: those still to come, soonest first, and the rest, latest first. */
export function ownBookingsView(own: readonly OwnBooking[], at: OwnAt) {
  const { now } = at;
  const ahead = ({ booking, slot }: OwnBooking): boolean =>
    (booking.state === 'booked' || booking.state === 'requested') && slot.endsAt > now;
  const waits = ({ booking, slot }: OwnBooking): boolean =>
    (booking.state === 'waiting' || booking.state === 'offered') && slot.startsAt > now;
  const over = ({ booking }: OwnBooking): boolean =>
    !booking.tellOnly && !booking.onlyWaited && booking.state !== 'waiting';
  const shown = (item: OwnBooking) => ownBookingView(item, at);
  return {
    upcoming: own.filter(ahead).map(shown).reverse(),
    waiting: own.filter(waits).map(shown).reverse(),
    past: own.filter((item) => !ahead(item) && !waits(item) && over(item)).map(shown),
  };
}

export const seriesLineView = (series: Series, teacher: Person | null) => ({
  id: series.id,
  title: series.title,
  type: series.type,
  typeTitle: series.typeTitle,
  state: series.state,
  teacher: nameOf(teacher),
  from: series.pattern.from,
  to: series.pattern.to,
});

/** A series for everyone in the course; `manage` adds what only those who run it need. */
export const seriesView = (
  series: Series,
  teacher: Person | null,
  {
    manage,
    see,
    now,
    links,
    progress,
  }: {
    readonly manage: boolean;
    readonly see: boolean;
    readonly now: Date;
    readonly links: readonly string[];
    readonly progress: Awaited<ReturnType<Timetable['progressOf']>>;
  },
) => ({
  ...seriesLineView(series, teacher),
  place: series.place,
  online: isOnline(series),
  video: series.video,
  grading: series.grading,
  gradeMaximum: series.gradeMaximum,
  description: series.description,
  capacity: series.capacity,
  question: series.question,
  closesHours: series.closesHours,
  cancelHours: series.cancelHours,
  rescheduleHours: series.rescheduleHours,
  names: series.names,
  mode: series.mode,
  manage,
  ...(see && { link: series.link, zone: series.pattern.zone }),
  ...(manage && {
    length: series.pattern.length,
    gap: series.pattern.gap,
    /** Slots that a job is making. */
    progress,
    leftOut: series.leftOut.filter(({ startsAt }) => startsAt > now),
    /** Where it came from when its course was copied, and the links that open it here. */
    copied: series.copiedFrom
      ? { courseTitle: series.copiedFrom.courseTitle, at: series.copiedFrom.at, links }
      : null,
  }),
});

export const choiceView = (people: readonly Person[]) =>
  people
    .map((person) => ({ id: person.id, name: nameOf(person) }))
    .sort((a, b) => compareText(a.name, b.name));

/** Whether a slot can be booked now, for a page that shows one. */
export const standingView = ({ series, slot, seatsLeft }: FreeSlot, now: Date) =>
  standing(series, slot, now) === 'open' && seatsLeft === 0 ? 'full' : standing(series, slot, now);

/** What is to be booked, and how many have not. */
export const obligationView = ({ title, on, series, missing, path }: Obligation) => ({
  ...{ title, on, path },
  missing: missing.length,
  series: series.map(({ id, title: name }) => ({ id, title: name })),
});

/** Who has not booked, and who has how often. */
export const participantsView = (participants: readonly Participant[]) => ({
  missing: participants.filter(({ count }) => count === 0).map(({ person }) => nameOf(person)),
  booked: participants
    .filter(({ count }) => count > 0)
    .map(({ person, count }) => ({ name: nameOf(person), count })),
  all: participants.length,
});

const NOON = 12;
const EVENING = 17;

/** Whether a beginning is at a time of day, in a zone. Undefined: at any. */
export const daytimeIn = (zone: string, daytime: 'morning' | 'day' | 'evening' | undefined) =>
  daytime === undefined
    ? undefined
    : (startsAt: Date): boolean => {
        const hour = Number(localAt(startsAt, zone).slice(11, 13));
        if (daytime === 'morning') return hour < NOON;
        return daytime === 'evening' ? hour >= EVENING : hour >= NOON && hour < EVENING;
      };

export const groupChoiceView = (
  groups: readonly { readonly id: string; readonly name: string; readonly personIds: readonly string[] }[],
) => groups.map(({ id, name, personIds }) => ({ id, name, size: personIds.length }));

/** The types of these series, each once. */
export const typeChoiceView = (series: readonly Pick<Series, 'type' | 'typeTitle'>[]) => [
  ...new Map(series.map(({ type, typeTitle }) => [type, { id: type, title: typeTitle }])).values(),
];
