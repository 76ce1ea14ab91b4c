import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { DAY, MINUTE, SECOND, type Clock } from '../../shared/clock.js';
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
   * The platform's RSA key of this id, ready for use.
   * @param kid `undefined` is answered only by a set that holds exactly one key (RFC 7517 4.5)
   * @throws JwksError
   */
  keyFor(jwksUrl: string, kid: string | undefined): Promise<KeyObject>;
}

const FRESH_MS = 10 * MINUTE;
const USABLE_MS = DAY;
const MISS_PAUSE_MS = MINUTE;
/** After a failure nobody asks again for this long: a dead LMS must not cost every launch its time-out. */
const FAILURE_PAUSE_MS = 5 * SECOND;
const MOST_KEYS = 100;
const LEAST_MODULUS_BITS = 2048;

const keySet = z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(MOST_KEYS) });

interface Entry {
  keys: ReadonlyMap<string, KeyObject>;
  fetchedAt: number;
  /** When an unknown kid last made us ask; -Infinity until the first. */
  missedAt: number;
  fetching: Promise<void> | undefined;
  failure: { at: number; error: JwksError } | undefined;
}

/**
 * Platforms' public keys, by JWKS address and kid. A launch waits for the network only when the kid is new:
 * the first unknown kid asks at once however fresh the set is, later ones at most once a minute per platform
 * (a forger cannot make us hammer the LMS). A set older than ten minutes is renewed in the background, one
 * older than a day is not used.
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
    if (failure && now() - failure.at < FAILURE_PAUSE_MS) return Promise.reject(failure.error);
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
      const age = now() - entry.fetchedAt;
      if (age > USABLE_MS) {
        await renew(jwksUrl, entry);
      } else if (pick(entry.keys, kid) === undefined) {
        if (now() - entry.missedAt >= MISS_PAUSE_MS) {
          entry.missedAt = now();
          await renew(jwksUrl, entry);
        } else {
          await entry.fetching;
        }
      } else if (age > FRESH_MS) {
        // The old set serves meanwhile; a platform that is down for a moment stops nobody.
        renew(jwksUrl, entry).catch(() => undefined);
      }
      const key = pick(entry.keys, kid);
      if (key === undefined) throw new JwksError('unknown-key', `no usable key ${kid ?? 'without id'}`);
      return key;
    },
  };
}

function pick(keys: ReadonlyMap<string, KeyObject>, kid: string | undefined): KeyObject | undefined {
  if (kid !== undefined) return keys.get(kid);
  return keys.size === 1 ? [...keys.values()][0] : undefined;
}

/** @returns the usable keys of the set by kid. @throws JwksError `unreachable` */
export async function fetchKeys(
  outbound: Pick<Outbound, 'send'>,
  jwksUrl: string,
): Promise<ReadonlyMap<string, KeyObject>> {
  try {
    const response = await outbound.send({ url: jwksUrl, headers: { accept: 'application/json' } });
    if (response.status !== 200) throw new Error(`the key set answered ${response.status}`);
    const { keys } = keySet.parse(JSON.parse(response.body));
    return new Map(keys.flatMap((jwk, index) => usable(jwk, index)));
  } catch (error) {
    throw new JwksError('unreachable', error instanceof Error ? error.message : 'the key set is unreadable', {
      cause: error,
    });
  }
}

/** RSA signature keys of decent size; whatever else stands in the set is passed over. */
function usable(jwk: Record<string, unknown>, index: number): [string, KeyObject][] {
  if (jwk.kty !== 'RSA' || (jwk.use ?? 'sig') !== 'sig' || (jwk.alg ?? 'RS256') !== 'RS256') return [];
  const { kid, n, e } = jwk;
  if (typeof n !== 'string' || typeof e !== 'string') return [];
  try {
    const key = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
    if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_MODULUS_BITS) return [];
    return [[typeof kid === 'string' ? kid : `#${index}`, key]];
  } catch {
    return [];
  }
}
