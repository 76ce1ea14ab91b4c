import './held/held.view.js';
import './pages.view.js';
import { Router, type Request } from 'express';
import { Types } from 'mongoose';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import { atLeast } from '../../shared/roles.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { Audit, AuditActor } from '../../infra/audit/index.js';
import type { Events } from '../../infra/events/index.js';
import type { Files, UploadRule } from '../../infra/files/index.js';
import type { CentreSettings } from '../../infra/settings/index.js';
import type { Jobs } from '../../infra/jobs/index.js';
import type { ContentKind } from '../../shared/content.js';
import { createRegistry, type Registry } from '../../shared/registry.js';
import type { Storage } from '../../storage/index.js';
import type { GradebookFeature } from '../gradebook/index.js';
import type { LaunchFeature } from '../launch/index.js';
import type { MembershipFeature } from '../membership/index.js';
import type { Interval, ScheduleFeature } from '../schedule/index.js';
import type { VideoFeature } from '../video/index.js';
import { createBookingService, type BookingService } from './bookings/booking.service.js';
import { createToldBookings, type ToldBookings } from './bookings/told.service.js';
import { createToldStore } from './bookings/told.store.js';
import { bookingsRouter } from './bookings/bookings.routes.js';
import { createBookingsStore } from './bookings/bookings.store.js';
import { createApproval, type Approval } from './bookings/approval.service.js';
import { createWaiting, type Waiting } from './bookings/waiting.service.js';
import { createWaitingStore } from './bookings/waiting.store.js';
import { createCancelling, type Cancelling } from './bookings/cancelling.service.js';
import { createCompanions } from './bookings/companions.service.js';
import { createMovesStore } from './bookings/moves.store.js';
import { createMoving, type Moving } from './bookings/moving.service.js';
import { createTopics, type TopicSource } from './bookings/topics.js';
import { createOverlaps } from './bookings/overlaps.service.js';
import type { CardsOf } from './bookings/slot-pages.js';
import { createSettleBooking } from './bookings/settle-booking.js';
import { attestationsRouter } from './attestations/attestations.routes.js';
import { createAttestationDates, type AttestationDates } from './attestations/attestations.service.js';
import { createMessagesStore } from './messages/messages.store.js';
import { findToldMessage, type ToldMessage } from './messages/told-message.js';
import { participationRouter } from './messages/participation.routes.js';
import { createParticipation, type Participation } from './messages/participation.service.js';
import { createSeriesTimes } from './series/times.service.js';
import { seriesTimesRouter } from './series/times.routes.js';
import { createCoursePeople } from './course-people.js';
import { attestationChoice } from './series/attestation-choice.js';
import { createFollowSlot, createSlotMoves, type SlotMoves } from './slots/slot-moves.service.js';
import { typesRouter } from './types/types.routes.js';
import { createTypesService } from './types/types.service.js';
import { createTypesStore } from './types/types.store.js';
import { addConsultationsJobs } from './consultations.jobs.js';
import { consultationsRouter } from './consultations.routes.js';
import { nextFreeView, upcomingView, type NextFree, type Upcoming } from './consultations.summary.js';
import { freeSlotView } from './consultations.view.js';
import { consultationsCalendar } from './calendar.source.js';
import { consultationsKind } from './content.js';
import { minutesUpload } from './held/attendance.routes.js';
import type { AttendanceService } from './held/attendance.service.js';
import { createHeld } from './held/held.js';
import { createHeldStore } from './held/held.store.js';
import { createSlotPages } from './bookings/slot-pages.js';
import { createReassign } from './slots/reassign.service.js';
import { createCopies } from './series/series-copies.service.js';
import { createSeriesCopiesStore } from './series/series-copies.store.js';
import { createConsultationsPersonalData } from './personal-data.store.js';
import { createConsultationsReporting, type ConsultationsReporting } from './reporting.store.js';
import { seriesRouter } from './series/series.routes.js';
import { createSeriesService, type SeriesService } from './series/series.service.js';
import { createSeriesStore } from './series/series.store.js';
import { createSettling } from './slots/settling.service.js';
import { createSlotsStore } from './slots/slots.store.js';
import { createTimetable } from './slots/slot-list.service.js';

export {
  bookingApproved,
  bookingCancelled,
  bookingCreated,
  bookingMoved,
  bookingTeacherChanged,
  seatFreed,
  seatOffered,
} from './bookings/bookings.events.js';
export type { BeginningBooking, ToldBooking, ToldBookings } from './bookings/told.service.js';
export { consultationMessageSent } from './messages/messages.store.js';
export type { ToldMessage } from './messages/told-message.js';
export type { BookingTopic, TopicSource } from './bookings/topics.js';
export type { NextFree, Upcoming } from './consultations.summary.js';
export type { ReportedSlot } from './reporting.store.js';
export type { ConsultationType } from './series/series-settings.js';

