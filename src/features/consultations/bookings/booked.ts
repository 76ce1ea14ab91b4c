import type { ConsultationsDeps } from '../index.js';
import type { Person } from '../../membership/index.js';
import type { CoursePeople } from '../course-people.js';
import type { SeriesStore } from '../series/series.store.js';
import type { Topics } from './topics.js';
import { createReassign, type Reassign } from '../slots/reassign.service.js';
import { createSettling, type Settling } from '../slots/settling.service.js';
import { createFollowSlot } from '../slots/follow-slot.js';
import { createSlotMoves, type SlotMoves } from '../slots/slot-moves.service.js';
import type { SlotsStore } from '../slots/slots.store.js';
import { createApproval, type Approval } from './approval.service.js';
import { createBookingClaims } from './booking-claims.js';
import { createLimits } from './limits.js';
import { createBookingFiles, type BookingFiles } from './booking-files.js';
import { createBookingService, type BookingService } from './booking.service.js';
import type { BookingsStore } from './bookings.store.js';
import { createCancelling, type Cancelling } from './cancelling.service.js';
import { createCompanions, type Companions } from './companions.service.js';
import { createFinding } from './finding.service.js';
import { createMovesStore } from './moves.store.js';
import { createMoving, type Moving } from './moving.service.js';
import { createOverlaps } from './overlaps.service.js';
import { createSettleBooking } from './settle-booking.js';
import { createWaiting, type Waiting } from './waiting.service.js';
import { createWaitingStore } from './waiting.store.js';

export interface BookedParts {
  readonly series: SeriesStore;
  readonly slots: SlotsStore;
  readonly bookings: BookingsStore;
  readonly people: CoursePeople;
  readonly topics: Topics;
  readonly findPeople: (ids: readonly string[]) => Promise<Person[]>;
}

/** Everything that happens to bookings, and to slots with bookings. */
export interface Booked {
  readonly booking: BookingService;
  readonly cancelling: Cancelling;
  readonly moving: Moving;
  readonly waiting: Waiting;
  readonly approval: Approval;
  readonly slotMoves: SlotMoves;
  readonly reassign: Reassign;
  readonly companions: Companions;
  readonly files: BookingFiles;
  readonly settling: Settling;
  /** Finishes or gives up what a killed request left of a booking; ends an offer that is over. */
  readonly settleBooking: (bookingId: string) => Promise<void>;
}

export function createBooked(deps: ConsultationsDeps, parts: BookedParts): Booked {
  const { clock, schedule, centre } = deps;
  const { claims, times, identities } = schedule;
  const { series, slots, bookings, people, topics, findPeople } = parts;
  const { connection } = deps.storage;
  const stores = { series, slots, bookings };
  const moves = createMovesStore(connection);
  const waiting = createWaitingStore(connection);
  const termStarts = async () => (await centre.now()).termStarts;
  const limits = createLimits({ series, bookings, termStarts, clock });
  const claimsOf = createBookingClaims({ identities, limits });
  const followSlot = createFollowSlot({ series, bookings, moves, claims, claimsOf });
  const settling = createSettling({ ...stores, identities, followSlot, clock });
  const companions = createCompanions(people);
  const overlaps = createOverlaps({ ...stores, findPeople });
  const files = createBookingFiles({ ...stores, files: deps.files });
  const booking = createBookingService({
    finding: createFinding({ ...stores, clock }),
    ...{ bookings, claims, claimsOf, companions, overlaps, files, topics, clock },
  });
  const find = booking;
  const findRoom = (id: string) => schedule.places.findOptional(id);
  return {
    ...{ booking, companions, files, settling },
    reassign: createReassign({
      ...{ find, slots, settling, identities, findRoom, clock },
      teachersOf: people.teachersOf,
    }),
    cancelling: createCancelling({ find, slots, bookings, settling, identities, clock }),
    moving: createMoving({ find, bookings, moves, claims, claimsOf, overlaps, clock }),
    slotMoves: createSlotMoves({ find, slots, bookings, followSlot, times, identities, findPeople, clock }),
    approval: createApproval({ find, bookings, clock }),
    waiting: createWaiting({
      ...{ find, ...stores, waiting, claims, claimsOf, times, overlaps, findPeople, clock },
    }),
    settleBooking: createSettleBooking({ bookings, moves, waiting, clock }),
  };
}
