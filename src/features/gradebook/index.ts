import type { Router } from 'express';
import type { Logger } from 'pino';
import type { Lti } from '../../lti/index.js';
import type { Clock } from '../../shared/clock.js';
import type { ContentKind, ContentRef } from '../../shared/content.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { Queue } from '../../shared/queue.js';
import type { Storage } from '../../storage/index.js';
import type { LaunchFeature, ResourceLink } from '../launch/index.js';
import type { Course, MembershipFeature } from '../membership/index.js';
import { createGradesPersonalData } from './personal-data.store.js';
import { createScoreList, type ScoreList } from './score-list.store.js';
import { gradesRouter } from './gradebook.routes.js';
import { GradesSender } from './scores.sender.js';
import { createGradesService, type GradesService } from './gradebook.service.js';
import { createGradesStore } from './scores.store.js';
import { LineItemsWorker } from './line-items.worker.js';
import { contentName, createLineItemsStore } from './line-items.store.js';

export type { NewGrade } from './gradebook.service.js';
export type { GradeFilter, GradePlace, ScoreList } from './score-list.store.js';
export { GRADE_STATES, type GradeEvent, type GradeRow, type GradeState } from './score-row.store.js';
export { gradeView } from './gradebook.view.js';

export interface GradesDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Logger;
  readonly lti: Lti;
  readonly membership: Pick<MembershipFeature, 'people'>;
  readonly launch: Pick<LaunchFeature, 'links'>;
  readonly kinds: () => readonly ContentKind[];
  /** Hands in all grades of a content once more, for a column has become known. */
  readonly republishScores: (courseId: string, content: ContentRef) => Promise<void>;
}

/** Grades on their way to the LMS's gradebook: an outbox, its sender, and pages that say how it went. */
export interface GradebookFeature {
  /** `/c/:courseKey/grades` */
  readonly router: Router;
  readonly sender: GradesSender;
  /** Finds or makes the gradebook columns that launches do not name. */
  readonly lineItems: LineItemsWorker;
  /** A launch has named no line item for this link, and says where they are kept: one is looked for, later. */
  seekLineItem(course: Course, link: ResourceLink): Promise<void>;
  /** A content has another title or maximum: columns that we have made follow. Can be said twice. */
  columnChanged(courseId: string, content: ContentRef): Promise<void>;
  queue: GradesService['queue'];
  deliveries: GradesService['deliveries'];
  /** Of the whole outbox, for the administrator. */
  health(): Promise<Queue>;
  readonly personalData: PersonalData;
  /** The whole outbox, past the bounds of courses: for the administrator alone. */
  readonly scoreList: ScoreList;
}

export function createGrades(deps: GradesDeps): GradebookFeature {
  const { storage, clock, log, lti, membership, launch } = deps;
  const store = createGradesStore(storage.connection);
  const lineItemsStore = createLineItemsStore(storage.connection);
  const lineItems = new LineItemsWorker({
    store: lineItemsStore,
    lineItems: lti.lineItems,
    registrations: lti.registrations,
    findLink: (courseId, id) => launch.links.findOptional(courseId, id),
    kinds: deps.kinds,
    republishScores: deps.republishScores,
    forget: (gone) => store.drop(gone),
    clock,
    log,
  });
  const sender = new GradesSender({ store, ags: lti.ags, registrations: lti.registrations, clock, log });
  const service = createGradesService({
    store,
    lineItems: lineItemsStore,
    clock,
    findPerson: (id) => membership.people.findOptional(id),
    findPeople: (ids) => membership.people.findMany(ids),
    findRegistration: (id) => lti.registrations.findOptionalById(id),
    results: lti.results,
    linksOf: (courseId, content) => launch.links.ofContent(courseId, content),
    findLink: (courseId, id) => launch.links.findOptional(courseId, id),
    async titleOf(courseId, content) {
      const kind = deps.kinds().find((candidate) => candidate.kind === content.kind);
      return (await kind?.columnOf?.(courseId, content.id))?.label ?? '';
    },
    wake: () => sender.wake(),
    wakeLineItems: () => lineItems.wake(),
  });
  return {
    router: gradesRouter(service),
    sender,
    lineItems,
    async seekLineItem({ registrationId }, { id: linkId, courseId }) {
      await lineItemsStore.want({ linkId, courseId, registrationId }, clock.now());
      lineItems.wake();
    },
    async columnChanged(courseId, content) {
      const count = await lineItemsStore.changed(courseId, contentName(content), clock.now());
      if (count > 0) lineItems.wake();
    },
    queue: (grade) => service.queue(grade),
    deliveries: (courseId, personId, content) => service.deliveries(courseId, personId, content),
    health: () => store.health(),
    personalData: createGradesPersonalData(storage.connection, clock),
    scoreList: createScoreList(storage.connection, clock, sender),
  };
}
