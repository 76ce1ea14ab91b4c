import './held/held.view.js';
import './pages.view.js';
import { Router, type Request } from 'express';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import { atLeast } from '../../shared/roles.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { Audit, AuditActor } from '../../infra/audit/index.js';
import type { Events } from '../../infra/events/index.js';
import type { Exports } from '../../infra/export/index.js';
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
import { createBooked } from './bookings/booked.js';
import { bookingUpload } from './bookings/booking-files.js';
import type { BookingService } from './bookings/booking.service.js';
import { createToldBookings, type ToldBookings } from './bookings/told.service.js';
import { createToldStore } from './bookings/told.store.js';
import { bookingsRouter } from './bookings/bookings.routes.js';
import { createBookingsStore } from './bookings/bookings.store.js';
import type { Approval } from './bookings/approval.service.js';
import type { Waiting } from './bookings/waiting.service.js';
import type { Cancelling } from './bookings/cancelling.service.js';
import type { Moving } from './bookings/moving.service.js';
import { createTopics, type TopicSource } from './bookings/topics.js';
import type { CardsOf } from './bookings/slot-pages.js';
import { attestationsRouter } from './attestations/attestations.routes.js';
import { addInvitingJob } from './attestations/inviting.jobs.js';
import { createAttestationDates, type AttestationDates } from './attestations/attestations.service.js';
import { createInvite } from './messages/invitations.js';
import { createMessagesStore } from './messages/messages.store.js';
import { findToldMessage, type ToldMessage } from './messages/told-message.js';
import { participationRouter } from './messages/participation.routes.js';
import { createParticipation, type Participation } from './messages/participation.service.js';
import { createCoursePeople } from './course-people.js';
import type { Reassign } from './slots/reassign.service.js';
import type { SlotMoves } from './slots/slot-moves.service.js';
import { typesRouter } from './types/types.routes.js';
import { addConsultationsJobs } from './consultations.jobs.js';
import { consultationsRouter } from './consultations.routes.js';
import { nextFreeView, upcomingView, type NextFree, type Upcoming } from './consultations.summary.js';
import { freeSlotView } from './consultations.view.js';
import { consultationsCalendar } from './calendar.source.js';
import { consultationsKind } from './content.js';
import { minutesUpload } from './held/attendance.routes.js';
import { MINUTES_FILES } from './held/minutes.service.js';
import type { AttendanceService } from './held/attendance.service.js';
import { createHeld } from './held/held.js';
import { createHeldStore } from './held/held.store.js';
import { createSlotPages } from './bookings/slot-pages.js';
import { createConsultationsPersonalData } from './personal-data.store.js';
import { createConsultationsReporting, type ConsultationsReporting } from './reporting.store.js';
import { slotsUpload } from './series/import/import.routes.js';
import { createPlanned } from './series/planned.js';
import type { SeriesService } from './series/series.service.js';
import { createSeriesStore } from './series/series.store.js';
import { slotsRouter } from './slots/slots.routes.js';
import { createSlotsStore } from './slots/slots.store.js';
import { createTimetable } from './slots/slot-list.service.js';

export {
  bookingApproved,
  bookingCancelled,
  bookingCreated,
  bookingMoved,
  bookingPlaceChanged,
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

export interface ConsultationsDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly jobs: Jobs;
  readonly events: Events;
  readonly files: Files;
  readonly exports: Pick<Exports, 'defineTable'>;
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
  /** Associations of a teacher, for the head of the journal. */
  readonly associationsOf: (personId: string) => Promise<readonly { readonly name: string }[]>;
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
  readonly series: Pick<SeriesService, 'create' | 'active' | 'edit' | 'addSlots' | 'end'>;
  readonly bookings: Pick<BookingService, 'book'> &
    Cancelling &
    Moving &
    SlotMoves &
    Approval &
    Waiting &
    Pick<Reassign, 'substitute' | 'moveTo'>;
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
  const { storage, clock, events, kinds, membership, schedule } = deps;
  const { connection } = storage;
  const findPeople = (ids: readonly string[]) => membership.people.findMany(ids);
  const series = createSeriesStore(connection);
  const slots = createSlotsStore(connection);
  const bookings = createBookingsStore(connection);
  const people = createCoursePeople(membership);
  const stores = { series, slots, bookings };
  const topicSources = createRegistry<TopicSource>();
  const topics = createTopics(topicSources);
  const booked = createBooked(deps, { ...stores, people, topics, findPeople });
  const { booking, cancelling, moving, waiting, approval, slotMoves } = booked;
  const timetable = createTimetable({
    ...stores,
    clock,
    findPeople,
    filesOf: (id) => booked.files.listOf(id),
  });
  const planned = createPlanned(deps, { ...stores, booked, people });
  addConsultationsJobs({ ...deps, ...stores, ...booked });

  const messages = createMessagesStore(connection);
  events.watch(messages.model);
  const { attestations } = schedule;
  const { studentsOf } = people;
  const invite = createInvite({ bookings, messages, studentsOf, clock });
  const participation = createParticipation({
    ...{ series, bookings, messages, attestations, studentsOf, invite, clock },
  });
  const attestationDates = createAttestationDates({ attestations, series });
  addInvitingJob({ ...deps, series, messages, attestations, invite });
  kinds.add(consultationsKind(planned.series, timetable, planned.copies, series));
  schedule.calendarSources.add(consultationsCalendar({ ...stores, findPeople }));

  const held = createHeld(deps, { ...stores, timetable, findPeople, ...booked, find: booking });
  const services = {
    ...booked,
    ...{ timetable, topics },
    extras: held.extras,
    classesAt: (actor: Actor, interval: Interval) => schedule.overlapping(actor, interval, ['class']),
    cardsOf: createCardsOf(deps.slugsOf),
    ...{ participation, types: planned.types },
  };
  const router = Router();
  router.use(
    held.router(createSlotPages(services, clock), people.teachersOf),
    consultationsRouter(services, planned.series),
    slotsRouter(services, clock),
    bookingsRouter(services, clock),
  );
  router.use('/attestations', attestationsRouter(attestationDates, participation));
  router.use(participationRouter(participation), planned.router(timetable, held.extras));
  return {
    router,
    uploads: [minutesUpload, bookingUpload, slotsUpload],
    attendance: held.attendance,
    personalData: createConsultationsPersonalData(connection, clock, booked.files, (slotId) =>
      deps.files.removeOf({ kind: MINUTES_FILES, id: slotId }),
    ),
    reporting: createConsultationsReporting(connection),
    series: planned.series,
    bookings: {
      ...booking,
      ...cancelling,
      ...moving,
      ...slotMoves,
      ...approval,
      ...waiting,
      ...booked.reassign,
    },
    attestations: attestationDates,
    findMessage: findToldMessage({ messages, series, attestations, findPeople }),
    participation,
    typesRouter: (byOf) => typesRouter(planned.types, byOf),
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

/** The cards of teachers that an actor may see, by person. */
const createCardsOf =
  (slugsOf: ConsultationsDeps['slugsOf']): CardsOf =>
  async (actor, teachers) => {
    const slugs = await slugsOf(
      teachers.map(({ id }) => id),
      atLeast(actor.role, 'assistant'),
    );
    return Object.fromEntries([...slugs].map(([id, slug]) => [id, `directory/teachers/${slug}`]));
  };
