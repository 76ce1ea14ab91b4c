import { z } from 'zod';
import { withoutQuery } from '../../shared/origins.js';
import {
  OutboundError,
  type Outbound,
  type OutboundRequest,
  type OutboundResponse,
} from '../transport/outbound.js';
import { isSuccess, jsonIn } from '../transport/platform-answer.js';
import { refuse } from '../launch/refusal.js';
import { generic } from '../platforms/index.js';

/** A platform's configuration. https://www.imsglobal.org/spec/lti-dr/v1p0#lti-configuration */
export interface PlatformConfiguration {
  /** Address of the configuration. */
  readonly url: string;
  readonly issuer: string;
  readonly authUrl: string;
  readonly tokenUrl: string;
  /** `authorization_server`; '' if the platform names none. */
  readonly tokenAudience: string;
  readonly jwksUrl: string;
  /** Null if the platform has no dynamic registration. */
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
   * Reads a configuration. Its issuer must be on the same host, and requests to all its addresses must be allowed.
   * @throws DomainError `lti-registration-platform` (400, 502) naming what is wrong with the platform
   */
  read(configurationUrl: string): Promise<PlatformConfiguration>;
  /**
   * Reads a configuration, trying several addresses. Throws as `read`.
   * @param address of the configuration, or the issuer
   */
  find(address: string): Promise<PlatformConfiguration>;
}

const PLATFORM = 'https://purl.imsglobal.org/spec/lti-platform-configuration';

const address = z.string().max(2_000);
const names = z.array(z.string()).catch([]);

/** Optional members with a wrong type count as absent. https://www.imsglobal.org/spec/lti-dr/v1p0#lti-configuration */
const configuration = z.object({
  issuer: z.string().min(1).max(255),
  authorization_endpoint: address,
  token_endpoint: address,
  authorization_server: z.string().trim().max(2_000).catch(''),
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
    // The address of a host without a path is its home page.
    ...(/^[^:]+:\/\/[^/]*$/.test(base) ? [] : [given]),
    ...below.map((path) => base + path),
  ];
}

/** The answer of one address; `body` is undefined unless it is a JSON object. */
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
    return { from, status, body: isSuccess(status) && typeof read === 'object' && read ? read : undefined };
  }

  function understood({ from, status, body }: Found): PlatformConfiguration {
    const wrong = (field: string) =>
      refuse('lti-registration-platform', 502, { url: withoutQuery(from.href), field });
    if (!isSuccess(status)) {
      throw refuse('lti-registration-platform', 502, {
        status: String(status),
        url: withoutQuery(from.href),
      });
    }
    const read = configuration.safeParse(body);
    if (!read.success) throw wrong(String(read.error.issues[0]?.path[0] ?? ''));
    const { issuer, [PLATFORM]: platform, registration_endpoint: registration, ...found } = read.data;
    // The configuration must come from the issuer's own host. https://www.imsglobal.org/spec/lti-dr/v1p0#lti-configuration
    if (checked(outbound, 'issuer', issuer).host !== from.host) {
      throw refuse('lti-registration-platform', 400, { issuer, openid_configuration: from.origin });
    }
    const endpoint = (field: string, value: string): string => checked(outbound, field, value).href;
    return {
      url: from.href,
      issuer,
      authUrl: endpoint('authorization_endpoint', found.authorization_endpoint),
      tokenUrl: endpoint('token_endpoint', found.token_endpoint),
      tokenAudience: found.authorization_server,
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

/** Returns the address as a URL. @throws DomainError `lti-registration-platform` (400) naming the field if requests to it are not allowed */
export function checked(outbound: Outbound, field: string, value: string): URL {
  try {
    return outbound.check(value);
  } catch (error) {
    throw refuse('lti-registration-platform', 400, { [field]: withoutQuery(value) }, error);
  }
}

/** Sends a request. @throws DomainError `lti-registration-platform` (502) if there is no answer */
export async function ask(outbound: Outbound, request: OutboundRequest): Promise<OutboundResponse> {
  try {
    return await outbound.send(request);
  } catch (error) {
    const reason = error instanceof OutboundError ? error.message : '';
    throw refuse('lti-registration-platform', 502, { url: new URL(request.url).origin, reason }, error);
  }
}
