import { z } from 'zod';
import type { Outbound, OutboundResponse } from '../transport/outbound.js';
import { jsonIn, platformWords } from '../transport/platform-answer.js';
import { refuse } from '../launch/refusal.js';
import type { RegistrationClient } from '../registrations/registration-clients.store.js';
import { TOOL_CONFIGURATION } from './tool-metadata.js';

/** What a platform answers to a registration, to a reading of it, and to a change (Dynamic Registration 1.0, 3.6). */
export interface RegistrationAnswer {
  readonly clientId: string;
  readonly deploymentId: string | null;
  /** As they were granted; null where nothing is said. */
  readonly scopes: readonly string[] | null;
  /** Where this registration is read and changed, where the platform lets us. */
  readonly client: RegistrationClient | null;
  /** The whole of it, as the platform holds it. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

const optionalText = z.string().min(1).max(10_000).optional().catch(undefined);

/** The client id counts; what else was granted may be missing. */
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
 * @param token that opened the door: it is in nothing that is shown
 * @throws DomainError `lti-registration-refused` (502) with the platform's own words
 */
export function readRegistrationAnswer(response: OutboundResponse, token: string): RegistrationAnswer {
  const body = jsonIn(response.body);
  const read = answer.safeParse(body);
  if ((response.status !== 200 && response.status !== 201) || !read.success) {
    throw refuse('lti-registration-refused', 502, {
      status: String(response.status),
      answer: plainWords(withoutTokens(response.body, token)),
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

/** Before it is cut, for a part of a token would not be known as one. JSON may escape slashes. */
function withoutTokens(body: string, token: string): string {
  const masked = body.replace(SECRETS, '$1"…"');
  return token === ''
    ? masked
    : masked.replaceAll(token, '…').replaceAll(token.replaceAll('/', String.raw`\/`), '…');
}

const SECRETS = /("(?:registration_access_token|client_secret)"\s*:\s*)"[^"]*"?/g;

/** Platforms refuse in plain text, in JSON, or in a page of theirs, whose title says more than its markup. */
const plainWords = (body: string): string =>
  /<title>([^<]*)/i.exec(body)?.[1]?.replace(/\s+/g, ' ').trim() ?? platformWords(body);

/**
 * Whether an address may be given the token that came with it: it is one that may be asked, and lies on the host that
 * gave the token.
 * @param hosts addresses on those hosts: the issuer's, and that of its registration endpoint
 */
export function isOwn(outbound: Outbound, { uri }: RegistrationClient, hosts: readonly string[]): boolean {
  try {
    const { host } = outbound.check(uri);
    return hosts.some((item) => new URL(item).host === host);
  } catch {
    return false;
  }
}
