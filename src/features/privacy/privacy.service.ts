import type { Clock } from '../../shared/clock.js';
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
import type { Decision, DecisionsStore } from './decisions.store.js';

export interface PrivacyServiceDeps {
  readonly personQueries: MembershipFeature['personQueries'];
  /** Of all features; memberships last, for by them the rest is found. */
  readonly personalDataSources: () => readonly PersonalData[];
  readonly decisions: DecisionsStore;
  readonly audit: Pick<Audit, 'append'>;
  readonly clock: Clock;
  /** Leaves no trace of erased data in the files of the database. */
  readonly foldLog: () => Promise<void>;
}

const subjectOf = (id: string) => ({ kind: 'person', id, name: '' }) as const;

/**
 * Acts on a person in all features. A decision is stored, with all that is needed for it; a job carries it out: each
 * feature does its part, which may run twice, and the audit entry is written at the end.
 */
export function createPrivacyService(deps: PrivacyServiceDeps) {
  const { personQueries, personalDataSources, decisions, audit, clock } = deps;

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

  const close = ({ personId, intoId }: Pick<Decision, 'personId' | 'intoId'>): Promise<void> =>
    personQueries.closePerson(personId, intoId === '' ? null : intoId, clock.now());

  async function decide(by: AuditActor, kind: Decision['kind'], person: Person, intoId: string) {
    const { courseIds } = await refOf(person.id);
    const decision = { personId: person.id, kind, intoId, courseIds, by };
    if (!(await decisions.insert(decision, clock.now()))) throw conflict('people-busy');
    // Sessions end with the answer; the rest follows.
    await close(decision);
  }

  return {
    find,
    clashes,
    holds,
    pair,

    /** Carries a decision out. Each step may have been done before. */
    async carryOut(personId: string): Promise<void> {
      const decision = await decisions.findOptional(personId);
      if (decision === null) return;
      const { kind, intoId, courseIds, by } = decision;
      const ref: PersonRef = { personId, courseIds };
      if (kind === 'erase') {
        await close(decision);
        for (const personalData of personalDataSources()) await personalData.erase(ref);
      } else {
        const to = await mergeTargetOf(await find(intoId));
        await close(decision);
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
      await decisions.remove(personId);
      if (kind === 'erase') await deps.foldLog();
    },

    /** Returns everything that all features keep of a person. */
    async exportOf(by: AuditActor, id: string): Promise<ExportedData> {
      const person = await find(id);
      const ref = await refOf(person.id);
      const parts = await Promise.all(personalDataSources().map((personalData) => personalData.dataOf(ref)));
      await audit.append({ actor: by, action: 'person-exported', subject: subjectOf(id) });
      return Object.assign({}, ...parts) as ExportedData;
    },

    /**
     * Decides that all data of a person is erased.
     * @throws DomainError `person-not-found`; `people-clash` (409) when something of theirs is to come yet;
     *   `people-busy` (409)
     */
    async erase(by: AuditActor, id: string): Promise<void> {
      const person = await find(id);
      if ((await holds(person)).length > 0) throw conflict('people-clash');
      await decide(by, 'erase', person, '');
    },

    /**
     * Decides that one person becomes part of another of the same registration.
     * @throws DomainError `person-not-found`; `people-apart`, `people-clash`, `people-busy` (409)
     */
    async merge(by: AuditActor, fromId: string, toId: string): Promise<void> {
      const { from, to } = await pair(fromId, toId);
      if ((await clashes(from, to)).length > 0) throw conflict('people-clash');
      await decide(by, 'merge', from, to.id);
    },
  };
}

export type PrivacyService = ReturnType<typeof createPrivacyService>;
