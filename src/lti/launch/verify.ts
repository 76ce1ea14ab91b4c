import type { KeyObject } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { Registration } from '../registrations/registrations.store.js';
import { refuse } from './refusal.js';

/**
 * Verifies the signature of a message that ltijs does not know (Submission Review, notices).
 * @throws DomainError `lti-token-refused` (403)
 */
export async function verifyWithJose(
  token: string,
  key: KeyObject,
  registration: Registration,
): Promise<void> {
  try {
    await jwtVerify(token, key, {
      algorithms: ['RS256'],
      issuer: registration.issuer,
      audience: registration.clientId,
    });
  } catch (error) {
    throw refuse('lti-token-refused', 403, { reason: (error as { code?: string }).code ?? '' }, error);
  }
}
