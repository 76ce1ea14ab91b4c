import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { DomainError } from '../../../shared/errors.js';

export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** OWASP's first choice for scrypt: 128 MB and some 0.3 s. */
export const SCRYPT: ScryptCost = { N: 2 ** 17, r: 8, p: 1 };

export interface Passwords {
  /** `scrypt$N$r$p$salt$key`: the cost stays with the hash, so that it can grow. */
  hash(password: string): Promise<string>;
  /**
   * @param known true if a part of the queue is kept free for the caller
   * @returns `outdated` if the cost has changed since: hash it again
   */
  verify(
    password: string,
    hash: string,
    known?: boolean,
  ): Promise<{ readonly ok: boolean; readonly outdated: boolean }>;
  /** The work of a `verify` for an account that is not there. */
  pretend(password: string): Promise<void>;
}

const KEY_BYTES = 32;
/** Above this many waiting, further requests are refused at once instead of waiting. */
const MOST_WAITING = 30;
/** The rest is for administrators in browsers that are known. */
const MOST_STRANGERS_WAITING = 20;

/** One password at a time: each needs its memory, and logins are rare. */
export function createPasswords(cost: ScryptCost = SCRYPT): Passwords {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  function derive(password: string, salt: Buffer, { N, r, p }: ScryptCost, known = false): Promise<Buffer> {
    if (waiting >= (known ? MOST_WAITING : MOST_STRANGERS_WAITING))
      throw new DomainError('admin-busy', 503, { retryAfter: 10 });
    waiting += 1;
    // NFKC: the same password typed on another keyboard or system is the same (NIST SP 800-63B, 3.1.1.2).
    const derived = last.then(() =>
      scryptAsync(password.normalize('NFKC'), salt, { N, r, p, maxmem: 256 * N * r }),
    );
    last = derived.then(
      () => (waiting -= 1),
      () => (waiting -= 1),
    );
    return derived;
  }

  return {
    async hash(password) {
      const salt = randomBytes(16);
      const key = await derive(password, salt, cost, true);
      return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join(
        '$',
      );
    },
    async verify(password, hash, known) {
      const [kind, N, r, p, salt = '', key = ''] = hash.split('$');
      if (kind !== 'scrypt') throw new Error('this is no hash of ours');
      const used = { N: Number(N), r: Number(r), p: Number(p) };
      const derived = await derive(password, Buffer.from(salt, 'base64url'), used, known);
      const wanted = Buffer.from(key, 'base64url');
      return {
        ok: derived.length === wanted.length && timingSafeEqual(derived, wanted),
        outdated: used.N !== cost.N || used.r !== cost.r || used.p !== cost.p,
      };
    },
    async pretend(password) {
      await derive(password, randomBytes(16), cost);
    },
  };
}

const scryptAsync = (password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
