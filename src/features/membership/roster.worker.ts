import type { Logger } from 'pino';
import {
  RosterError,
  type CourseGroups,
  type Memberships as PlatformMemberships,
  type PlatformGroup,
  type Registration,
  type Registrations,
} from '../../lti/index.js';
import { HOUR, MINUTE, SECOND, type Clock } from '../../shared/clock.js';
import { newToken } from '../../shared/ids.js';
import { Rounds } from '../../shared/rounds.js';
import type { CoursesStore } from './courses.store.js';
import type { PeopleStore } from './people.store.js';
import type { Roster, RosterStore } from './roster.store.js';
import { takeRoster, type Memberships } from './roster.read.js';

export interface RosterWorkerDeps {
  readonly store: RosterStore;
  readonly platformMemberships: PlatformMemberships;
  readonly courseGroups: CourseGroups;
  readonly registrations: Pick<Registrations, 'findOptionalById'>;
  readonly people: PeopleStore;
  readonly courses: CoursesStore;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Longer than a roster takes with all its pages; a killed worker's course waits this long. */
const LEASE_MS = 10 * MINUTE;
/** Looked at least this often, for other processes ask as well. */
const IDLE_MS = 5 * SECOND;
const FIRST_PAUSE_MS = MINUTE;
const LONGEST_PAUSE_MS = HOUR;
/** Then the next launch or the button begins anew. */
const MOST_TRIES = 6;

/**
 * Reads rosters from the LMSs, one after another. Any number may run, in any number of processes: each course is
 * leased by one, and what a killed one left behind is done again.
 */
export class RosterWorker {
  readonly #deps: RosterWorkerDeps;
  readonly #rounds: Rounds;

  constructor(deps: RosterWorkerDeps) {
    this.#deps = deps;
    this.#rounds = new Rounds({
      everyMs: IDLE_MS,
      round: (stopping) => this.sweep(stopping),
      failed: (error) => deps.log.error({ err: error }, 'rosters: the sweep failed'),
    });
  }

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  wake(): void {
    this.#rounds.wake();
  }

  /** Reads all that are due at this moment. For tests too. */
  async sweep(stopping = (): boolean => false): Promise<void> {
    const { store, clock } = this.#deps;
    for (;;) {
      const now = clock.now();
      const lease = newToken();
      const roster = await store.lease(now, lease, new Date(now.getTime() + LEASE_MS));
      if (roster === null) return;
      await this.#read(roster, lease, now);
      if (stopping()) return;
    }
  }

  async #read(roster: Roster, lease: string, began: Date): Promise<void> {
    const { store, registrations, platformMemberships, people, courses, clock, log } = this.#deps;
    const { courseId } = roster;
    const memberships: Memberships = {
      upsertFromRoster: (registrationId, seen) => people.upsertFromRoster(registrationId, seen),
      enrolFromRoster: (id, places, told) => courses.enrolFromRoster(id, places, told),
      missing: (id, present, since) => courses.missing(id, present, since),
      leave: (id, personIds, since) => courses.leave(id, personIds, since),
    };
    try {
      const registration = await registrations.findOptionalById(roster.registrationId);
      if (registration?.state !== 'active') throw new RosterError(false, 'platform disabled');
      const groups = await this.#groups(roster, registration);
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
      await store.settle(courseId, lease, {
        ...{ doneAt: clock.now(), dueAt: null, tries: 0, reason: '' },
        // What was known of groups stays while they cannot be read.
        ...(typeof groups === 'string' ? { groupsReason: groups } : { groups, groupsReason: '' }),
      });
      log.info({ course: courseId, members }, 'roster read');
    } catch (error) {
      if (!(error instanceof RosterError)) log.error({ err: error, course: courseId }, 'roster not read');
      else log.warn({ course: courseId, retryable: error.retryable }, 'roster not read');
      const again = !(error instanceof RosterError) || error.retryable;
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** (roster.tries - 1), LONGEST_PAUSE_MS);
      await store.settle(courseId, lease, {
        dueAt: again && roster.tries < MOST_TRIES ? new Date(clock.now().getTime() + pause) : null,
        reason: error instanceof RosterError ? error.message : 'error',
      });
    }
  }

  /** The groups as they are now; where they cannot be had, the roster is read all the same, and says why. */
  async #groups(
    { courseId, groupsUrl, setsUrl }: Roster,
    registration: Registration,
  ): Promise<PlatformGroup[] | string | null> {
    if (groupsUrl === '') return null;
    try {
      return await this.#deps.courseGroups.groups(registration, { groupsUrl, setsUrl });
    } catch (error) {
      if (!(error instanceof RosterError)) throw error;
      this.#deps.log.warn({ course: courseId, retryable: error.retryable }, 'groups not read');
      return error.message;
    }
  }
}
