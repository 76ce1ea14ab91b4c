/** What the booking benchmark puts into the database, past the services: only the amount matters. */
import { Types } from 'mongoose';
import { bookingsModel } from '../../../src/features/consultations/bookings/booking-row.store.js';
import { BUILT_IN } from '../../../src/features/consultations/types/built-in.js';
import { seriesFields } from '../../../src/features/consultations/series/series.fields.js';
import { createSeriesStore } from '../../../src/features/consultations/series/series.store.js';
import { createSlotsStore } from '../../../src/features/consultations/slots/slots.store.js';
import { personClaims, seatClaims } from '../../../src/features/schedule/index.js';
import { DAY, MINUTE, systemClock } from '../../../src/shared/clock.js';
import { openStorage, type Storage } from '../../../src/storage/index.js';

const HALF_HOUR = 30 * MINUTE;
const hex = (): string => new Types.ObjectId().toString();

export interface Offered {
  readonly seriesId: string;
  readonly slotIds: readonly string[];
}

export interface BookingData {
  readonly storage: Storage;
  /** The only course, made by the first launch. */
  courseId(): Promise<string>;
  /** A series of slots, one after the other. @param shift minutes after the hour at which the first begins */
  offer(courseId: string, slots: number, seats: number, shift: number): Promise<Offered>;
  /** Adds bookings that are over, in this course and nine others, until there are so many. */
  fill(courseId: string, bookings: number): Promise<void>;
  /** Books so many consultations of the next year for a person. */
  appoint(courseId: string, personId: string, count: number): Promise<void>;
}

export async function openData(url: string): Promise<BookingData> {
  const storage = await openStorage({ url, clock: systemClock });
  const { connection } = storage;
  const series = createSeriesStore(connection);
  const slots = createSlotsStore(connection);
  bookingsModel(connection);
  await storage.ensureIndexes();
  const times = connection.collection('schedule_times');
  const first = (days: number): number =>
    Math.floor((Date.now() + days * DAY) / DAY) * DAY + 9 * 2 * HALF_HOUR;

  async function makeSeries(courseId: string, teacherId: string, seats: number): Promise<string> {
    const { series: made } = await series.create(
      {
        ...seriesFields.usual,
        ...{ ...seriesFields.pick(BUILT_IN.group), capacity: seats, question: 'none', closesHours: 0 },
        ...{ title: 'Консультации', place: 'Кабинет', placeOfRoom: false, typeTitle: '', form: 'group' },
        ...{ courseId, type: 'group', attestationId: '', attestationOn: '', teacherId, createdBy: teacherId },
        createdAt: new Date(),
        pattern: {
          ...{ zone: 'Europe/Moscow', from: '2026-01-01', to: '2026-12-31', weekdays: [1], bands: [] },
          ...{ start: '09:00', end: '19:00', except: [], length: 30, gap: 0 },
        },
      },
      hex(),
      { key: hex(), slots: [] },
      new Date(Date.now() + DAY),
    );
    return made.id;
  }

  const bookingRow = (
    slot: { readonly id: string; readonly seriesId: string; readonly courseId: string },
    personId: string,
    startsAt: Date,
    seat: number,
  ) => {
    const interval = { startsAt, endsAt: new Date(startsAt.getTime() + HALF_HOUR) };
    return {
      ...{ kind: 'booking', courseId: slot.courseId, slotId: slot.id, seriesId: slot.seriesId },
      ...{ personId, personIds: [personId], bookedBy: personId, question: '', state: 'booked', ...interval },
      ...{ bookedAt: startsAt, cancellation: null, movedFrom: null, tellOnly: false, offeredUntil: null },
      claims: [...personClaims([personId], interval), seatClaims(slot.id, seat + 1)[seat] ?? ''],
    };
  };

  const slotRow = (
    id: string,
    of: { courseId: string; seriesId: string; teacherId: string },
    startsAt: Date,
  ) => ({
    ...{ _id: new Types.ObjectId(id), kind: 'slot', ...of, state: 'open', version: 1, cancellation: null },
    ...{ startsAt, endsAt: new Date(startsAt.getTime() + HALF_HOUR) },
  });

  let filled = 0;
  return {
    storage,

    async courseId() {
      const course = await connection.collection('courses').findOne({});
      return String(course?._id);
    },

    async offer(courseId, count, seats, shift) {
      const teacherId = hex();
      const seriesId = await makeSeries(courseId, teacherId, seats);
      const slotIds: string[] = [];
      for (let index = 0; index < count; index += 1) {
        const startsAt = new Date(first(3) + index * HALF_HOUR + shift * MINUTE);
        const interval = { startsAt, endsAt: new Date(startsAt.getTime() + HALF_HOUR) };
        const id = hex();
        await slots.make(
          { id, courseId, seriesId, teacherId, roomId: '', ...interval },
          personClaims([teacherId], interval),
        );
        slotIds.push(id);
      }
      return { seriesId, slotIds };
    },

    async fill(courseId, wanted) {
      const courses = [courseId, ...Array.from({ length: 9 }, hex)];
      const SEATS = 10;
      while (filled < wanted) {
        const rows: object[] = [];
        for (; rows.length < 2_000 && filled < wanted;) {
          const of = {
            courseId: courses[(filled / SEATS) % courses.length] ?? courseId,
            ...{ seriesId: hex(), teacherId: hex() },
          };
          const id = hex();
          const startsAt = new Date(first(-3) - (filled / SEATS) * 2 * HALF_HOUR);
          rows.push(slotRow(id, of, startsAt));
          for (let seat = 0; seat < SEATS && filled < wanted; seat += 1, filled += 1)
            rows.push(bookingRow({ id, ...of }, hex(), startsAt, seat));
        }
        await times.insertMany(rows);
      }
    },

    async appoint(courseId, personId, count) {
      const teacherId = hex();
      const seriesId = await makeSeries(courseId, teacherId, 1);
      const rows = Array.from({ length: count }, (_, index) => {
        const id = hex();
        const startsAt = new Date(first(20) + index * 6 * HALF_HOUR);
        const of = { courseId, seriesId, teacherId };
        return [slotRow(id, of, startsAt), bookingRow({ id, ...of }, personId, startsAt, 0)];
      }).flat();
      for (let from = 0; from < rows.length; from += 1_000)
        await times.insertMany(rows.slice(from, from + 1_000));
    },
  };
}
