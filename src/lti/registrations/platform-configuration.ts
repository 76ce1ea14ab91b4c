import { z } from 'zod';
import { withoutQuery } from '../../shared/origins.js';
import {
  OutboundError,
  type Outbound,
  type OutboundRequest,
  type OutboundResponse,
} from '../transport/outbound.js';
import { jsonIn } from '../transport/platform-answer.js';
import { refuse } from '../launch/refusal.js';
import { generic } from '../platforms/index.js';

/** What a platform says of itself: OpenID Connect Discovery 1.0, section 3; Dynamic Registration 1.0, section 3.4. */
export interface PlatformConfiguration {
  /** Where it was read. */
  readonly url: string;
  readonly issuer: string;
  readonly authUrl: string;
  readonly tokenUrl: string;
  readonly jwksUrl: string;
  /** Null where the platform knows no dynamic registration. */
  readonly registrationUrl: string | null;
  /** `product_family_code`: what the platform calls its kind; may be empty. */
  readonly product: string;
  readonly version: string;
  readonly scopes: readonly string[];
  /** Message type → placements. */
  readonly messages: ReadonlyMap<string, readonly string[]>;
  readonly variables: readonly string[];
}

export interface PlatformConfigurations {
  /**
   * Reads a configuration. Its issuer is believed from the issuer's own host only, and every address in it must be
   * one that may be asked.
   * @throws DomainError `lti-registration-platform` (400, 502) saying what is wrong with the platform
   */
  read(configurationUrl: string): Promise<PlatformConfiguration>;
  /**
   * The same from what an administrator has at hand.
   * @param address of the configuration, or the issuer alone
   */
  find(address: string): Promise<PlatformConfiguration>;
}

const PLATFORM = 'https://purl.imsglobal.org/spec/lti-platform-configuration';

const address = z.string().max(2_000);
const names = z.array(z.string()).catch([]);

/** What binds us of a platform's configuration (section 3.4); what platforms get wrong is read leniently. */
const configuration = z.object({
  issuer: z.string().min(1).max(255),
  authorization_endpoint: address,
  token_endpoint: address,
  jwks_uri: address,
  registration_endpoint: address.optional(),
  scopes_supported: names,
  [PLATFORM]: z
    .object({
      product_family_code: z.string().max(200).catch(''),
      version: z.string().max(200).catch(''),
      messages_supported: z
        .array(z.object({ type: z.string(), placements: z.array(z.string()).catch([]) }))
        .catch([]),
      variables: names,
    })
    .catch({ product_family_code: '', version: '', messages_supported: [], variables: [] }),
});

/**
 * Returns the addresses to try for a configuration: the given one; below an issuer, the well-known one and those of
 * the known LMSs. https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
 */
export function configurationUrls(given: string): string[] {
  if (given.includes('openid-configuration')) return [given];
  const base = given.replace(/\/+$/, '');
  const below = ['/.well-known/openid-configuration', ...generic.configurationPaths];
  return [
    // A bare host answers with its front page.
    ...(/^[^:]+:\/\/[^/]*$/.test(base) ? [] : [given]),
    ...below.map((path) => base + path),
  ];
}

/** What was found at an address; `body` is undefined unless it is an object of JSON. */
interface Found {
  readonly from: URL;
  readonly status: number;
  readonly body: object | undefined;
}

export function createPlatformConfigurations(outbound: Outbound): PlatformConfigurations {
  async function get(url: string): Promise<Found> {
    const from = checked(outbound, 'openid_configuration', url);
    const { status, body } = await ask(outbound, {
      url: from.href,
      headers: { accept: 'application/json' },
    });
    const read = jsonIn(body);
    return { from, status, body: status === 200 && typeof read === 'object' && read ? read : undefined };
  }

  function understood({ from, status, body }: Found): PlatformConfiguration {
    const wrong = (field: string) =>
      refuse('lti-registration-platform', 502, { url: withoutQuery(from.href), field });
    if (status !== 200) {
      throw refuse('lti-registration-platform', 502, {
        status: String(status),
        url: withoutQuery(from.href),
      });
    }
    const read = configuration.safeParse(body);
    if (!read.success) throw wrong(String(read.error.issues[0]?.path[0] ?? ''));
    const { issuer, [PLATFORM]: platform, registration_endpoint: registration, ...found } = read.data;
    // Section 3.3: whoever speaks for an issuer speaks from its host.
    if (checked(outbound, 'issuer', issuer).host !== from.host) {
      throw refuse('lti-registration-platform', 400, { issuer, openid_configuration: from.origin });
    }
    const endpoint = (field: string, value: string): string => checked(outbound, field, value).href;
    return {
      url: from.href,
      issuer,
      authUrl: endpoint('authorization_endpoint', found.authorization_endpoint),
      tokenUrl: endpoint('token_endpoint', found.token_endpoint),
      jwksUrl: endpoint('jwks_uri', found.jwks_uri),
      registrationUrl: registration === undefined ? null : endpoint('registration_endpoint', registration),
      product: platform.product_family_code,
      version: platform.version,
      scopes: found.scopes_supported,
      messages: new Map(platform.messages_supported.map(({ type, placements }) => [type, placements])),
      variables: platform.variables,
    };
  }

  return {
    read: async (url) => understood(await get(url)),
    async find(given) {
      let first: Found | undefined;
      for (const url of configurationUrls(given)) {
        const found = await get(url);
        if (found.body !== undefined) return understood(found);
        first ??= found;
      }
      if (first === undefined) throw refuse('lti-registration-platform', 400, { url: given });
      return understood(first);
    },
  };
}

/** @throws DomainError `lti-registration-platform` (400) naming the field whose address may not be asked */
export function checked(outbound: Outbound, field: string, value: string): URL {
  try {
    return outbound.check(value);
  } catch (error) {
    throw refuse('lti-registration-platform', 400, { [field]: withoutQuery(value) }, error);
  }
}

/** @throws DomainError `lti-registration-platform` (502) when there is no answer */
export async function ask(outbound: Outbound, request: OutboundRequest): Promise<OutboundResponse> {
  try {
    return await outbound.send(request);
  } catch (error) {
    const reason = error instanceof OutboundError ? error.message : '';
    throw refuse('lti-registration-platform', 502, { url: new URL(request.url).origin, reason }, error);
  }
}
