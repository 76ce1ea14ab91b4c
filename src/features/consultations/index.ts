import './held/held.view.js';
import './pages.view.js';
import { Router } from 'express';
import { Types } from 'mongoose';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { Events } from '../../infra/events/index.js';
import type { Files, UploadRule } from '../../infra/files/index.js';
import type { CentreSettings } from '../../infra/settings/index.js';
import type { Jobs } from '../../infra/jobs/index.js';
import type { ContentKind } from '../../shared/content.js';
import type { Registry } from '../../shared/registry.js';
import type { Storage } from '../../storage/index.js';
import type { GradebookFeature } from '../gradebook/index.js';
import type { LaunchFeature } from '../launch/index.js';
import { groupNames, type MembershipFeature, type Person } from '../membership/index.js';
import type { ScheduleFeature } from '../schedule/index.js';
import type { VideoFeature } from '../video/index.js';
import { createBookingService, type BookingService } from './bookings/booking.service.js';
import { consultationsCalendar } from './calendar.source.js';
import { findCancelledBooking, type CancelledBooking } from './bookings/cancelled.service.js';
import { createBookingsStore } from './bookings/bookings.store.js';
import { addConsultationsJobs } from './consultations.jobs.js';
import { consultationsRouter } from './consultations.routes.js';
import { nextFreeView, upcomingView, type NextFree, type Upcoming } from './consultations.summary.js';
import { slotPage } from './slots/slot.page.js';
import { consultationsKind } from './content.js';
import { addAttendanceJobs } from './held/attendance.jobs.js';
import { attendanceRouter, minutesUpload } from './held/attendance.routes.js';
import { createAttendanceService, type AttendanceService } from './held/attendance.service.js';
import { createHeldStore } from './held/held.store.js';
import { createMinutesService } from './held/minutes.service.js';
import { journalRouter } from './journal/journal.routes.js';
import { createJournal } from './journal/journal.service.js';
import { createCopies } from './series/series-copies.service.js';
import { createSeriesCopiesStore } from './series/series-copies.store.js';
import { createConsultationsPersonalData } from './personal-data.store.js';
import { seriesRouter } from './series/series.routes.js';
import { createSeriesService, type SeriesService } from './series/series.service.js';
import { createSeriesStore } from './series/series.store.js';
import { reassignRouter } from './slots/reassign.routes.js';
import { createReassign } from './slots/reassign.service.js';
import { createSettling } from './slots/settling.service.js';
import { createSlotsStore } from './slots/slots.store.js';
import { createTimetable } from './slots/slot-list.service.js';
import { videoRouter } from './video/video.routes.js';

export { bookingCancelled, bookingTeacherChanged } from './bookings/bookings.store.js';
export type { CancelledBooking } from './bookings/cancelled.service.js';
export type { NextFree, Upcoming } from './consultations.summary.js';
export type { ConsultationType } from './series/series-settings.js';

export interface ConsultationsDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly jobs: Jobs;
  readonly events: Events;
  readonly files: Files;
  readonly centre: Pick<CentreSettings, 'now'>;
  /** Is given the feature's kind of content. */
  readonly kinds: Pick<Registry<ContentKind>, 'add'>;
  readonly membership: Pick<MembershipFeature, 'people' | 'courses' | 'groupsOf'>;
  readonly launch: Pick<LaunchFeature, 'links'>;
  readonly grades: Pick<GradebookFeature, 'queue' | 'columnChanged'>;
  readonly schedule: Pick<ScheduleFeature, 'places' | 'calendarSources'>;
  readonly video: Pick<VideoFeature, 'calls'>;
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
  /** For seeds. */
  readonly attendance: Pick<AttendanceService, 'findToRecord' | 'save'>;
  /** Addresses of `router` that take files. */
  readonly uploads: readonly UploadRule[];
  readonly personalData: PersonalData;
}

