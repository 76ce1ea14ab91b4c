import type { Router } from 'express';
import type { Events } from '../../infra/events/index.js';
import type { Jobs } from '../../infra/jobs/index.js';
import type { Lti } from '../../lti/index.js';
import type { Clock } from '../../shared/clock.js';
import type { ContentKind, ContentRef } from '../../shared/content.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { Queue } from '../../shared/queue.js';
import type { Registry } from '../../shared/registry.js';
import type { Storage } from '../../storage/index.js';
import { linkChanged, type LaunchFeature } from '../launch/index.js';
import type { MembershipFeature } from '../membership/index.js';
import { createGradesPersonalData } from './personal-data.store.js';
import { createScoreList, type ScoreList } from './score-list.store.js';
import { gradesRouter } from './gradebook.routes.js';
import { createGradesService, type GradesService } from './gradebook.service.js';
import type { GradeRow } from './score-row.store.js';
import { createGradesStore, type GradesStore } from './scores.store.js';
import { isUnread, readResultJob } from './results.jobs.js';
import { scoresLane, sendScoreJob } from './scores.jobs.js';
import { seekLineItemJob } from './line-items.jobs.js';
import { contentName } from './line-item-row.store.js';
import { createLineItemsStore, type LineItemsStore } from './line-items.store.js';

export { lineItemFound } from './line-items.events.js';
export { scoreSettled } from './scores.events.js';
export type { NewGrade } from './gradebook.service.js';
export type { GradeFilter, GradePlace, ScoreList } from './score-list.store.js';
export { GRADE_STATES, type GradeEvent, type GradeRow, type GradeState } from './score-row.store.js';
export { gradeView } from './gradebook.view.js';

export interface GradesDeps {
  readonly storage: Storage;
  readonly jobs: Jobs;
  readonly events: Events;
  readonly clock: Clock;
  readonly lti: Lti;
  readonly membership: Pick<MembershipFeature, 'people' | 'courses'>;
  readonly launch: Pick<LaunchFeature, 'links' | 'admitted'>;
  readonly kinds: Pick<Registry<ContentKind>, 'all'>;
}

/** Grades on their way to the LMS's gradebook: an outbox, jobs that send it, and pages that say how it went. */
export interface GradebookFeature {
  /** `/c/:courseKey/grades` */
  readonly router: Router;
  /** A content has another title or maximum: columns that we have made follow. Can be said twice. */
  columnChanged(courseId: string, content: ContentRef): Promise<void>;
  /** A score of whatever course, for messages about it; null if it is gone. */
  findScore(id: string): Promise<GradeRow | null>;
  /** One of the scores of a content that are given up; null if there is none. */
  findFailedScore(courseId: string, content: ContentRef): Promise<GradeRow | null>;
  queue: GradesService['queue'];
  deliveries: GradesService['deliveries'];
  /** Of the whole outbox, for the administrator. */
  health(): Promise<Queue>;
  readonly personalData: PersonalData;
  /** The whole outbox, past the bounds of courses: for the administrator alone. */
  readonly scoreList: ScoreList;
}

export function createGrades(deps: GradesDeps): GradebookFeature {
  const { storage, clock, lti, jobs, membership, launch } = deps;
  const store = createGradesStore(storage.connection);
  const lineItemsStore = createLineItemsStore(storage.connection);
  registerJobs(deps, store, lineItemsStore);
  // A person may have been out of the course when their grades were refused.
  launch.admitted.add((courseId, personId) => store.reviveFor(courseId, personId, clock.now()));
  const readResult = jobs.register(
    readResultJob({ store, results: lti.results, registrations: lti.registrations, clock }),
  );
  const service = createGradesService({
    store,
    lineItems: lineItemsStore,
    clock,
    findPerson: (id) => membership.people.findOptional(id),
    findPeople: (ids) => membership.people.findMany(ids),
    findRegistration: (id) => lti.registrations.findOptionalById(id),
    results: lti.results,
    async look(rows) {
      for (const { id: scoreId, registrationId } of rows.filter((row) => isUnread(row, clock.now()))) {
        await jobs.enqueue(readResult, { scoreId, registrationId });
      }
    },
    linksOf: (courseId, content) => launch.links.ofContent(courseId, content),
    findLink: (courseId, id) => launch.links.findOptional(courseId, id),
    async titleOf(courseId, content) {
      const kind = deps.kinds.all().find((candidate) => candidate.kind === content.kind);
      return (await kind?.columnOf?.(courseId, content.id))?.label ?? '';
    },
  });
  return {
    router: gradesRouter(service),
    async columnChanged(courseId, content) {
      await lineItemsStore.changed(courseId, contentName(content), clock.now());
    },
    findScore: (id) => store.findAny(id),
    findFailedScore: (courseId, content) => store.findFailed(courseId, content),
    queue: (grade) => service.queue(grade),
    deliveries: (courseId, personId, content) => service.deliveries(courseId, personId, content),
    health: () => store.health(),
    personalData: createGradesPersonalData(storage.connection, clock),
    scoreList: createScoreList(storage.connection, clock, () => platformsDown(jobs)),
  };
}

/** Every row that is marked makes its job run. */
function registerJobs(
  { jobs, events, clock, lti, membership, launch, kinds }: GradesDeps,
  store: GradesStore,
  lineItems: LineItemsStore,
): void {
  const sendScore = jobs.register(
    sendScoreJob({
      store,
      scores: lti.scores,
      registrations: lti.registrations,
      clock,
      async doubt({ lineItem, registrationId, courseId }) {
        const named = await launch.links.ofLineItem(courseId, lineItem);
        const ids = named.map(({ id }) => id);
        const place = { lineItem, registrationId, courseId };
        // No link of the course has it any more: nothing goes there.
        if ((await lineItems.suspect(place, ids, clock.now())) === 0) await store.drop(place);
      },
    }),
  );
  const registrationOf = (row: unknown): string => (row as { registrationId: string }).registrationId;
  events.watch(store.model);
  events.watchMark(
    store.model,
    'sendAt',
    sendScore,
    (scoreId, row) => ({ scoreId, registrationId: registrationOf(row) }),
    ['registrationId'],
  );

  const seekLineItem = jobs.register(
    seekLineItemJob({
      store: lineItems,
      lineItems: lti.lineItems,
      registrations: lti.registrations,
      findLink: (courseId, id) => launch.links.findOptional(courseId, id),
      kinds: () => kinds.all(),
      clock,
      forget: (gone) => store.drop(gone),
    }),
  );
  events.watchMark(
    lineItems.model,
    'seekAt',
    seekLineItem,
    (_id, row) => ({ linkId: (row as { linkId: string }).linkId, registrationId: registrationOf(row) }),
    ['linkId', 'registrationId'],
  );
  events.watch(lineItems.model);
  // Where a launch names no line item, and says where they are kept, one is looked for.
  events.subscribe(linkChanged, {
    name: 'want-line-item',
    async run({ documentId: linkId, data: { courseId } }) {
      const link = await launch.links.findOptional(courseId, linkId);
      if (link?.lineItem !== '' || link.lineItems === '') return;
      const course = await membership.courses.findOptional(courseId);
      if (course === null) return;
      await lineItems.want({ linkId, courseId, registrationId: course.registrationId }, clock.now());
    },
  });
}

/** Platforms that this process leaves alone for a while, for they take no scores. */
const platformsDown = (jobs: Jobs): ReturnType<ScoreList['heldBack']> =>
  jobs.lanesDown().flatMap(({ lane, until }) => {
    const [name, registrationId = ''] = lane.split(':');
    return name === scoresLane.name ? [{ registrationId, until }] : [];
  });
