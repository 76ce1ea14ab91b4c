import { AGS_SCOPE } from '../services/scores.js';
import { MESSAGE } from '../claims/claims.js';
import { GROUPS_SCOPE } from '../services/groups.js';
import { NOTICE_SCOPE } from '../notices/notice-subscriptions.js';
import { NRPS_SCOPE } from '../services/memberships.js';
import { generic, platformOf, type Platform } from '../platforms/index.js';
import type { PlatformConfiguration } from '../registrations/platform-configuration.js';

/** This tool's client metadata. https://www.imsglobal.org/spec/lti-dr/v1p0#tool-configuration */

export const TOOL_CONFIGURATION = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

/** Scopes that this tool uses. It requests those that the platform offers. */
const SERVICES = {
  [AGS_SCOPE.score]: 'grades',
  [AGS_SCOPE.result]: 'results',
  [AGS_SCOPE.lineItem]: 'lineItems',
  [NRPS_SCOPE]: 'people',
  [GROUPS_SCOPE]: 'groups',
  [NOTICE_SCOPE]: 'notices',
} as const;
const SCOPES: readonly string[] = Object.keys(SERVICES);

/** Name of a service in texts for people. */
export type ServiceName = (typeof SERVICES)[keyof typeof SERVICES];

/** Returns the services that these scopes are for. */
export const servicesOf = (scopes: readonly string[]): ServiceName[] =>
  Object.entries(SERVICES).flatMap(([scope, name]) => (scopes.includes(scope) ? [name] : []));

/** Returns a scope without the address that all scopes begin with. */
export const shortScope = (scope: string): string => scope.replace('https://purl.imsglobal.org/spec/', '');

/**
 * Custom parameter → variables; the first one that the platform offers is used.
 * https://www.imsglobal.org/spec/lti/v1p3#custom-properties-and-variable-substitution
 */
const customVariables = (platform: Platform): Readonly<Record<string, readonly string[]>> => ({
  middle_name: ['Person.name.middle'],
  time_zone: ['Person.address.timezone'],
  groups: platform.groupVariables,
  // Proves that a link came with a copied course.
  context_history: ['Context.id.history'],
});

/** Returns the custom parameters as an administrator types them: lines `name=$Variable`. */
export const customParameters = (): string[] =>
  Object.entries(customVariables(generic)).map(([name, [variable = '']]) => `${name}=$${variable}`);

/** Where a platform offers deep linking. https://www.imsglobal.org/spec/lti-dr/v1p0#placements-for-message-type-ltideeplinkingrequest */
const PLACEMENTS = ['ContentArea', 'RichTextEditor'];

/** What this tool requests from a platform. */
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

/** What this tool is called in an LMS, and what it says of itself there: at registration. */
export const TOOL_TEXTS = {
  names: { ru: 'Наставник', en: 'Nastavnik' },
  descriptions: {
    ru: 'Консультации, контрольные тесты с оценками в журнал, справочник преподавателей',
    en: 'Consultations, progress tests graded in the gradebook, a directory of teachers',
  },
} as const;

/** Addresses of this tool. */
export interface ToolAddresses {
  readonly publicUrl: string;
  readonly launchUrl: string;
}

/**
 * Returns the client metadata that is sent at registration and at every update.
 * https://www.imsglobal.org/spec/lti-dr/v1p0#tool-configuration
 */
export function toolMetadata({ publicUrl, launchUrl }: ToolAddresses, wanted: Wanted) {
  const icon = `${publicUrl}/assets/icon.svg`;
  return {
    application_type: 'web',
    response_types: ['id_token'],
    grant_types: ['implicit', 'client_credentials'],
    initiate_login_uri: `${publicUrl}/lti/login`,
    redirect_uris: [launchUrl],
    client_name: TOOL_TEXTS.names.ru,
    'client_name#en': TOOL_TEXTS.names.en,
    client_uri: publicUrl,
    jwks_uri: `${publicUrl}/lti/keys`,
    logo_uri: icon,
    token_endpoint_auth_method: 'private_key_jwt',
    scope: wanted.scopes.join(' '),
    [TOOL_CONFIGURATION]: {
      // Platforms compare it with the host of the target, including the port.
      domain: new URL(publicUrl).host,
      description: TOOL_TEXTS.descriptions.ru,
      'description#en': TOOL_TEXTS.descriptions.en,
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
