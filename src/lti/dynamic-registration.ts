import { z } from 'zod';
import { AGS_SCOPE } from './ags.js';
import { MESSAGE } from './claims.js';
import { NRPS_SCOPE } from './nrps.js';
import { NOTICE_SCOPE } from './notice-subscriptions.js';
import { OutboundError, type Outbound, type OutboundResponse } from './outbound.js';
import { refuse } from './refusal.js';
import type { Registrations } from './registrations.js';
import type { Registration } from './registrations.store.js';

/** Dynamic Registration 1.0, from the tool's side. */

const PLATFORM = 'https://purl.imsglobal.org/spec/lti-platform-configuration';
const TOOL = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

/** Scopes of services that we use; only what the platform offers is asked for. */
const SERVICES = {
  [AGS_SCOPE.score]: 'grades',
  [AGS_SCOPE.result]: 'results',
  [AGS_SCOPE.lineItem]: 'lineItems',
  [NRPS_SCOPE]: 'people',
  [NOTICE_SCOPE]: 'notices',
} as const;
const SCOPES: readonly string[] = Object.keys(SERVICES);

/** A service as people know it. */
export type ServiceName = (typeof SERVICES)[keyof typeof SERVICES];

/** What these scopes of ours are for. */
export const servicesOf = (scopes: readonly string[]): ServiceName[] =>
  Object.entries(SERVICES).flatMap(([scope, name]) => (scopes.includes(scope) ? [name] : []));

/** Our custom parameter → the platform's variable. */
const CUSTOM: Readonly<Record<string, string>> = {
  middle_name: 'Person.name.middle',
  time_zone: 'Person.address.timezone',
  // Vouches for links that came with a copied course.
  context_history: 'Context.id.history',
};

/** Where a platform may offer our choice of content. */
const PLACEMENTS = ['ContentArea', 'RichTextEditor'];

const address = z.string().max(2_000);
const names = z.array(z.string()).catch([]);

/** What binds us of a platform's configuration (section 3.4); what platforms get wrong is read leniently. */
const configuration = z.object({
  issuer: z.string().min(1).max(255),
  authorization_endpoint: address,
  token_endpoint: address,
  jwks_uri: address,
  registration_endpoint: address,
  scopes_supported: names,
  [PLATFORM]: z
    .object({
      product_family_code: z.string().max(200).catch(''),
      version: z.string().max(200).catch(''),
      messages_supported: z
        .array(z.object({ type: z.string(), placements: z.array(z.string()).optional().catch(undefined) }))
        .catch([]),
      variables: names,
    })
    .catch({ product_family_code: '', version: '', messages_supported: [], variables: [] }),
});

/** The platform's answer (section 3.6): the client id counts; what else it granted may be missing. */
const answer = z.object({
  client_id: z.string().min(1).max(255),
  scope: z.string().optional().catch(undefined),
  [TOOL]: z
    .object({
      deployment_id: z
        .union([z.string(), z.number()])
        .transform(String)
        .pipe(z.string().min(1).max(255))
        .optional()
        .catch(undefined),
    })
    .catch({}),
});

/** Who asks to be registered, and what we would ask of it. */
export interface PlatformOffer {
  readonly issuer: string;
  /** As the platform calls itself, such as `moodle`; may be empty. */
  readonly product: string;
  readonly version: string;
  /** Service scopes that we shall ask for. */
  readonly scopes: readonly string[];
  /** Message types that we shall ask for. */
  readonly messages: readonly string[];
  /** Custom parameters that we shall ask for: name → variable. */
  readonly custom: Readonly<Record<string, string>>;
  readonly endpoints: {
    readonly authUrl: string;
    readonly tokenUrl: string;
    readonly jwksUrl: string;
    readonly registrationUrl: string;
  };
  readonly placements: readonly string[];
}

/** What came of it. */
export interface Registered {
  readonly registration: Registration;
  /** Scopes that were asked for and not granted. */
  readonly withheld: readonly string[];
}

export interface DynamicRegistration {
  /**
   * Asks a platform who it is (section 3.3).
   * @param configurationUrl `openid_configuration` as the platform's browser brought it
   * @throws DomainError `lti-registration-platform` (400, 502) saying what is wrong with the platform
   */
  look(configurationUrl: string): Promise<PlatformOffer>;
  /**
   * Registers with the platform, and the platform here (sections 3.5, 3.6).
   * @param token the platform's registration token; '' where it gave none
   * @param active whether launches may come at once, or an administrator is to approve first
   * @throws DomainError `lti-registration-refused` (502) with the platform's own words
   */
  register(offer: PlatformOffer, token: string, active: boolean): Promise<Registered>;
}

export interface DynamicRegistrationDeps {
  readonly outbound: Outbound;
  readonly registrations: Registrations;
  readonly publicUrl: string;
  readonly launchUrl: string;
}

