import type { Router } from 'express';
import type { Logger } from 'pino';
import type { Lti } from '../../lti/index.js';
import type { Clock } from '../../shared/clock.js';
import type { Queue } from '../../shared/queue.js';
import type { Storage } from '../../storage/index.js';
import type { LaunchRoom } from '../launch/index.js';
import { RosterKeeper } from './roster.keeper.js';
import { rosterRouter } from './roster.routes.js';
import { createRosterService, type RosterService } from './roster.service.js';
import { createRosterStore } from './roster.store.js';

export type { CourseGroup } from './groups.js';

export interface RosterDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Logger;
  readonly lti: Lti;
  readonly launch: LaunchRoom;
  readonly maxAgeHours: () => Promise<number>;
}

/** Who belongs to each course, as its LMS lists them. */
export interface RosterRoom {
  /** `/c/:courseKey/people` */
  readonly router: Router;
  readonly keeper: RosterKeeper;
  launched: RosterService['launched'];
  /** A course's groups, and who is in one: for rooms, which show a student no group but their own. */
  groupsOf: RosterService['groupsOf'];
  membersOf: RosterService['membersOf'];
  /** Courses whose list is to be read. */
  queue(): Promise<Queue>;
}

export function createRoster(deps: RosterDeps): RosterRoom {
  const { storage, clock, log, lti, launch, maxAgeHours } = deps;
  const store = createRosterStore(storage.connection);
  const keeper = new RosterKeeper({
    store,
    nrps: lti.nrps,
    courseGroups: lti.courseGroups,
    registrations: lti.registrations,
    rolls: launch.rolls,
    clock,
    log,
  });
  const service = createRosterService({
    store,
    clock,
    maxAgeHours,
    members: (courseId) => launch.courses.members(courseId),
    findPeople: (ids) => launch.people.findMany(ids),
    nudge: () => keeper.nudge(),
  });
  return {
    router: rosterRouter(service),
    keeper,
    launched: (source) => service.launched(source),
    groupsOf: (courseId) => service.groupsOf(courseId),
    membersOf: (group) => service.membersOf(group),
    queue: () => store.queue(clock.now()),
  };
}
