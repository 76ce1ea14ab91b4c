import { badInput } from '../../../shared/errors.js';
import type { AttestationsStore } from '../../schedule/index.js';
import type { SeriesServiceDeps } from './series.service.js';

/** Finds the attestation that a form names. */
export const attestationChoice =
  (attestations: Pick<AttestationsStore, 'findOptional'>): SeriesServiceDeps['attestationOf'] =>
  async (courseId, id) => {
    if (id === '') return { attestationId: '', attestationOn: '' };
    const found = await attestations.findOptional(courseId, id);
    if (found === null) throw badInput({ attestation: 'errors.field.wrong' });
    return { attestationId: found.id, attestationOn: found.on };
  };
