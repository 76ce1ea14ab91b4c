import type { KeyObject } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { Registration } from '../registrations/registrations.store.js';
import { SECOND } from '../../shared/clock.js';
import { refuse } from './refusal.js';
import { CLOCK_TOLERANCE_MS } from './token-times.js';

/**
 * Verifies the signature of a message that ltijs does not know (Submission Review, notices), or whose times ltijs
 * would not tolerate.
 * @throws DomainError `lti-token-refused` (403)
 */
export async function verifyWithJose(
  token: string,
  key: KeyObject,
  registration: Registration,
  now: Date,
): Promise<void> {
  try {
    await jwtVerify(token, key, {
      algorithms: ['RS256'],
      issuer: registration.issuer,
      audience: registration.clientId,
      currentDate: now,
      clockTolerance: CLOCK_TOLERANCE_MS / SECOND,
    });
  } catch (error) {
    throw refuse('lti-token-refused', 403, { reason: (error as { code?: string }).code ?? '' }, error);
  }
}
