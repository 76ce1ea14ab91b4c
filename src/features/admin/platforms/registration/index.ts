import type { Router } from 'express';
import type { Lti } from '../../../../lti/index.js';
import type { Clock } from '../../../../shared/clock.js';
import type { Storage } from '../../../../storage/index.js';
import type { Audit } from '../../../../infra/audit/index.js';
import { createInvitationsStore } from './invitations.store.js';
import { registrationRouter } from './registration.routes.js';
import { createRegistrationService, type RegistrationService } from './registration.service.js';

export { registrationSubject, registrationValues } from './registration.values.js';

export interface RegistrationDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly lti: Pick<Lti, 'dynamicRegistration' | 'registrations'>;
  readonly audit: Pick<Audit, 'append'>;
  readonly publicUrl: string;
}

/** LMSs register themselves by a one-time link that an administrator has made. */
export interface RegistrationFeature {
  /** `/lti/register` */
  readonly router: Router;
  readonly invite: RegistrationService['invite'];
  readonly inviteToRenew: RegistrationService['inviteToRenew'];
}

export function createRegistration(deps: RegistrationDeps): RegistrationFeature {
  const { storage, clock, lti, audit, publicUrl } = deps;
  const service = createRegistrationService({
    invitations: createInvitationsStore(storage.connection, clock),
    lti,
    audit,
    publicUrl,
  });
  return {
    router: registrationRouter(service, publicUrl),
    invite: (issuer) => service.invite(issuer),
    inviteToRenew: (registration) => service.inviteToRenew(registration),
  };
}
