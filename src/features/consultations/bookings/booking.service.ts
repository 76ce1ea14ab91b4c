import type { UploadedFile } from '../../../infra/files/index.js';
import type { Actor } from '../../../shared/actor.js';
import { MINUTE, type Clock } from '../../../shared/clock.js';
import { badInput, conflict, forbidden, notFound } from '../../../shared/errors.js';
import { kindOfClaim, type Claims } from '../../schedule/index.js';
import { mayBook, mayManage, standing } from '../consultations.policy.js';
import type { Series } from '../series/series.store.js';
import type { Slot } from '../slots/slots.store.js';
import type { BookingClaims } from './booking-claims.js';
import type { BookingFiles } from './booking-files.js';
import { demandBookable, demandOpen } from './booking-rules.js';
import type { Booking, BookingsStore } from './bookings.store.js';
import type { Companions } from './companions.service.js';
import type { Finding } from './finding.service.js';
import type { Topics } from './topics.js';
import type { Overlaps, SayMoment } from './overlaps.service.js';

export interface BookingServiceDeps {
  readonly finding: Finding;
  readonly bookings: BookingsStore;
  readonly claims: Claims;
  readonly claimsOf: BookingClaims;
  readonly companions: Companions;
  readonly overlaps: Overlaps;
  readonly files: Pick<BookingFiles, 'demandAllowed' | 'store' | 'remove'>;
  readonly topics: Topics;
  readonly clock: Clock;
}

export interface BookingOptions {
  /** Everyone to be booked, all or none; the actor when absent. */
  readonly personIds?: readonly string[] | undefined;
  /** What it is about beside the question; '' for nothing. */
  readonly topic?: string | undefined;
  /** Made by the form or the client: a request that is repeated books once. */
  readonly key?: string | undefined;
  /** Files that the student gives with it. */
  readonly uploads?: readonly UploadedFile[] | undefined;
}

/** A booking whose request was killed between two steps is looked at after this long. */
export const UNFINISHED_BOOKING_MS = MINUTE / 6;

export interface BookingService extends Finding {
  /**
   * Books a seat of a slot for each person. The unique index on claims decides; nothing before it does.
   *
   * A slot may be cancelled or moved while the booking is on its way. Cancelling writes the slot first and looks for
   * bookings after; here the booking is written first, as pending, and the slot looked at after. So the cancellation
   * finds this booking, or the slot is found gone here and the booking taken back before anybody was told. A slot that
   * is just being taken away because it is free (`closing`) is free no more: it is opened again. A pending booking
   * of a killed process is removed by a job.
   *
   * @param when writes a moment for the person who reads the error
   * @throws DomainError 409: `slot-full`, `booking-overlaps`, `companion-busy`, `already-booked`, `booking-early`,
   *   `booking-closed`, `slot-past`, `slot-cancelled`, `series-ended`, `limit-…`, `too-many-bookings`, `try-again`,
   *   `files-quota`; `bad-input`; `forbidden`, `not-found`
   */
  book(
    actor: Actor,
    slotId: string,
    question: string,
    when: SayMoment,
    options?: BookingOptions,
  ): Promise<Booking>;
}

/** Of one person in one course, not over yet: no timetable has room for more. */
const MOST_ACTIVE = 100;

/** A booking that may be made, as far as can be known before it is written. */
interface Asked {
  readonly slot: Slot;
  readonly series: Series;
  readonly personIds: readonly string[];
  readonly byTeacher: boolean;
  readonly question: string;
  readonly topic: string;
  readonly uploads: readonly UploadedFile[];
  readonly requestKey: string | undefined;
  readonly now: Date;
}

