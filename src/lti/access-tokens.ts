import { SignJWT } from 'jose';
import { z } from 'zod';
import { MINUTE, SECOND, type Clock } from '../shared/clock.js';
import { newToken } from '../shared/ids.js';
import { OutboundError, type Outbound } from './outbound.js';
import type { Registration } from './registrations.store.js';
import type { ToolKeys } from './tool-keys.js';

/** The platform gave no token; `heals` says whether trying later can help. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  constructor(
    readonly heals: boolean,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface AccessTokens {
  /**
   * A bearer token for these scopes (Security Framework 4.1): cached per registration and scope set, fetched
   * once however many ask at the same time, renewed a minute before it ends.
   * @throws TokenError
   */
  get(registration: Registration, scopes: readonly string[]): Promise<string>;
  /** Forgets a token that the platform no longer takes. */
  discard(token: string): void;
}

const answer = z.object({
  access_token: z.string().min(1).max(10_000),
  // Moodle, Canvas and others say an hour; without a word, a short while is safe.
  expires_in: z.coerce.number().positive().max(86_400).catch(300),
});

const MARGIN_MS = MINUTE;
/** Moodle's token endpoint has no leeway for clocks. */
const BACKDATE_S = 5;

export function createAccessTokens(toolKeys: ToolKeys, outbound: Outbound, clock: Clock): AccessTokens {
  const cache = new Map<string, { token: Promise<string>; until: number }>();

  async function assertion(registration: Registration): Promise<string> {
    const key = await toolKeys.signing();
    const issued = Math.floor(clock.now().getTime() / SECOND) - BACKDATE_S;
    return new SignJWT({})
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.kid })
      .setIssuer(registration.clientId)
      .setSubject(registration.clientId)
      .setAudience(registration.tokenUrl)
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
        throw new TokenError(error.reason !== 'bad-address', error.message, { cause: error });
      });
    if (response.status !== 200) {
      const heals = response.status >= 500 || response.status === 429 || response.status === 408;
      throw new TokenError(heals, `token: ${response.status} ${response.body.slice(0, 200)}`);
    }
    try {
      // By content, not by type: Moodle sends JSON as text/html.
      return answer.parse(JSON.parse(response.body));
    } catch (error) {
      throw new TokenError(true, 'token: the answer is unreadable', { cause: error });
    }
  }

  return {
    get(registration, scopes) {
      const scope = [...scopes].sort().join(' ');
      const id = `${registration.id} ${scope}`;
      const cached = cache.get(id);
      if (cached !== undefined && clock.now().getTime() < cached.until) return cached.token;
      const asked = request(registration, scope);
      const entry = { token: asked.then(({ access_token: token }) => token), until: Infinity };
      cache.set(id, entry);
      asked.then(
        ({ expires_in: lives }) => {
          // A token that lives less than two margins is used for half its life.
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
        entry.token.then(
          (held) => {
            if (held === token && cache.get(id) === entry) cache.delete(id);
          },
          () => undefined,
        );
      }
    },
  };
}
