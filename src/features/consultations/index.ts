import './pages.view.js';
import { Router } from 'express';
import { Types } from 'mongoose';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { Events } from '../../infra/events/index.js';
import type { Jobs } from '../../infra/jobs/index.js';
import type { ContentKind } from '../../shared/content.js';
import type { Registry } from '../../shared/registry.js';
import type { Storage } from '../../storage/index.js';
import type { LaunchFeature } from '../launch/index.js';
import type { MembershipFeature } from '../membership/index.js';
import { createBookingService, type BookingService } from './bookings/booking.service.js';
import { findCancelledBooking, type CancelledBooking } from './bookings/cancelled.service.js';
import { createBookingsStore } from './bookings/bookings.store.js';
import { addConsultationsJobs } from './consultations.jobs.js';
import { consultationsRouter } from './consultations.routes.js';
import { nextFreeView, upcomingView, type NextFree, type Upcoming } from './consultations.summary.js';
import { consultationsKind } from './content.js';
import { createCopies } from './series/series-copies.service.js';
import { createSeriesCopiesStore } from './series/series-copies.store.js';
import { createConsultationsPersonalData } from './personal-data.store.js';
import { seriesRouter } from './series/series.routes.js';
import { createSeriesService, type SeriesService } from './series/series.service.js';
import { createSeriesStore } from './series/series.store.js';
import { createSettling } from './slots/settling.service.js';
import { createSlotsStore } from './slots/slots.store.js';
import { createTimetable } from './slots/slot-list.service.js';

export { bookingCancelled } from './bookings/bookings.store.js';
export type { CancelledBooking } from './bookings/cancelled.service.js';
export type { NextFree, Upcoming } from './consultations.summary.js';
export type { ConsultationType } from './series/series-settings.js';

export interface ConsultationsDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly jobs: Jobs;
  readonly events: Pick<Events, 'watch' | 'watchMark'>;
  /** Is given the feature's kind of content. */
  readonly kinds: Pick<Registry<ContentKind>, 'add'>;
  readonly membership: Pick<MembershipFeature, 'people' | 'courses'>;
  readonly launch: Pick<LaunchFeature, 'links'>;
}

/** Consultations: teachers offer series of slots, students book seats in them. */
export interface ConsultationsFeature {
  /** `/c/:courseKey/consultations` */
  readonly router: Router;
  /** For seeds and tests: the rules themselves. */
  readonly series: Pick<SeriesService, 'create' | 'active'>;
  readonly bookings: Pick<BookingService, 'book' | 'cancelBooking' | 'cancelSlot' | 'removeSlot'>;
  /**
   * The actor's next consultations in the actor's course, soonest first: what a student has booked, or what a
   * teacher holds; nothing for others.
   */
  upcomingFor(actor: Actor, limit: number): Promise<Upcoming[]>;
  /**
   * When a teacher can be met next, soonest first, in any course. Fit for public pages: no names, no places.
   * @param teacherIds the person's ids here; one for each LMS the person is known in
   */
  nextFreeOf(teacherIds: readonly string[], limit: number): Promise<NextFree[]>;
  /** Returns null unless the teacher's side has cancelled the booking; see the event `bookingCancelled`. */
  findCancelledBooking(bookingId: string): Promise<CancelledBooking | null>;
  /** Whether any series was ever made, in any course. */
  anySeries(): Promise<boolean>;
  readonly personalData: PersonalData;
}

export function createConsultations({
  storage,
  clock,
  jobs,
  events,
  kinds,
  membership,
  launch,
}: ConsultationsDeps): ConsultationsFeature {
  const series = createSeriesStore(storage.connection);
  const slots = createSlotsStore(storage.connection);
  const bookings = createBookingsStore(storage.connection);
  events.watch(bookings.model);
  const settling = createSettling({ series, slots, bookings, clock });
  addConsultationsJobs({ jobs, events, series, slots, settling });
  const timetable = createTimetable({
    series,
    slots,
    bookings,
    clock,
    findPeople: (ids) => membership.people.findMany(ids),
  });
  const seriesService = createSeriesService({
    series,
    slots,
    settling,
    clock,
    teachersOf: async (courseId) => {
      const members = await membership.courses.members(courseId);
      const teachers = members.filter(({ role }) => role === 'teacher').map(({ personId }) => personId);
      return membership.people.findMany(teachers);
    },
    linksOf: async (courseId, id) =>
      (await launch.links.ofContent(courseId, { kind: 'consultations', id })).map((link) => link.id),
    newId: () => new Types.ObjectId().toString(),
  });
  const bookingService = createBookingService({ series, slots, bookings, settling, clock });

  kinds.add(
    consultationsKind(
      seriesService,
      timetable,
      createCopies({ series, copies: createSeriesCopiesStore(storage.connection), clock }),
    ),
  );

  const router = Router();
  router.use(consultationsRouter(bookingService, timetable, seriesService, clock));
  router.use(seriesRouter(seriesService, timetable, clock));
  return {
    router,
    personalData: createConsultationsPersonalData(storage.connection, clock),
    series: seriesService,
    bookings: bookingService,
    findCancelledBooking: findCancelledBooking({
      bookings,
      slots,
      series,
      findPeople: (ids) => membership.people.findMany(ids),
    }),
    anySeries: () => series.any(),
    async upcomingFor(actor, limit) {
      return (await timetable.upcoming(actor, limit)).map(upcomingView);
    },
    async nextFreeOf(teacherIds, limit) {
      return (await timetable.nextFreeOf(teacherIds, limit)).map(nextFreeView);
    },
  };
}
