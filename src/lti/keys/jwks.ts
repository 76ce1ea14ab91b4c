import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { DAY, MINUTE, msSince, SECOND, type Clock } from '../../shared/clock.js';
import { isSuccess } from '../transport/platform-answer.js';
import type { Outbound } from '../transport/outbound.js';

/** Why no key was found for a token. */
export class JwksError extends Error {
  override readonly name = 'JwksError';
  constructor(
    readonly reason: 'unknown-key' | 'unreachable',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface JwksCache {
  /**
   * Returns the platform's RSA key with this id.
   * https://www.imsglobal.org/spec/security/v1p0/#h_key-set-url
   * @throws JwksError
   */
  keyFor(jwksUrl: string, kid: string): Promise<KeyObject>;
}

const FRESH_MS = 10 * MINUTE;
const USABLE_MS = DAY;
const MISS_PAUSE_MS = MINUTE;
/** Pause after a failed request, so that an LMS that is down does not make every launch wait for the timeout. */
const FAILURE_PAUSE_MS = 5 * SECOND;
const MAX_KEYS = 100;
const MIN_MODULUS_BITS = 2048;

/** Entries that are no keys are passed over one by one. */
const keySet = z.object({ keys: z.array(z.unknown()).max(MAX_KEYS) });

interface Entry {
  keys: ReadonlyMap<string, KeyObject>;
  fetchedAt: number;
  /** When an unknown kid last caused a request; -Infinity before the first. */
  missedAt: number;
  fetching: Promise<void> | undefined;
  failure: { at: number; error: JwksError } | undefined;
}

/**
 * Makes a cache of platforms' public keys, by JWKS address and kid. A launch waits for a request only if the kid is
 * unknown: the first unknown kid causes one at once, later ones at most once a minute per platform, so that forged
 * launches cannot overload the LMS. A set older than ten minutes is renewed in the background; one older than a day is
 * not used.
 */
export function createJwksCache(outbound: Outbound, clock: Clock): JwksCache {
  const entries = new Map<string, Entry>();
  const now = (): number => clock.now().getTime();

  async function renewNow(jwksUrl: string, entry: Entry): Promise<void> {
    try {
      entry.keys = await fetchKeys(outbound, jwksUrl);
      entry.fetchedAt = now();
      entry.failure = undefined;
    } catch (error) {
      entry.failure = { at: now(), error: error as JwksError };
      throw error;
    } finally {
      entry.fetching = undefined;
    }
  }

  function renew(jwksUrl: string, entry: Entry): Promise<void> {
    const { failure } = entry;
    if (failure && msSince(failure.at, now()) < FAILURE_PAUSE_MS) return Promise.reject(failure.error);
    entry.fetching ??= renewNow(jwksUrl, entry);
    return entry.fetching;
  }

  return {
    async keyFor(jwksUrl, kid) {
      let entry = entries.get(jwksUrl);
      if (entry === undefined) {
        entry = {
          keys: new Map(),
          fetchedAt: -Infinity,
          missedAt: -Infinity,
          fetching: undefined,
          failure: undefined,
        };
        entries.set(jwksUrl, entry);
      }
      const age = msSince(entry.fetchedAt, now());
      if (age > USABLE_MS) {
        await renew(jwksUrl, entry);
      } else if (!entry.keys.has(kid)) {
        if (msSince(entry.missedAt, now()) >= MISS_PAUSE_MS) {
          entry.missedAt = now();
          await renew(jwksUrl, entry);
        } else {
          await entry.fetching;
        }
      } else if (age > FRESH_MS) {
        // Stale-while-revalidate: launches go on while the platform is down for a moment.
        renew(jwksUrl, entry).catch(() => undefined);
      }
      const key = entry.keys.get(kid);
      if (key === undefined) throw new JwksError('unknown-key', `no usable key ${kid}`);
      return key;
    },
  };
}

/** Returns the usable keys of the set by kid. @throws JwksError `unreachable` */
export async function fetchKeys(
  outbound: Pick<Outbound, 'send'>,
  jwksUrl: string,
): Promise<ReadonlyMap<string, KeyObject>> {
  try {
    const response = await outbound.send({ url: jwksUrl, headers: { accept: 'application/json' } });
    if (!isSuccess(response.status)) throw new Error(`the key set answered ${response.status}`);
    const { keys } = keySet.parse(JSON.parse(response.body));
    return new Map(keys.flatMap((jwk, index) => usable(jwk, index)));
  } catch (error) {
    throw new JwksError('unreachable', error instanceof Error ? error.message : 'the key set is unreadable', {
      cause: error,
    });
  }
}

/** Returns kid and key of an RSA signature key of sufficient size; nothing for any other entry of the set. */
function usable(entry: unknown, index: number): [string, KeyObject][] {
  if (typeof entry !== 'object' || entry === null) return [];
  const jwk = entry as Record<string, unknown>;
  if (jwk.kty !== 'RSA' || (jwk.use ?? 'sig') !== 'sig' || (jwk.alg ?? 'RS256') !== 'RS256') return [];
  const { kid, n, e } = jwk;
  if (typeof n !== 'string' || typeof e !== 'string') return [];
  try {
    const key = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
    if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < MIN_MODULUS_BITS) return [];
    return [[typeof kid === 'string' ? kid : `#${index}`, key]];
  } catch {
    return [];
  }
}
