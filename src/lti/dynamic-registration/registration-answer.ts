import { z } from 'zod';
import type { Outbound, OutboundResponse } from '../transport/outbound.js';
import { jsonIn, platformMessage } from '../transport/platform-answer.js';
import { refuse } from '../launch/refusal.js';
import type { RegistrationClient } from '../registrations/registration-clients.store.js';
import { TOOL_CONFIGURATION } from './tool-metadata.js';

/**
 * The platform's answer to a registration, to reading it, and to changing it.
 * https://www.imsglobal.org/spec/lti-dr/v1p0#client-registration-response
 */
export interface RegistrationAnswer {
  readonly clientId: string;
  readonly deploymentId: string | null;
  /** Granted scopes; null if the answer does not tell them. */
  readonly scopes: readonly string[] | null;
  /** Address and token for reading and changing the registration; null if the platform does not offer it. */
  readonly client: RegistrationClient | null;
  /** All of the registration as the platform has it. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

const optionalText = z.string().min(1).max(10_000).optional().catch(undefined);

/** Only the client id is required. */
const answer = z.object({
  client_id: z.string().min(1).max(255),
  scope: optionalText,
  registration_client_uri: optionalText,
  registration_access_token: optionalText,
  [TOOL_CONFIGURATION]: z
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

/**
 * Reads the platform's answer.
 * @param token the registration token, which error messages do not show
 * @throws DomainError `lti-registration-refused` (502) with the platform's own words
 */
export function readRegistrationAnswer(response: OutboundResponse, token: string): RegistrationAnswer {
  const body = jsonIn(response.body);
  const read = answer.safeParse(body);
  if ((response.status !== 200 && response.status !== 201) || !read.success) {
    throw refuse('lti-registration-refused', 502, {
      status: String(response.status),
      answer: messageOf(withoutTokens(response.body, token)),
    });
  }
  const { client_id: clientId, scope, [TOOL_CONFIGURATION]: tool } = read.data;
  const { registration_client_uri: uri, registration_access_token: key } = read.data;
  return {
    clientId,
    deploymentId: tool.deployment_id ?? null,
    scopes: scope?.split(' ').filter(Boolean) ?? null,
    client: uri === undefined || key === undefined ? null : { uri, token: key },
    metadata: body as Record<string, unknown>,
  };
}

/** Masks tokens. Runs before the text is cut, because a part of a token would not be recognised. JSON may escape `/`. */
function withoutTokens(body: string, token: string): string {
  const masked = body.replace(SECRETS, '$1"…"');
  return token === ''
    ? masked
    : masked.replaceAll(token, '…').replaceAll(token.replaceAll('/', String.raw`\/`), '…');
}

const SECRETS = /("\w*(?:token|secret)"\s*:\s*)"[^"]*"?/g;

/** Returns the message of a refusal: plain text, JSON, or the title of a page. */
const messageOf = (body: string): string =>
  /<title>([^<]*)/i.exec(body)?.[1]?.replace(/\s+/g, ' ').trim() ?? platformMessage(body);

/**
 * Returns true if the token may be sent to the address it came with: requests to it are allowed, and it is on the host
 * that issued the token.
 * @param urls addresses on the allowed hosts: the issuer's and that of its registration endpoint
 */
export function isOwn(outbound: Outbound, { uri }: RegistrationClient, urls: readonly string[]): boolean {
  try {
    const { host } = outbound.check(uri);
    return urls.some((item) => new URL(item).host === host);
  } catch {
    return false;
  }
}