const newId = (): string => new Types.ObjectId().toString();

export interface ConsultationsDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly jobs: Jobs;
  readonly events: Events;
  readonly files: Files;
  readonly centre: Pick<CentreSettings, 'now'>;
  /** Is given the feature's kind of content. */
  readonly kinds: Pick<Registry<ContentKind>, 'add'>;
  readonly membership: Pick<MembershipFeature, 'people' | 'courses' | 'groupsOf' | 'membersOf'>;
  readonly launch: Pick<LaunchFeature, 'links'>;
  readonly grades: Pick<GradebookFeature, 'queue' | 'columnChanged'>;
  readonly schedule: Pick<
    ScheduleFeature,
    | 'claims'
    | 'times'
    | 'identities'
    | 'attestations'
    | 'closedDays'
    | 'places'
    | 'calendarSources'
    | 'overlapping'
  >;
  readonly video: Pick<VideoFeature, 'calls'>;
  readonly audit: Pick<Audit, 'append'>;
  /** Slugs of the cards of these people that the reader may see, by person. */
  readonly slugsOf: (personIds: readonly string[], staff: boolean) => Promise<ReadonlyMap<string, string>>;
}

/** A time that can be booked, as pages show it. */
export type FreeTime = ReturnType<typeof freeSlotView>;

/** Consultations: teachers offer series of slots, students book seats in them. */
export interface ConsultationsFeature {
  /** `/c/:courseKey/consultations` */
  readonly router: Router;
  /** For seeds and tests: the rules themselves. */
  readonly series: Pick<SeriesService, 'create' | 'active'>;
  readonly bookings: Pick<BookingService, 'book'> & Cancelling & Moving & SlotMoves & Approval & Waiting;
  /** Attestation dates of a course. For seeds and tests. */
  readonly attestations: AttestationDates;
  readonly participation: Participation;
  /** An invitation or a teacher's words, for messages; null if what it is about is gone. */
  findMessage(id: string): Promise<ToldMessage | null>;
  /** `/admin/consultation-types` */
  typesRouter(byOf: (req: Request) => AuditActor): Router;
  /**
   * The actor's next consultations in the actor's course, soonest first: what a student has booked, or what a
   * teacher holds; nothing for others.
   */
  upcomingFor(actor: Actor, limit: number): Promise<Upcoming[]>;
  /** Times of the actor's course that can be booked now, soonest first. */
  freeFor(actor: Actor, limit: number): Promise<FreeTime[]>;
  /** Kinds of things that a booking may be about beside its question. */
  readonly topics: Pick<Registry<TopicSource>, 'add'>;
  /**
   * When a teacher can be met next, soonest first, in any course. Fit for public pages: no names, no places.
   * @param teacherIds the person's ids here; one for each LMS the person is known in
   */
  nextFreeOf(teacherIds: readonly string[], limit: number): Promise<NextFree[]>;
  /** Whether any series was ever made, in any course. */
  anySeries(): Promise<boolean>;
  /** What messages say of bookings, in whatever course. */
  readonly told: ToldBookings;
  /** For seeds. */
  readonly attendance: Pick<AttendanceService, 'findToRecord' | 'save'>;
  /** Addresses of `router` that take files. */
  readonly uploads: readonly UploadRule[];
  /** Facts of all courses, for reports. */
  readonly reporting: ConsultationsReporting;
  readonly personalData: PersonalData;
}

