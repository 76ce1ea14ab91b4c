import { SignJWT } from 'jose';
import { z } from 'zod';
import { MINUTE, SECOND, type Clock } from '../../shared/clock.js';
import { newToken } from '../../shared/ids.js';
import { OutboundError, type Outbound, type OutboundResponse } from '../transport/outbound.js';
import { isSuccess, jsonIn, platformMessage, retryAfterOf } from '../transport/platform-answer.js';
import { platformOf } from '../platforms/index.js';
import { audienceOf } from '../registrations/token-audience.js';
import type { Registration } from '../registrations/registrations.store.js';
import { ServiceError, unanswered } from '../transport/service-error.js';
import type { ToolKeys } from './tool-keys.js';

export interface AccessTokens {
  /**
   * Returns an access token for these scopes. Tokens are cached per registration and set of scopes, requested once for
   * callers at the same time, and renewed a minute before they expire.
   * https://www.imsglobal.org/spec/security/v1p0/#using-json-web-tokens-with-oauth-2-0-client-credentials-grant
   * @throws ServiceError `token`, `no-scope`, `unreachable`, `bad-address`
   */
  get(registration: Registration, scopes: readonly string[]): Promise<string>;
  /** Removes a token that the platform no longer accepts from the cache. */
  discard(token: string): void;
}

const answer = z.object({
  access_token: z.string().min(1).max(10_000),
  expires_in: z.coerce.number().positive().max(86_400).optional().catch(undefined),
  // Missing on some platforms and empty on others.
  scope: z.string().min(1).optional().catch(undefined),
});

/** The members of an answer that tell an error; nothing else of it is ever kept, for it may be a token. */
const errorMembers = z.object({ error: z.string().catch(''), error_description: z.string().catch('') });

/** Returns the platform's explanation. https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
function errorIn(body: string): { code: string; words: string } {
  const { error, error_description: description } = errorMembers.catch(NO_ERROR).parse(jsonIn(body));
  return { code: error, words: platformMessage(description || error) };
}

const NO_ERROR = { error: '', error_description: '' };

/**
 * Returns a retryable error for every refusal: an administrator can add the missing key or scope in the LMS.
 */
function refused(response: OutboundResponse, now: Date): ServiceError {
  const { code, words } = errorIn(response.body);
  const problem = code === 'invalid_scope' ? 'no-scope' : 'token';
  return new ServiceError(problem, true, `${response.status} ${words}`.trim(), retryAfterOf(response, now));
}

/**
 * Returns false if the answer lists fewer scopes than requested, because a token without some scopes is not an error
 * (https://www.rfc-editor.org/rfc/rfc6749#section-3.3). Some platforms list none or write `*`.
 */
function covers(answered: string | undefined, requested: string): boolean {
  const granted = answered?.split(' ') ?? [];
  return (
    !granted.some((item) => item.startsWith('https://purl.imsglobal.org/')) ||
    requested.split(' ').every((item) => granted.includes(item))
  );
}

function read({ status, body }: OutboundResponse): z.output<typeof answer> {
  // The media type is ignored: Moodle sends JSON as text/html.
  const given = answer.safeParse(jsonIn(body));
  if (given.success) return given.data;
  const words = `${status} ${errorIn(body).words}`.trim();
  throw new ServiceError('token', true, words, undefined, { cause: given.error });
}

const MARGIN_MS = MINUTE;

export function createAccessTokens(toolKeys: ToolKeys, outbound: Outbound, clock: Clock): AccessTokens {
  const cache = new Map<string, { token: Promise<string>; held?: string; until: number }>();

  async function assertion(registration: Registration): Promise<string> {
    const key = await toolKeys.signing();
    const issued = Math.floor(clock.now().getTime() / SECOND) - platformOf(registration).backdateSeconds;
    return new SignJWT({})
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid })
      .setIssuer(registration.clientId)
      .setSubject(registration.clientId)
      .setAudience(audienceOf(registration))
      .setIssuedAt(issued)
      .setExpirationTime(issued + MINUTE / SECOND)
      .setJti(newToken())
      .sign(key.privateKey);
  }

  async function request(registration: Registration, scope: string): Promise<z.output<typeof answer>> {
    const response = await outbound
      .send({
        url: registration.tokenUrl,
        method: 'POST',
        timeoutMs: 10 * SECOND,
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: await assertion(registration),
          scope,
        }).toString(),
      })
      .catch((error: unknown) => {
        if (!(error instanceof OutboundError)) throw error;
        throw unanswered(error);
      });
    if (!isSuccess(response.status)) throw refused(response, clock.now());
    const given = read(response);
    if (!covers(given.scope, scope)) throw new ServiceError('no-scope', true, '');
    return given;
  }

  return {
    get(registration, scopes) {
      const scope = [...scopes].sort().join(' ');
      const id = `${registration.id} ${registration.clientId} ${scope}`;
      const cached = cache.get(id);
      if (cached !== undefined && clock.now().getTime() < cached.until) return cached.token;
      const asked = request(registration, scope);
      const entry: { token: Promise<string>; held?: string; until: number } = {
        token: asked.then(({ access_token: token }) => token),
        until: Infinity,
      };
      cache.set(id, entry);
      asked.then(
        ({ access_token: token, expires_in: lives = platformOf(registration).tokenSeconds }) => {
          entry.held = token;
          // A token with a lifetime under two margins is used for half of it.
          entry.until = clock.now().getTime() + Math.max(lives * SECOND - MARGIN_MS, (lives * SECOND) / 2);
        },
        () => {
          if (cache.get(id) === entry) cache.delete(id);
        },
      );
      return entry.token;
    },
    discard(token) {
      for (const [id, entry] of cache) {
        if (entry.held === token) cache.delete(id);
      }
    },
  };
}
