import { AGS_SCOPE } from '../services/scores.js';
import { MESSAGE } from '../claims/claims.js';
import { GROUPS_SCOPE } from '../services/groups.js';
import { NOTICE_SCOPE } from '../notices/notice-subscriptions.js';
import { NRPS_SCOPE } from '../services/memberships.js';
import { generic, platformOf, type Platform } from '../platforms/index.js';
import type { PlatformConfiguration } from '../registrations/platform-configuration.js';

/** Ourselves as a platform registers us: OpenID Connect Dynamic Client Registration 1.0, and LTI's own section 3.5. */

export const TOOL_CONFIGURATION = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

/** Scopes of services that we use; only what the platform offers is asked for. */
const SERVICES = {
  [AGS_SCOPE.score]: 'grades',
  [AGS_SCOPE.result]: 'results',
  [AGS_SCOPE.lineItem]: 'lineItems',
  [NRPS_SCOPE]: 'people',
  [GROUPS_SCOPE]: 'groups',
  [NOTICE_SCOPE]: 'notices',
} as const;
const SCOPES: readonly string[] = Object.keys(SERVICES);

/** A service as people know it. */
export type ServiceName = (typeof SERVICES)[keyof typeof SERVICES];

/** What these scopes of ours are for. */
export const servicesOf = (scopes: readonly string[]): ServiceName[] =>
  Object.entries(SERVICES).flatMap(([scope, name]) => (scopes.includes(scope) ? [name] : []));

/** A scope without what all of them begin with. */
export const shortScope = (scope: string): string => scope.replace('https://purl.imsglobal.org/spec/', '');

/** Our custom parameter → the platform's variable; the first that it knows. */
const customVariables = (platform: Platform): Readonly<Record<string, readonly string[]>> => ({
  middle_name: ['Person.name.middle'],
  time_zone: ['Person.address.timezone'],
  groups: platform.groupVariables,
  // Vouches for links that came with a copied course.
  context_history: ['Context.id.history'],
});

/** Our custom parameters as an administrator types them: lines `name=$Variable`. */
export const customParameters = (): string[] =>
  Object.entries(customVariables(generic)).map(([name, [variable = '']]) => `${name}=$${variable}`);

/** Where a platform may offer our choice of content. */
const PLACEMENTS = ['ContentArea', 'RichTextEditor'];

/** What we ask of a platform: of all that we use, as much as it offers. */
export interface Wanted {
  /** Service scopes. */
  readonly scopes: readonly string[];
  /** Message types. */
  readonly messages: readonly string[];
  /** Custom parameters: name → variable. */
  readonly custom: Readonly<Record<string, string>>;
  readonly placements: readonly string[];
}

/** Returns as much of what this tool uses as the platform's configuration offers. */
export function wantedOf(configuration: PlatformConfiguration): Wanted {
  const { scopes, messages, variables } = configuration;
  const platform = platformOf(configuration);
  return {
    scopes: SCOPES.filter((scope) => scopes.includes(scope)),
    messages: Object.values(MESSAGE).filter(
      (type) => platform.unlistedMessages.includes(type) || messages.has(type),
    ),
    custom: Object.fromEntries(
      Object.entries(customVariables(platform)).flatMap(([name, known]) => {
        const variable = known.find((variable) => variables.includes(variable));
        return variable === undefined ? [] : [[name, variable]];
      }),
    ),
    placements: PLACEMENTS.filter((placement) => messages.get(MESSAGE.deepLinking)?.includes(placement)),
  };
}

/** Where we are. */
export interface ToolAddresses {
  readonly publicUrl: string;
  readonly launchUrl: string;
}

/** The whole of it, as it is sent at registration and at every update (section 3.5). */
export function toolMetadata({ publicUrl, launchUrl }: ToolAddresses, wanted: Wanted) {
  const icon = `${publicUrl}/assets/icon.svg`;
  return {
    application_type: 'web',
    response_types: ['id_token'],
    grant_types: ['implicit', 'client_credentials'],
    initiate_login_uri: `${publicUrl}/lti/login`,
    redirect_uris: [launchUrl],
    client_name: 'Наставник',
    'client_name#en': 'Nastavnik',
    client_uri: publicUrl,
    jwks_uri: `${publicUrl}/lti/keys`,
    logo_uri: icon,
    token_endpoint_auth_method: 'private_key_jwt',
    scope: wanted.scopes.join(' '),
    [TOOL_CONFIGURATION]: {
      // Platforms compare it with the host of the target, port and all.
      domain: new URL(publicUrl).host,
      description: 'Консультации, контрольные тесты с оценками в журнал, справочник преподавателей',
      'description#en': 'Consultations, progress tests graded in the gradebook, a directory of teachers',
      target_link_uri: launchUrl,
      custom_parameters: Object.fromEntries(
        Object.entries(wanted.custom).map(([name, variable]) => [name, `$${variable}`]),
      ),
      claims: ['iss', 'sub', 'name', 'given_name', 'family_name', 'email', 'locale'],
      messages: wanted.messages.map((type) =>
        type === MESSAGE.deepLinking
          ? {
              type,
              target_link_uri: launchUrl,
              label: 'Добавить из Наставника',
              'label#en': 'Add from Nastavnik',
              icon_uri: icon,
              ...(wanted.placements.length > 0 && { placements: wanted.placements }),
            }
          : { type },
      ),
    },
  };
}

export type ToolMetadata = ReturnType<typeof toolMetadata>;
