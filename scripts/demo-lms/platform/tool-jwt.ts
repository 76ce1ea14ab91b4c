import { compactVerify, createLocalJWKSet, decodeProtectedHeader, errors, type JWK } from 'jose';
import { seconds, serverTime, type AdjustableClock } from '../clock.js';
import type { Tool } from '../model.js';

/** What a tool signed cannot be accepted; the message is the recorded platform's. */
export class ToolJwtError extends Error {}

const FETCH_TIMEOUT_MS = 5_000;

/** Key sets of tools, by URL: fetched when a key is not known, otherwise remembered. */
export class ToolKeys {
  readonly #sets = new Map<string, { keys: JWK[] }>();

  async find(tool: Tool, kid: string): Promise<JWK | undefined> {
    const among = (set: { keys: JWK[] } | undefined | null): JWK | undefined =>
      set?.keys.find((key) => key.kid === kid);
    if (tool.jwks !== null) return among(tool.jwks);
    return among(this.#sets.get(tool.jwksUrl)) ?? among(await this.#fetch(tool.jwksUrl));
  }

  async #fetch(url: string): Promise<{ keys: JWK[] }> {
    let body: unknown;
    try {
      const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
      body = await response.json();
    } catch (error) {
      throw new ToolJwtError(`The tool's keys at ${url} cannot be read`, { cause: error });
    }
    const keys =
      typeof body === 'object' && body !== null && 'keys' in body && Array.isArray(body.keys)
        ? (body.keys as JWK[])
        : [];
    const set = { keys };
    this.#sets.set(url, set);
    return set;
  }
}

export type ToolClaims = Readonly<Record<string, unknown>>;

/**
 * Verifies what a tool signed with RS256: signature, then `iat`, then `exp`, with no leeway at all.
 * @throws ToolJwtError with the recorded platform's words
 */
export async function verifyToolJwt(
  keys: ToolKeys,
  clock: AdjustableClock,
  tool: Tool,
  jwt: string,
): Promise<ToolClaims> {
  let kid: unknown;
  try {
    kid = decodeProtectedHeader(jwt).kid;
  } catch {
    throw new ToolJwtError('Wrong number of segments');
  }
  if (typeof kid !== 'string' || kid === '')
    throw new ToolJwtError('"kid" empty, unable to lookup correct key');
  const key = await keys.find(tool, kid);
  if (key === undefined) throw new ToolJwtError('"kid" invalid, unable to lookup correct key');
  let claims: ToolClaims;
  try {
    const verified = await compactVerify(jwt, createLocalJWKSet({ keys: [key] }), { algorithms: ['RS256'] });
    claims = JSON.parse(new TextDecoder().decode(verified.payload)) as ToolClaims;
  } catch (error) {
    throw new ToolJwtError(
      error instanceof errors.JOSEAlgNotAllowed ? 'Algorithm not allowed' : 'Signature verification failed',
      { cause: error },
    );
  }
  const now = seconds(clock);
  for (const claim of ['nbf', 'iat'] as const) {
    const from = claims[claim];
    if (typeof from === 'number' && from > now) {
      const at = serverTime(from * 1000).replace(/:(\d\d)$/, '$1');
      throw new ToolJwtError(`Cannot handle token with ${claim} prior to ${at}`);
    }
  }
  if (typeof claims.exp === 'number' && claims.exp <= now) throw new ToolJwtError('Expired token');
  return claims;
}
