import { z } from 'zod';
import type { Events } from '../../infra/events/index.js';
import { defineJob, type Jobs } from '../../infra/jobs/index.js';
import { bookingCancelled, bookingMoved, seatLeft } from './bookings/bookings.events.js';
import { BOOKING_MARK } from './bookings/booking-row.store.js';
import type { BookingsStore } from './bookings/bookings.store.js';
import type { Waiting } from './bookings/waiting.service.js';
import { SERIES_MARK } from './series/series-row.store.js';
import type { SeriesStore } from './series/series.store.js';
import type { Settling } from './slots/settling.service.js';
import { SLOT_MARK, type SlotsStore } from './slots/slots.store.js';

export interface ConsultationsJobsDeps {
  readonly jobs: Jobs;
  readonly events: Pick<Events, 'watchMark' | 'subscribe'>;
  readonly series: SeriesStore;
  readonly slots: SlotsStore;
  readonly bookings: Pick<BookingsStore, 'model' | 'findAny'>;
  /** Finishes or gives up what a killed request left of a booking; ends an offer that is over. */
  readonly settleBooking: (bookingId: string) => Promise<void>;
  readonly waiting: Pick<Waiting, 'offerSeats'>;
  readonly settling: Pick<Settling, 'settleSeries' | 'settleSlot'>;
}

/** Finishes changes of several documents whose request was killed: the marks are due when it must have ended. */
export function addConsultationsJobs({
  jobs,
  events,
  series,
  slots,
  bookings,
  settling,
  settleBooking,
  waiting,
}: ConsultationsJobsDeps): void {
  const settleSeries = jobs.register(
    defineJob({
      name: 'settle-series',
      payload: z.object({ seriesId: z.string() }),
      key: ({ seriesId }) => seriesId,
      run: ({ payload }) => settling.settleSeries(payload.seriesId),
    }),
  );
  events.watchMark(series.model, SERIES_MARK, settleSeries, (seriesId) => ({ seriesId }));

  const settleSlot = jobs.register(
    defineJob({
      name: 'settle-slot',
      payload: z.object({ slotId: z.string() }),
      key: ({ slotId }) => slotId,
      run: ({ payload }) => settling.settleSlot(payload.slotId),
    }),
  );
  events.watchMark(slots.model, SLOT_MARK, settleSlot, (slotId) => ({ slotId }));

  const settle = jobs.register(
    defineJob({
      name: 'settle-booking',
      payload: z.object({ bookingId: z.string() }),
      key: ({ bookingId }) => bookingId,
      run: ({ payload }) => settleBooking(payload.bookingId),
    }),
  );
  events.watchMark(bookings.model, BOOKING_MARK, settle, (bookingId) => ({ bookingId }));

  // Whatever may have freed a seat.
  for (const type of [bookingCancelled, bookingMoved, seatLeft]) {
    events.subscribe<unknown>(type, {
      name: `offer-seats-${type.name.replace('.', '-')}`,
      async run({ documentId }) {
        const found = await bookings.findAny(documentId);
        if (found === null) return;
        await waiting.offerSeats(found.slotId);
        if (found.movedFrom) await waiting.offerSeats(found.movedFrom.slotId);
      },
    });
  }
}
