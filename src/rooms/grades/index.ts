import type { Router } from 'express';
import type { Logger } from 'pino';
import type { Lti } from '../../lti/index.js';
import type { Clock } from '../../shared/clock.js';
import type { ContentKind, ContentRef } from '../../shared/content.js';
import type { Estate } from '../../shared/estate.js';
import type { Queue } from '../../shared/queue.js';
import type { Storage } from '../../storage/index.js';
import type { Course, LaunchRoom, ResourceLink } from '../launch/index.js';
import { createGradesEstate } from './estate.store.js';
import { createGradesDesk, type GradesDesk } from './desk.store.js';
import { gradesRouter } from './grades.routes.js';
import { GradesSender } from './grades.sender.js';
import { createGradesService, type GradesService } from './grades.service.js';
import { createGradesStore } from './grades.store.js';
import { LineItemsKeeper } from './lineitems.keeper.js';
import { contentName, createLineItemsStore } from './lineitems.store.js';

export type { NewGrade } from './grades.service.js';
export type { GradeFilter, GradePlace, GradesDesk } from './desk.store.js';
export { GRADE_STATES, type GradeEvent, type GradeRow, type GradeState } from './row.store.js';
export { gradeView } from './grades.view.js';

export interface GradesDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Logger;
  readonly lti: Lti;
  readonly launch: LaunchRoom;
  readonly kinds: () => readonly ContentKind[];
  /** Hands in all grades of a content once more, for a column has become known. */
  readonly handInAgain: (courseId: string, content: ContentRef) => Promise<void>;
}

/** Grades on their way to the LMS's gradebook: an outbox, its sender, and pages that say how it went. */
export interface GradesRoom {
  /** `/c/:courseKey/grades` */
  readonly router: Router;
  readonly sender: GradesSender;
  /** Finds or makes the gradebook columns that launches do not name. */
  readonly lineItems: LineItemsKeeper;
  /** A launch has named no line item for this link, and says where they are kept: one is looked for, later. */
  seekLineItem(course: Course, link: ResourceLink): Promise<void>;
  /** A content has another title or maximum: columns that we have made follow. Can be said twice. */
  columnChanged(courseId: string, content: ContentRef): Promise<void>;
  queue: GradesService['queue'];
  deliveries: GradesService['deliveries'];
  /** Of the whole outbox, for the administrator. */
  health(): Promise<Queue>;
  readonly estate: Estate;
  /** The whole outbox, past the bounds of courses: for the administrator alone. */
  readonly desk: GradesDesk;
}

export function createGrades(deps: GradesDeps): GradesRoom {
  const { storage, clock, log, lti, launch } = deps;
  const store = createGradesStore(storage.connection);
  const lineItemsStore = createLineItemsStore(storage.connection);
  const lineItems = new LineItemsKeeper({
    store: lineItemsStore,
    lineItems: lti.lineItems,
    registrations: lti.registrations,
    findLink: (courseId, id) => launch.links.findOptional(courseId, id),
    kinds: deps.kinds,
    handIn: deps.handInAgain,
    forget: (gone) => store.drop(gone),
    clock,
    log,
  });
  const sender = new GradesSender({ store, ags: lti.ags, registrations: lti.registrations, clock, log });
  const service = createGradesService({
    store,
    lineItems: lineItemsStore,
    clock,
    findPerson: (id) => launch.people.findOptional(id),
    findPeople: (ids) => launch.people.findMany(ids),
    findRegistration: (id) => lti.registrations.findOptionalById(id),
    results: lti.results,
    linksOf: (courseId, content) => launch.links.ofContent(courseId, content),
    findLink: (courseId, id) => launch.links.findOptional(courseId, id),
    async titleOf(courseId, content) {
      const kind = deps.kinds().find((one) => one.kind === content.kind);
      return (await kind?.columnOf?.(courseId, content.id))?.label ?? '';
    },
    nudge: () => sender.nudge(),
    nudgeLineItems: () => lineItems.nudge(),
  });
  return {
    router: gradesRouter(service),
    sender,
    lineItems,
    async seekLineItem({ registrationId }, { id: linkId, courseId }) {
      await lineItemsStore.want({ linkId, courseId, registrationId }, clock.now());
      lineItems.nudge();
    },
    async columnChanged(courseId, content) {
      const count = await lineItemsStore.changed(courseId, contentName(content), clock.now());
      if (count > 0) lineItems.nudge();
    },
    queue: (grade) => service.queue(grade),
    deliveries: (courseId, personId, content) => service.deliveries(courseId, personId, content),
    health: () => store.health(),
    estate: createGradesEstate(storage.connection, clock),
    desk: createGradesDesk(storage.connection, clock, sender),
  };
}