export function createBookingService(deps: BookingServiceDeps): BookingService {
  const { finding, bookings, files, clock } = deps;

  /** Who comes, and whether the teacher's side books them. */
  async function peopleOf(
    actor: Actor,
    { slot, series }: { slot: Slot; series: Series },
    asked: readonly string[] | undefined,
  ) {
    const byTeacher = !mayBook(actor);
    if (byTeacher && !mayManage(actor, series, slot)) throw forbidden();
    const others = asked ?? (byTeacher ? [] : [actor.personId]);
    const personIds = [...new Set(byTeacher ? others : [actor.personId, ...others])];
    if (personIds.length === 0) throw badInput({ person: 'errors.field.chooseOne' });
    if (personIds.some((id) => id !== actor.personId) || byTeacher) {
      await deps.companions.demandAllowed(actor, series, personIds);
    }
    return { personIds, byTeacher };
  }

  /** Spares most of the work where the answer is known; the claims decide all the same. */
  async function demandRoom({ slot, series, personIds }: Asked): Promise<void> {
    const taken = await bookings.takenOf(slot.id);
    if (taken.some((other) => other.personIds.some((id) => personIds.includes(id)))) {
      throw conflict('already-booked');
    }
    const seats = taken.reduce((sum, other) => sum + other.seats, personIds.length);
    if (seats > series.capacity) throw conflict('slot-full');
  }

  async function demandAllowed(actor: Actor, asked: Asked): Promise<void> {
    const { slot, series, personIds, byTeacher, question, topic, uploads, now } = asked;
    if (byTeacher) demandBookable(standing(series, slot, now));
    else demandOpen(standing(series, slot, now));
    if (!byTeacher && series.question === 'required' && question === '') {
      throw badInput({ question: 'errors.field.missing' });
    }
    if (topic !== '' && (await deps.topics.describe(actor, topic)) === null) throw notFound();
    files.demandAllowed(series, uploads, byTeacher);
    await demandRoom(asked);
    const active = await bookings.countActive(actor.courseId, personIds[0] ?? '', now, MOST_ACTIVE);
    if (active >= MOST_ACTIVE) throw conflict('too-many-bookings');
    // A seat that has become free belongs to those who wait.
    if (!byTeacher && (await bookings.hasWaiting(slot.id))) throw conflict('slot-full');
  }

  /** Writes the booking as pending. Of a request that is repeated the booking made before is returned. */
  async function insert(actor: Actor, asked: Asked, when: SayMoment) {
    const { slot, series, personIds, question, topic, uploads, requestKey, now } = asked;
    const id = bookings.newId();
    const fileIds = await files.store(id, actor.personId, uploads);
    const { startsAt, endsAt } = slot;
    const booking = {
      ...{ id, courseId: actor.courseId, slotId: slot.id, seriesId: series.id, personIds, requestKey },
      ...{ personId: personIds[0] ?? actor.personId, startsAt, endsAt, files: fileIds },
      question: series.question === 'none' ? '' : question,
      ...(topic !== '' && { topic }),
      ...{ bookedAt: now, bookedBy: actor.personId },
    };
    const unfinishedAt = new Date(now.getTime() + UNFINISHED_BOOKING_MS);
    try {
      const claimed = await deps.claims.claim(await deps.claimsOf({ slot, series }, personIds, { id }), {
        write: async (claims, locks) => ({
          ...(await bookings.insert(booking, [...claims, ...locks], unfinishedAt)),
          locks,
        }),
        takeBack: async ({ repeated }) => {
          if (!repeated && !(await bookings.takeBack(id))) throw conflict('try-again');
          return !repeated;
        },
      });
      if ('refused' in claimed) {
        throw kindOfClaim(claimed.refused) === 'person'
          ? await deps.overlaps.refusal(actor, slot.id, claimed.refused, when)
          : conflict('try-again');
      }
      if (claimed.value.repeated) await files.remove(fileIds);
      return claimed.value;
    } catch (error) {
      await files.remove(fileIds);
      throw error;
    }
  }

  return {
    ...finding,

    async book(actor, slotId, question, when, { personIds: wanted, topic = '', key, uploads = [] } = {}) {
      const { slot, series } = await finding.find(actor, slotId);
      const { personIds, byTeacher } = await peopleOf(actor, { slot, series }, wanted);
      const requestKey = key === undefined || key === '' ? undefined : `${actor.personId}:${key}`;
      const made = requestKey === undefined ? null : await bookings.findByRequest(requestKey);
      if (made !== null) return made;
      const now = clock.now();
      const asked = { slot, series, personIds, byTeacher, question, topic, uploads, requestKey, now };
      await demandAllowed(actor, asked);
      const { booking, repeated, locks } = await insert(actor, asked, when);
      if (repeated) return booking;
      try {
        await finding.demandStillOpen(actor, slotId, slot.startsAt, byTeacher);
      } catch (error) {
        await bookings.takeBack(booking.id);
        await files.remove(booking.files);
        throw error;
      }
      const state = series.approval === 'required' && !byTeacher ? 'requested' : 'booked';
      const side = byTeacher ? 'teacher' : 'student';
      const stands = await bookings.confirm(booking.id, { state, side, locks, at: clock.now() });
      // Cancelled with its slot between the second look and now; or taken back by the job, when this took too long.
      const found = stands ?? (await bookings.findAny(booking.id));
      if (found === null) throw conflict('try-again');
      return found;
    },
  };
}