export function createDynamicRegistration(deps: DynamicRegistrationDeps): DynamicRegistration {
  const { outbound, registrations } = deps;
  return {
    async look(configurationUrl) {
      const from = check(outbound, 'openid_configuration', configurationUrl);
      const response = await ask(outbound, { url: from.href });
      if (response.status !== 200) {
        throw refuse('lti-registration-platform', 502, { status: String(response.status), url: from.origin });
      }
      const read = configuration.safeParse(json(response.body));
      if (!read.success) {
        throw refuse('lti-registration-platform', 502, {
          url: from.origin,
          field: String(read.error.issues[0]?.path[0] ?? ''),
        });
      }
      const { issuer, ...found } = read.data;
      // Section 3.3: whoever speaks for an issuer speaks from its host.
      if (check(outbound, 'issuer', issuer).host !== from.host) {
        throw refuse('lti-registration-platform', 400, { issuer, openid_configuration: from.origin });
      }
      const endpoint = (field: keyof typeof found & `${string}_${'endpoint' | 'uri'}`): string =>
        check(outbound, field, found[field]).href;
      const platform = found[PLATFORM];
      const offered = new Map(platform.messages_supported.map(({ type, placements }) => [type, placements]));
      return {
        issuer,
        product: platform.product_family_code,
        version: platform.version,
        scopes: SCOPES.filter((scope) => found.scopes_supported.includes(scope)),
        messages: Object.values(MESSAGE).filter((type) => offered.has(type)),
        custom: Object.fromEntries(
          Object.entries(CUSTOM).filter(([, variable]) => platform.variables.includes(variable)),
        ),
        placements: PLACEMENTS.filter((one) => offered.get(MESSAGE.deepLinking)?.includes(one)),
        endpoints: {
          authUrl: endpoint('authorization_endpoint'),
          tokenUrl: endpoint('token_endpoint'),
          jwksUrl: endpoint('jwks_uri'),
          registrationUrl: endpoint('registration_endpoint'),
        },
      };
    },

    async register(offer, token, active) {
      const { registrationUrl, ...endpoints } = offer.endpoints;
      const response = await ask(outbound, {
        url: registrationUrl,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          ...(token !== '' && { authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(toolRegistration(deps, offer)),
      });
      const read = answer.safeParse(json(response.body));
      if ((response.status !== 200 && response.status !== 201) || !read.success) {
        throw refuse('lti-registration-refused', 502, {
          status: String(response.status),
          answer: plainWords(response.body),
        });
      }
      const { client_id: clientId, scope, [TOOL]: tool } = read.data;
      const granted = scope?.split(' ').filter(Boolean);
      const registration = await registrations.introduce(
        {
          issuer: offer.issuer,
          clientId,
          name: offer.product,
          ...endpoints,
          deployments: tool.deployment_id === undefined ? [] : [tool.deployment_id],
          scopes: granted,
        },
        active ? 'active' : 'pending',
      );
      return {
        registration,
        withheld: granted === undefined ? [] : offer.scopes.filter((one) => !granted.includes(one)),
      };
    },
  };
}

/** Ourselves, as a platform wants to know us (section 3.5). */
function toolRegistration({ publicUrl, launchUrl }: DynamicRegistrationDeps, offer: PlatformOffer): object {
  return {
    application_type: 'web',
    response_types: ['id_token'],
    grant_types: ['implicit', 'client_credentials'],
    initiate_login_uri: `${publicUrl}/lti/login`,
    redirect_uris: [launchUrl],
    client_name: 'Наставник',
    'client_name#en': 'Nastavnik',
    jwks_uri: `${publicUrl}/lti/keys`,
    logo_uri: `${publicUrl}/assets/icon.svg`,
    token_endpoint_auth_method: 'private_key_jwt',
    scope: offer.scopes.join(' '),
    [TOOL]: {
      // Platforms compare it with the host of the target, port and all.
      domain: new URL(publicUrl).host,
      description: 'Консультации, контрольные тесты с оценками в журнал, справочник преподавателей',
      'description#en': 'Consultations, progress tests graded in the gradebook, a directory of teachers',
      target_link_uri: launchUrl,
      custom_parameters: Object.fromEntries(
        Object.entries(offer.custom).map(([name, variable]) => [name, `$${variable}`]),
      ),
      claims: ['iss', 'sub', 'name', 'given_name', 'family_name', 'email', 'locale'],
      messages: offer.messages.map((type) =>
        type === MESSAGE.deepLinking
          ? {
              type,
              target_link_uri: launchUrl,
              label: 'Добавить из Наставника',
              'label#en': 'Add from Nastavnik',
              ...(offer.placements.length > 0 && { placements: offer.placements }),
            }
          : { type },
      ),
    },
  };
}

function check(outbound: Outbound, field: string, value: string): URL {
  try {
    return outbound.check(value);
  } catch (error) {
    throw refuse('lti-registration-platform', 400, { [field]: value }, error);
  }
}

async function ask(outbound: Outbound, request: Parameters<Outbound['send']>[0]): Promise<OutboundResponse> {
  try {
    return await outbound.send(request);
  } catch (error) {
    const reason = error instanceof OutboundError ? error.message : '';
    throw refuse('lti-registration-platform', 502, { url: new URL(request.url).origin, reason }, error);
  }
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Platforms refuse in plain text, or in a page of theirs, whose title says more than its markup. */
const plainWords = (body: string): string =>
  (/<title>([^<]*)/i.exec(body)?.[1] ?? body).replace(/\s+/g, ' ').trim();
