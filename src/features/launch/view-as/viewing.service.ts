import { compareNames } from '../../../shared/collation.js';
import type { Actor } from '../../../shared/actor.js';
import { forbidden, notFound } from '../../../shared/errors.js';
import type { PersonName } from '../../../shared/names.js';
import type { Viewing } from '../../../shared/session-identity.js';
import type { Audit, AuditActor } from '../../../infra/audit/index.js';
import type { MembershipFeature } from '../../membership/index.js';
import { mayBeLookedAs, mayChoose, mayLook } from './viewing.policy.js';

export interface ViewingServiceDeps {
  readonly courses: Pick<MembershipFeature['courses'], 'members' | 'membership'>;
  readonly people: Pick<MembershipFeature['people'], 'findMany' | 'findOptional'>;
  readonly audit: Pick<Audit, 'append'>;
}

const personActor = (id: string): AuditActor => ({ kind: 'person', id, name: '' });

export interface ViewingService {
  /**
   * Students that the actor may look as, by name; none where only "as a student" is allowed.
   * @throws DomainError `forbidden`
   */
  choices(actor: Actor): Promise<{ personId: string; name: PersonName }[]>;
  /**
   * @param personId a student of the actor's course; null for a student without a name
   * @throws DomainError `forbidden`; `not-found` if the person is no student of this course
   */
  begin(actor: Actor, personId: string | null): Promise<Viewing>;
  /** @throws DomainError `not-found` if the student view is not on */
  end(actor: Actor): Promise<void>;
}

export function createViewingService({ courses, people, audit }: ViewingServiceDeps): ViewingService {
  const note = (action: 'viewing-begun' | 'viewing-ended', by: string, as: string, actor: Actor) =>
    audit.append({
      actor: personActor(by),
      action,
      subject: { kind: 'course', id: actor.courseId, name: actor.courseTitle },
      ...(as !== by && { effective: personActor(as) }),
    });

  return {
    async choices(actor: Actor): Promise<{ personId: string; name: PersonName }[]> {
      if (!mayLook(actor)) throw forbidden();
      if (!mayChoose(actor)) return [];
      const members = (await courses.members(actor.courseId)).filter(({ role }) => mayBeLookedAs(role));
      const found = await people.findMany(members.map(({ personId }) => personId));
      return found
        .map(({ id, name }) => ({ personId: id, name }))
        .sort((a, b) => compareNames(a.name, b.name));
    },

    async begin(actor: Actor, personId: string | null): Promise<Viewing> {
      if (!mayLook(actor)) throw forbidden();
      if (personId === null) {
        await note('viewing-begun', actor.personId, actor.personId, actor);
        return { personId: actor.personId, name: actor.name };
      }
      if (!mayChoose(actor)) throw forbidden();
      const membership = await courses.membership(actor.courseId, personId);
      const person = await people.findOptional(personId);
      if (membership === null || person === null || !mayBeLookedAs(membership.role)) throw notFound();
      await note('viewing-begun', actor.personId, personId, actor);
      return { personId, name: person.name };
    },

    async end(actor: Actor): Promise<void> {
      if (actor.viewer === undefined) throw notFound();
      await note('viewing-ended', actor.viewer.personId, actor.personId, actor);
    },
  };
}
