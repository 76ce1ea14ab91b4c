import {
  COMMON_ROLES,
  OWN_PARAMETERS,
  commonRole,
  customParameters,
  servicesOf,
  shortRole,
  shortScope,
  wantedOf,
  type ConnectionReport,
  type PlatformConfiguration,
  type Registration,
  type UnknownDeployment,
} from '../../../lti/index.js';
import { withoutQuery } from '../../../shared/origins.js';
import type { DomainError } from '../../../shared/errors.js';
import type { FormAgain } from '../../../web/form.js';
import type { Held } from './platform-registration.service.js';

/** What of ours a platform asks for. */
export interface OurValues {
  readonly loginUrl: string;
  readonly redirectUrl: string;
  readonly jwksUrl: string;
  readonly launchUrl: string;
  /** Lines `name=$Variable`. */
  readonly custom: string;
}

export const ourValues = (publicUrl: string, launchUrl: string): OurValues => ({
  loginUrl: `${publicUrl}/lti/login`,
  redirectUrl: launchUrl,
  jwksUrl: `${publicUrl}/lti/keys`,
  launchUrl,
  custom: customParameters().join('\n'),
});

export const platformView = (registration: Registration) => ({
  id: registration.id,
  name: registration.name,
  issuer: registration.issuer,
  clientId: registration.clientId,
  authUrl: registration.authUrl,
  tokenUrl: registration.tokenUrl,
  tokenAudience: registration.tokenAudience,
  jwksUrl: registration.jwksUrl,
  state: registration.state,
  deployments: registration.deployments,
  frameOrigins: registration.frameOrigins,
  unknownDeployments: registration.unknownDeployments,
  scopes: registration.scopes && servicesOf(registration.scopes),
  configurationUrl: registration.configurationUrl && withoutQuery(registration.configurationUrl),
  createdAt: registration.createdAt,
});

/** What a platform said of itself: values for the form, and what it offers. */
export const describedView = (platformConfiguration: PlatformConfiguration) => ({
  values: {
    name: platformConfiguration.product,
    issuer: platformConfiguration.issuer,
    authUrl: platformConfiguration.authUrl,
    tokenUrl: platformConfiguration.tokenUrl,
    tokenAudience: platformConfiguration.tokenAudience,
    jwksUrl: platformConfiguration.jwksUrl,
    configurationUrl: platformConfiguration.url,
  },
  product: [platformConfiguration.product, platformConfiguration.version].filter(Boolean).join(' '),
  services: servicesOf(wantedOf(platformConfiguration).scopes),
});
export type DescribedView = ReturnType<typeof describedView>;

/** @param informed whether it has just been told all of ours, or only asked */
export const heldView = ({ differences }: Held, informed: boolean) => ({
  informed,
  differences: differences.map(({ field, ours, theirs }) => ({
    field,
    ours: ours.map(shortScope),
    theirs: theirs.map(shortScope),
  })),
});
export type HeldView = ReturnType<typeof heldView>;

/** Why a platform could not be asked, or what it answered. */
export const refusalView = ({ code, details }: DomainError) => ({ code, received: details.received ?? {} });
export type RefusalView = ReturnType<typeof refusalView>;

/** Custom parameters of people and courses, as the form offers them. */
export const parametersView = ({ ownParameters }: Pick<Registration, 'ownParameters'>) =>
  OWN_PARAMETERS.map((name) => ({ name, held: ownParameters.includes(name) }));

/** A registration's fields as its form carries them. */
export const editValues = (registration: Registration) => ({
  name: registration.name,
  deployments: registration.deployments.join('\n'),
  frameOrigins: registration.frameOrigins.join('\n'),
  unknownDeployments: registration.unknownDeployments,
});

export const unknownDeploymentView = (unknownDeployment: UnknownDeployment) => ({
  id: unknownDeployment.id,
  deployment: unknownDeployment.deployment,
  firstSeenAt: unknownDeployment.firstSeenAt,
  lastSeenAt: unknownDeployment.lastSeenAt,
  launches: unknownDeployment.launches,
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
export type ReportView = ReturnType<typeof reportView>;
