import type { Actor } from '../../../shared/actor.js';
import { forbidden, notFound } from '../../../shared/errors.js';
import type { Attestation, AttestationsStore } from '../../schedule/index.js';
import { mayTeach } from '../consultations.policy.js';
import type { SeriesStore } from '../series/series.store.js';

export type AttestationInput = Pick<Attestation, 'kind' | 'title' | 'on'>;

export interface AttestationDates {
  /** By date. @throws DomainError `forbidden` */
  list(actor: Actor): Promise<Attestation[]>;
  add(actor: Actor, input: AttestationInput): Promise<Attestation>;
  /** The series that prepare for it open by the new date. @throws DomainError `not-found`, `forbidden` */
  change(actor: Actor, id: string, input: AttestationInput): Promise<void>;
  /** Its series stay, and open as all others do. @throws DomainError `not-found`, `forbidden` */
  remove(actor: Actor, id: string): Promise<void>;
}

export interface AttestationDatesDeps {
  readonly attestations: AttestationsStore;
  readonly series: Pick<SeriesStore, 'setAttestation'>;
}

export function createAttestationDates({ attestations, series }: AttestationDatesDeps): AttestationDates {
  const demandTeacher = (actor: Actor): void => {
    if (!mayTeach(actor)) throw forbidden();
  };
  return {
    async list(actor) {
      demandTeacher(actor);
      return attestations.list(actor.courseId);
    },
    async add(actor, input) {
      demandTeacher(actor);
      return attestations.insert({ courseId: actor.courseId, ...input });
    },
    async change(actor, id, input) {
      demandTeacher(actor);
      const saved = await attestations.save(actor.courseId, id, input);
      if (saved === null) throw notFound();
      await series.setAttestation(actor.courseId, id, { attestationId: id, attestationOn: saved.on });
    },
    async remove(actor, id) {
      demandTeacher(actor);
      if (!(await attestations.remove(actor.courseId, id))) throw notFound();
      await series.setAttestation(actor.courseId, id, { attestationId: '', attestationOn: '' });
    },
  };
}
