import type { Router } from 'express';
import type { Logger } from 'pino';
import type { Lti } from '../../lti/index.js';
import type { Clock } from '../../shared/clock.js';
import type { Estate } from '../../shared/estate.js';
import type { Storage } from '../../storage/index.js';
import type { LaunchRoom } from '../launch/index.js';
import { createGradesEstate } from './estate.store.js';
import { createGradesDesk, type GradesDesk } from './desk.store.js';
import { gradesRouter } from './grades.routes.js';
import { GradesSender } from './grades.sender.js';
import { createGradesService, type GradesService } from './grades.service.js';
import type { OutboxHealth } from './row.store.js';
import { createGradesStore } from './grades.store.js';

export type { NewGrade } from './grades.service.js';
export type { GradeFilter, GradePlace, GradesDesk } from './desk.store.js';
export {
  GRADE_STATES,
  type GradeEvent,
  type GradeRow,
  type GradeState,
  type OutboxHealth,
} from './row.store.js';
export { gradeView } from './grades.view.js';

export interface GradesDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Logger;
  readonly lti: Lti;
  readonly launch: LaunchRoom;
}

/** Grades on their way to the LMS's gradebook: an outbox, its sender, and pages that say how it went. */
export interface GradesRoom {
  /** `/c/:courseKey/grades` */
  readonly router: Router;
  readonly sender: GradesSender;
  queue: GradesService['queue'];
  deliveries: GradesService['deliveries'];
  /** Of the whole outbox, for the administrator. */
  health(): Promise<OutboxHealth>;
  readonly estate: Estate;
  /** The whole outbox, past the bounds of courses: for the administrator alone. */
  readonly desk: GradesDesk;
}

export function createGrades({ storage, clock, log, lti, launch }: GradesDeps): GradesRoom {
  const store = createGradesStore(storage.connection);
  const sender = new GradesSender({ store, ags: lti.ags, registrations: lti.registrations, clock, log });
  const service = createGradesService({
    store,
    clock,
    findPerson: (id) => launch.people.findOptional(id),
    findPeople: (ids) => launch.people.findMany(ids),
    findRegistration: (id) => lti.registrations.findOptionalById(id),
    results: lti.results,
    linksOf: (courseId, content) => launch.links.ofContent(courseId, content),
    nudge: () => sender.nudge(),
  });
  return {
    router: gradesRouter(service),
    sender,
    queue: (grade) => service.queue(grade),
    deliveries: (courseId, personId, content) => service.deliveries(courseId, personId, content),
    health: () => store.health(),
    estate: createGradesEstate(storage.connection, clock),
    desk: createGradesDesk(storage.connection, clock, sender),
  };
}
