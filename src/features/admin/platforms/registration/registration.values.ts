import { platformName, shortScope, type Registration } from '../../../../lti/index.js';
import type { AuditSubject, AuditValues } from '../../../../infra/audit/index.js';

/** A registration as the audit log has it. */
export const registrationValues = (registration: Registration): AuditValues => ({
  name: registration.name,
  issuer: registration.issuer,
  clientId: registration.clientId,
  authUrl: registration.authUrl,
  tokenUrl: registration.tokenUrl,
  tokenAudience: registration.tokenAudience,
  jwksUrl: registration.jwksUrl,
  deployments: registration.deployments.join(', '),
  frameOrigins: registration.frameOrigins.join(', '),
  unknownDeployments: registration.unknownDeployments,
  ownParameters: registration.ownParameters.join(', '),
  scopes: (registration.scopes ?? []).map(shortScope).join(', '),
  state: registration.state,
});

export const registrationSubject = (registration: Registration): AuditSubject => ({
  kind: 'platform',
  id: registration.id,
  name: platformName(registration),
});
