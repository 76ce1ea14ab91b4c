import {
  COMMON_ROLES,
  commonRole,
  shortRole,
  type ConnectionReport,
  type Registration,
  type StrangeDeployment,
} from '../../lti/index.js';
import type { FormAgain } from '../../web/form.js';

/** What of ours a platform asks for. */
export interface OurValues {
  readonly loginUrl: string;
  readonly redirectUrl: string;
  readonly jwksUrl: string;
  readonly launchUrl: string;
}

export const ourValues = (publicUrl: string, launchUrl: string): OurValues => ({
  loginUrl: `${publicUrl}/lti/login`,
  redirectUrl: launchUrl,
  jwksUrl: `${publicUrl}/lti/keys`,
  launchUrl,
});

export const platformView = (one: Registration) => ({
  id: one.id,
  name: one.name,
  issuer: one.issuer,
  clientId: one.clientId,
  authUrl: one.authUrl,
  tokenUrl: one.tokenUrl,
  jwksUrl: one.jwksUrl,
  state: one.state,
  deployments: one.deployments,
  frameOrigins: one.frameOrigins,
  unknownDeployments: one.unknownDeployments,
  createdAt: one.createdAt,
});

/** A registration's fields as its form carries them. */
export const editValues = (one: Registration) => ({
  name: one.name,
  deployments: one.deployments.join('\n'),
  frameOrigins: one.frameOrigins.join('\n'),
  unknownDeployments: one.unknownDeployments,
});

export const strangerView = (one: StrangeDeployment) => ({
  id: one.id,
  deployment: one.deployment,
  firstSeenAt: one.firstSeenAt,
  lastSeenAt: one.lastSeenAt,
  launches: one.launches,
});

const EMPTY_ROWS = 3;

/** The table of roles: those that are common, those that were said something of, and room for more. */
export const rolesView = ({ roles }: Registration, sent?: FormAgain['values']) => {
  const set = new Map(roles.map(({ uri, role }) => [uri, role as string]));
  const uris = [...COMMON_ROLES, ...[...set.keys()].filter((uri) => !COMMON_ROLES.includes(uri))];
  const rows = uris.map((uri) => ({
    uri: shortRole(uri),
    common: COMMON_ROLES.includes(uri) ? (commonRole(uri) ?? 'student') : '',
    role: set.get(uri) ?? '',
  }));
  const empty = Array.from({ length: EMPTY_ROWS }, () => ({ uri: '', common: '', role: '' }));
  const again = { uri: [sent?.uri ?? []].flat(), role: [sent?.role ?? []].flat() };
  // What was typed stays typed.
  return [...rows, ...empty].map((row, at) => ({
    ...row,
    ...(row.common === '' && again.uri[at] !== undefined && { uri: again.uri[at] }),
    ...(again.role[at] !== undefined && { role: again.role[at] }),
  }));
};

/** LTI's tokens live for a minute or so: a clock that is further off than this breaks launches. */
const SKEW_SEEN_S = 5;
const SKEW_HARMFUL_S = 50;

/** @returns with the skew in words: `fine`, `seen`, `harmful`, or `unknown` */
export const reportView = ({ steps, skew }: ConnectionReport) => ({
  steps,
  skew,
  clock:
    skew === null
      ? ('unknown' as const)
      : Math.abs(skew) < SKEW_SEEN_S
        ? ('fine' as const)
        : Math.abs(skew) < SKEW_HARMFUL_S
          ? ('seen' as const)
          : ('harmful' as const),
});