export function createConsultations(deps: ConsultationsDeps): ConsultationsFeature {
  const { storage, clock, jobs, events, kinds, membership, launch, schedule, centre } = deps;
  const { connection } = storage;
  const series = createSeriesStore(connection);
  const slots = createSlotsStore(connection);
  const bookings = createBookingsStore(connection);
  const records = createHeldStore(connection);
  events.watch(bookings.model);
  const settling = createSettling({ series, slots, bookings, clock });
  addConsultationsJobs({ jobs, events, series, slots, settling });
  const findPeople = (ids: readonly string[]): Promise<Person[]> => membership.people.findMany(ids);
  const findLink = launch.links.findOptional.bind(launch.links);
  addAttendanceJobs({ jobs, events, series, records, grades: deps.grades, findLink });
  const timetable = createTimetable({ series, slots, bookings, clock, findPeople });
  const teachersOf = teachersIn(membership);
  const findRoom = (id: string) => schedule.places.findOptional(id);
  const bookingService = createBookingService({ series, slots, bookings, settling, clock });
  const findSlot: BookingService['find'] = (actor, id) => bookingService.find(actor, id);
  const reassign = createReassign({ slots, bookings, findSlot, teachersOf, findRoom, clock });
  const seriesService = createSeriesService({
    ...{ series, slots, settling, clock, teachersOf, findRoom },
    followRoom: (changed) => reassign.followSeries(changed),
    linksOf: async (courseId, id) =>
      (await launch.links.ofContent(courseId, { kind: 'consultations', id })).map((link) => link.id),
    newId: () => new Types.ObjectId().toString(),
  });
  const attendance = createAttendanceService({ records, bookings: bookingService, timetable, clock });
  const copies = createCopies({ series, copies: createSeriesCopiesStore(connection), clock });
  kinds.add(consultationsKind(seriesService, timetable, copies, series));
  schedule.calendarSources.add(consultationsCalendar({ slots, series, bookings, findPeople }));

  const videoMinutes = async (): Promise<number> => (await centre.now()).videoMinutes;
  const page = slotPage({
    ...{ service: bookingService, timetable, attendance, reassign, clock, videoMinutes },
    places: () => schedule.places.list(),
  });
  const router = Router();
  router.use(
    journalRouter({
      journal: createJournal({
        ...{ slots, series, bookings, records, findPeople, teachersOf },
        groupsIn: (courseId) => groupNames(membership, courseId),
      }),
      clock,
      academicMinutes: async () => (await centre.now()).academicMinutes,
    }),
    consultationsRouter({
      ...{ service: bookingService, timetable, seriesService, attendance, clock, videoMinutes },
      slotPage: page,
    }),
    attendanceRouter({
      attendance,
      minutes: createMinutesService({ records, files: deps.files, slots, series, bookings }),
      clock,
      slotPage: page,
    }),
    reassignRouter(reassign, page),
    videoRouter({ findSlot, bookings, calls: deps.video.calls, clock, minutes: videoMinutes }),
    seriesRouter({
      ...{ service: seriesService, timetable, attendance, clock, videoMinutes },
      places: () => schedule.places.list(),
      videoWays: () => deps.video.calls.ways(),
    }),
  );
  return {
    router,
    uploads: [minutesUpload],
    personalData: createConsultationsPersonalData(connection, clock),
    series: seriesService,
    bookings: bookingService,
    attendance,
    findCancelledBooking: findCancelledBooking({ bookings, slots, series, findPeople }),
    async upcomingFor(actor, limit) {
      const at = { now: clock.now(), videoMinutes: await videoMinutes() };
      return (await timetable.upcoming(actor, limit)).map((item) => upcomingView(item, at));
    },
    async nextFreeOf(teacherIds, limit) {
      return (await timetable.nextFreeOf(teacherIds, limit)).map(nextFreeView);
    },
  };
}

/** Those who teach in a course, as launches and rosters show them. */
const teachersIn =
  (membership: ConsultationsDeps['membership']) =>
  async (courseId: string): Promise<Person[]> => {
    const members = await membership.courses.members(courseId);
    const teachers = members.filter(({ role }) => role === 'teacher').map(({ personId }) => personId);
    return membership.people.findMany(teachers);
  };
