import type { Logger } from 'pino';
import { MINUTE, type Clock } from '../../shared/clock.js';
import { conflict, notFound } from '../../shared/errors.js';
import type {
  PersonalData,
  MergeTarget,
  Blocker,
  ExportedData,
  PersonRef,
} from '../../shared/personal-data.js';
import type { Audit, AuditActor } from '../../infra/audit/index.js';
import type { MembershipFeature, Person } from '../membership/index.js';
import type { Work, WorkStore } from './work.store.js';

export interface PrivacyServiceDeps {
  readonly personQueries: MembershipFeature['personQueries'];
  /** Of all features; memberships last, for by them the rest is found. */
  readonly personalDataSources: () => readonly PersonalData[];
  readonly work: WorkStore;
  readonly audit: Pick<Audit, 'append'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Longer than any of it takes: who has not finished by then was killed. */
const BUSY_MS = 2 * MINUTE;

const subjectOf = (id: string) => ({ kind: 'person', id, name: '' }) as const;

/**
 * Acts on a person in all features. A decision is stored first, with all that is needed for it; then each
 * feature does its part, which may run twice; the audit entry is written at the end.
 */
export function createPrivacyService(deps: PrivacyServiceDeps) {
  const { personQueries, personalDataSources, work, audit, clock, log } = deps;

  async function find(id: string): Promise<Person> {
    const person = await personQueries.findPerson(id);
    if (person === null) throw notFound('person-not-found');
    return person;
  }

  async function refOf(personId: string): Promise<PersonRef> {
    const places = await personQueries.membershipsOf([personId]);
    return { personId, courseIds: places.map(({ courseId }) => courseId) };
  }

  const mergeTargetOf = async ({ id, sub }: Person): Promise<MergeTarget> => ({ ...(await refOf(id)), sub });

  async function pair(fromId: string, toId: string): Promise<{ from: Person; to: Person }> {
    const [from, to] = await Promise.all([find(fromId), find(toId)]);
    // Ids and gradebooks are the platform's: people cannot move between them.
    if (from.id === to.id || from.registrationId !== to.registrationId) throw conflict('people-apart');
    return { from, to };
  }

  async function clashes(from: Person, to: Person): Promise<Blocker[]> {
    const [ref, target] = await Promise.all([refOf(from.id), mergeTargetOf(to)]);
    return (
      await Promise.all(personalDataSources().map((personalData) => personalData.clashes(ref, target)))
    ).flat();
  }

  async function holds(person: Person): Promise<Blocker[]> {
    const ref = await refOf(person.id);
    return (await Promise.all(personalDataSources().map((personalData) => personalData.holds(ref)))).flat();
  }

  /** Each step may have been done before. */
  async function carryThrough({ personId, kind, intoId, courseIds, by }: Work): Promise<void> {
    const ref: PersonRef = { personId, courseIds };
    if (kind === 'erase') {
      await personQueries.closePerson(personId, null, clock.now());
      for (const personalData of personalDataSources()) await personalData.erase(ref);
    } else {
      const to = await mergeTargetOf(await find(intoId));
      await personQueries.closePerson(personId, intoId, clock.now());
      for (const personalData of personalDataSources()) await personalData.move(ref, to);
    }
    await audit.append({
      actor: by,
      action: kind === 'erase' ? 'person-erased' : 'people-merged',
      subject: subjectOf(personId),
      // A person goes once.
      once: `gone:${personId}`,
      ...(intoId !== '' && { after: { into: `#${intoId.slice(-6)}` } }),
    });
    await work.done(personId);
  }

  async function begin(by: AuditActor, kind: Work['kind'], person: Person, intoId: string): Promise<void> {
    const { courseIds } = await refOf(person.id);
    const busyUntil = new Date(clock.now().getTime() + BUSY_MS);
    const decided: Work = { personId: person.id, kind, intoId, courseIds, by, busyUntil };
    // Of a person who is about to become another, or to take one in, nothing else is decided.
    const other = await work.concerns(intoId === '' ? [person.id] : [person.id, intoId]);
    if (other || !(await work.begin(decided))) throw conflict('people-busy');
    await carryThrough(decided);
  }

  /** Takes up what killed processes left lying. */
  async function settle(): Promise<void> {
    for (;;) {
      const now = clock.now();
      const left = await work.take(now, new Date(now.getTime() + BUSY_MS));
      if (left === null) return;
      try {
        await carryThrough(left);
      } catch (error) {
        log.error({ err: error, person: left.personId, kind: left.kind }, 'people: work is not finished');
      }
    }
  }

  return {
    find,
    clashes,
    holds,
    pair,
    settle,

    /** Returns everything that all features keep of a person. */
    async exportOf(by: AuditActor, id: string): Promise<ExportedData> {
      const person = await find(id);
      const ref = await refOf(person.id);
      const parts = await Promise.all(personalDataSources().map((personalData) => personalData.dataOf(ref)));
      await audit.append({ actor: by, action: 'person-exported', subject: subjectOf(id) });
      return Object.assign({}, ...parts) as ExportedData;
    },

    /**
     * @throws DomainError `person-not-found`; `people-clash` (409) when something of theirs is to come yet;
     *   `people-busy` (409)
     */
    async erase(by: AuditActor, id: string): Promise<void> {
      const person = await find(id);
      if ((await holds(person)).length > 0) throw conflict('people-clash');
      await begin(by, 'erase', person, '');
    },

    /**
     * Makes one person part of another of the same registration.
     * @throws DomainError `person-not-found`; `people-apart`, `people-clash`, `people-busy` (409)
     */
    async merge(by: AuditActor, fromId: string, toId: string): Promise<void> {
      const { from, to } = await pair(fromId, toId);
      if ((await clashes(from, to)).length > 0) throw conflict('people-clash');
      await begin(by, 'merge', from, to.id);
    },
  };
}

export type PrivacyService = ReturnType<typeof createPrivacyService>;
