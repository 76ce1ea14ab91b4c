import type { Logger } from 'pino';
import { z } from 'zod';
import type { Events } from '../../infra/events/index.js';
import { defineJob, defineLane, exponential, JobError, type Jobs } from '../../infra/jobs/index.js';
import {
  RosterError,
  type CourseGroups,
  type Memberships as PlatformMemberships,
  type PlatformGroup,
  type Registration,
  type Registrations,
} from '../../lti/index.js';
import { HOUR, MINUTE, type Clock } from '../../shared/clock.js';
import { takeRoster, type Memberships } from './roster.read.js';
import { ROSTER_MARK, type Roster, type RosterStore } from './roster.store.js';

export interface RosterJobsDeps {
  readonly jobs: Jobs;
  readonly events: Events;
  readonly store: RosterStore;
  readonly memberships: Memberships;
  readonly platformMemberships: PlatformMemberships;
  readonly courseGroups: CourseGroups;
  readonly registrations: Pick<Registrations, 'findOptionalById'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Rosters of one platform are read one after another. */
const rosterLane = defineLane({ name: 'rosters', limit: 1 });
/** Longer than a roster takes with all its pages. */
const TIMEOUT_MS = 10 * MINUTE;
/** After the last of them the next launch or the button asks again. */
const ATTEMPTS = 6;

/** Reads a course's roster from its LMS when the roster's mark is due. */
export function addRosterJobs(deps: RosterJobsDeps): void {
  const { jobs, events, store } = deps;
  const readRoster = jobs.register(
    defineJob({
      name: 'read-roster',
      payload: z.object({ courseId: z.string(), registrationId: z.string() }),
      key: ({ courseId }) => courseId,
      lane: rosterLane,
      laneKey: ({ registrationId }) => registrationId,
      retry: exponential({ first: MINUTE, factor: 2, upTo: HOUR, attempts: ATTEMPTS }),
      timeoutMs: TIMEOUT_MS,
      run: ({ payload }) => read(deps, payload.courseId),
      onFailure: ({ payload }, { message, internal, nextAt }) =>
        store.update(payload.courseId, {
          reason: internal ? 'error' : message,
          ...(nextAt === null && { askedAt: null }),
        }),
    }),
  );
  events.watchMark(
    store.model,
    ROSTER_MARK,
    readRoster,
    (_id, row) => {
      const { courseId, registrationId } = row as Roster;
      return { courseId, registrationId };
    },
    ['courseId', 'registrationId'],
  );
}

async function read(deps: RosterJobsDeps, courseId: string): Promise<void> {
  const { store, registrations, platformMemberships, memberships, clock, log } = deps;
  const roster = await store.findOptional(courseId);
  if (roster === null) return;
  const began = clock.now();
  try {
    const registration = await registrations.findOptionalById(roster.registrationId);
    if (registration?.state !== 'active') throw new RosterError(false, 'platform disabled');
    const groups = await readGroups(deps, roster, registration);
    const link = roster.resourceLinkId === '' ? undefined : roster.resourceLinkId;
    const members = await takeRoster(memberships, {
      roster,
      registration,
      began,
      existing: Array.isArray(groups) ? new Set(groups.map(({ id }) => id)) : null,
      read: (of) =>
        platformMemberships.members(registration, roster.url, {
          resourceLinkId: of === 'link' ? link : undefined,
          groups: roster.groupsUrl !== '',
        }),
    });
    await store.update(courseId, {
      ...{ doneAt: clock.now(), askedAt: null, reason: '' },
      // What was known of groups stays while they cannot be read.
      ...(typeof groups === 'string' ? { groupsReason: groups } : { groups, groupsReason: '' }),
    });
    log.info({ course: courseId, members }, 'roster read');
  } catch (error) {
    if (!(error instanceof RosterError)) throw error;
    throw new JobError(error.message, { retryable: error.retryable, cause: error });
  }
}

/** Reads the groups as they are now. Returns the reason where the platform does not list them. */
async function readGroups(
  { courseGroups, log }: RosterJobsDeps,
  { courseId, groupsUrl, setsUrl }: Roster,
  registration: Registration,
): Promise<PlatformGroup[] | string | null> {
  if (groupsUrl === '') return null;
  try {
    return await courseGroups.groups(registration, { groupsUrl, setsUrl });
  } catch (error) {
    if (!(error instanceof RosterError)) throw error;
    log.warn({ course: courseId, retryable: error.retryable }, 'groups not read');
    return error.message;
  }
}
