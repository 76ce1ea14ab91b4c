import type { Registration } from '../../lti/index.js';
import type { AuditSubject, AuditValues } from '../audit/index.js';

const SCOPES = 'https://purl.imsglobal.org/spec/';

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
  scopes: (one.scopes ?? []).map((scope) => scope.replace(SCOPES, '')).join(', '),
  state: one.state,
});

export const registrationSubject = ({ id, name, issuer }: Registration): AuditSubject => ({
  kind: 'platform',
  id,
  name: name === '' ? issuer : name,
});

/** Only what is other afterwards. */
export function changedValues(
  before: AuditValues,
  after: AuditValues,
): { before: AuditValues; after: AuditValues } {
  const names = Object.keys({ ...before, ...after }).filter((name) => before[name] !== after[name]);
  const of = (all: AuditValues): AuditValues =>
    Object.fromEntries(names.map((name) => [name, all[name] ?? '']));
  return { before: of(before), after: of(after) };
}
