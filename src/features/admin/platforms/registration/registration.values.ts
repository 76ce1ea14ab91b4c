import { platformName, shortScope, type Registration } from '../../../../lti/index.js';
import type { AuditSubject, AuditValues } from '../../../../infra/audit/index.js';

/** A registration as the audit log has it. */
export const registrationValues = (one: Registration): AuditValues => ({
  name: one.name,
  issuer: one.issuer,
  clientId: one.clientId,
  authUrl: one.authUrl,
  tokenUrl: one.tokenUrl,
  jwksUrl: one.jwksUrl,
  deployments: one.deployments.join(', '),
  frameOrigins: one.frameOrigins.join(', '),
  unknownDeployments: one.unknownDeployments,
  scopes: (one.scopes ?? []).map(shortScope).join(', '),
  state: one.state,
});

export const registrationSubject = (one: Registration): AuditSubject => ({
  kind: 'platform',
  id: one.id,
  name: platformName(one),
});