export function createConsultations(deps: ConsultationsDeps): ConsultationsFeature {
  const { storage, clock, jobs, events, kinds, membership, launch, schedule, audit } = deps;
  const { connection } = storage;
  const { claims, times, identities } = schedule;
  const findPeople = (ids: readonly string[]) => membership.people.findMany(ids);
  const series = createSeriesStore(connection);
  const slots = createSlotsStore(connection);
  const bookings = createBookingsStore(connection);
  const moves = createMovesStore(connection);
  events.watch(bookings.model);
  const followSlot = createFollowSlot({ moves, bookings, identities });
  const settling = createSettling({ series, slots, bookings, identities, followSlot, clock });
  const timetable = createTimetable({ series, slots, bookings, clock, findPeople });
  const types = createTypesService({ types: createTypesStore(connection), series, audit });
  const people = createCoursePeople(membership);
  const findRoom = (id: string) => schedule.places.findOptional(id);
  const seriesService = createSeriesService({
    ...{ series, settling, times, identities, types, findRoom, clock },
    followRoom: (changed) => reassign.followSeries(changed),
    attestationOf: attestationChoice(schedule.attestations),
    attestationsOf: (courseId) => schedule.attestations.list(courseId),
    closedDays: (from, to) => schedule.closedDays.list(from, to),
    teachersOf: people.teachersOf,
    linksOf: async (courseId, id) =>
      (await launch.links.ofContent(courseId, { kind: 'consultations', id })).map((link) => link.id),
    newId,
    seatsAdded: (seriesId) => waiting.offerSeatsOf(seriesId),
  });
  const topicSources = createRegistry<TopicSource>();
  const topics = createTopics(topicSources);
  const companions = createCompanions(people);
  const overlaps = createOverlaps({ series, slots, bookings, findPeople });
  const booking = createBookingService({
    ...{ series, slots, bookings, claims, identities, companions, overlaps, topics, clock },
  });
  const reassign = createReassign({
    ...{ find: booking, slots, bookings, identities, findRoom, clock },
    teachersOf: people.teachersOf,
  });
  const cancelling = createCancelling({ find: booking, slots, bookings, settling, identities, clock });
  const moving = createMoving({ find: booking, bookings, moves, claims, identities, overlaps, clock });
  const slotMoves = createSlotMoves({
    ...{ find: booking, slots, bookings, moves, times, identities, findPeople, clock },
  });
  const approval = createApproval({ find: booking, bookings, clock });
  const waiting = createWaiting({
    ...{ find: booking, series, slots, bookings, claims, times, identities, overlaps, clock },
    waiting: createWaitingStore(connection),
  });
  addConsultationsJobs({
    ...{ jobs, events, series, slots, bookings, settling },
    settleBooking: createSettleBooking({ bookings, moves, clock }),
    offerSeats: (slotId) => waiting.offerSeats(slotId),
    async findSlotsOf(bookingId) {
      const found = await bookings.findAny(bookingId);
      return found === null ? [] : [found.slotId, ...(found.movedFrom ? [found.movedFrom.slotId] : [])];
    },
  });

  const messages = createMessagesStore(connection);
  events.watch(messages.model);
  const participation = createParticipation({
    ...{ series, bookings, messages, attestations: schedule.attestations, clock },
    studentsOf: people.studentsOf,
  });
  const attestationDates = createAttestationDates({ attestations: schedule.attestations, series });
  const seriesTimes = createSeriesTimes({
    ...{ seriesService, series, slots, bookings, times, identities, settling, newId, clock },
  });

  const copies = createCopies({ series, copies: createSeriesCopiesStore(connection), clock });
  kinds.add(consultationsKind(seriesService, timetable, copies, series));
  schedule.calendarSources.add(consultationsCalendar({ slots, series, bookings, findPeople }));

  const held = createHeld(deps, {
    ...{ series, slots, bookings, timetable, reassign, findPeople },
    find: booking,
  });
  const { extras } = held;
  const cardsOf: CardsOf = async (actor, teachers) => {
    const slugs = await deps.slugsOf(
      teachers.map(({ id }) => id),
      atLeast(actor.role, 'assistant'),
    );
    return Object.fromEntries([...slugs].map(([id, slug]) => [id, `directory/teachers/${slug}`]));
  };
  const services = {
    classesAt: (actor: Actor, interval: Interval) => schedule.overlapping(actor, interval, ['class']),
    cardsOf,
    booking,
    cancelling,
    moving,
    waiting,
    approval,
    slotMoves,
    timetable,
    companions,
    extras,
    topics,
  };
  const router = Router();
  router.use(
    held.router(createSlotPages(services, clock), people.teachersOf),
    consultationsRouter(services, seriesService, clock),
    bookingsRouter(services, clock),
  );
  router.use('/attestations', attestationsRouter(attestationDates, participation));
  router.use(
    participationRouter(participation),
    seriesTimesRouter(seriesTimes, seriesService),
    seriesRouter({
      ...{ service: seriesService, timetable, types, extras, clock },
      places: () => schedule.places.list(),
      videoWays: () => deps.video.calls.ways(),
    }),
  );
  return {
    router,
    uploads: [minutesUpload],
    attendance: held.attendance,
    personalData: createConsultationsPersonalData(connection, clock),
    reporting: createConsultationsReporting(connection),
    series: seriesService,
    bookings: { ...booking, ...cancelling, ...moving, ...slotMoves, ...approval, ...waiting },
    attestations: attestationDates,
    findMessage: findToldMessage({ messages, series, attestations: schedule.attestations, findPeople }),
    participation,
    typesRouter: (byOf) => typesRouter(types, byOf),
    anySeries: () => series.any(),
    told: createToldBookings({
      ...{ told: createToldStore(connection), records: createHeldStore(connection) },
      ...{ slots, series, findPeople },
    }),
    topics: topicSources,
    async freeFor(actor, limit) {
      return (await timetable.freeSlots(actor, {})).items.slice(0, limit).map(freeSlotView);
    },
    async upcomingFor(actor, limit) {
      const at = { now: clock.now(), videoMinutes: await held.videoMinutes() };
      return (await timetable.upcoming(actor, limit)).map((item) => upcomingView(item, at));
    },
    async nextFreeOf(teacherIds, limit) {
      return (await timetable.nextFreeOf(teacherIds, limit)).map(nextFreeView);
    },
  };
}
