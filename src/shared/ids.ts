import { createHash, hash, randomBytes } from 'node:crypto';

/** Letters and digits that cannot be mistaken for each other when read aloud or retyped. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/**
 * Returns a short random key for URLs, such as the course key in `/c/<key>/`. It is not a secret: a request with it also
 * needs a session. 12 characters hold about 59 bits.
 */
export function newKey(length = 12): string {
  let key = '';
  while (key.length < length) {
    for (const byte of randomBytes(length)) {
      // 248 = 8 · 31: larger bytes are dropped, so that every letter is equally likely.
      if (byte < 248 && key.length < length) key += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return key;
}

/** Returns the key of a text, in the same form: the same text gives the same key. */
export function keyOf(text: string, length = 12): string {
  const digest = createHash('sha256').update(text).digest();
  // Letters are not quite equally likely, which does not matter for a key that is not random.
  return Array.from(digest.subarray(0, length), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}

const TOKEN_BYTES = 24;
/** Random bytes drawn ahead: one call for 128 tokens costs little more than one for a single token. */
let pool = Buffer.alloc(0);
let drawn = 0;

/** Returns an unguessable token, 192 bits, URL-safe. For states, nonces, one-time links. */
export function newToken(): string {
  if (drawn + TOKEN_BYTES > pool.length) {
    pool = randomBytes(TOKEN_BYTES * 128);
    drawn = 0;
  }
  const token = pool.toString('base64url', drawn, drawn + TOKEN_BYTES);
  // Each token is returned once and its bytes are erased.
  pool.fill(0, drawn, drawn + TOKEN_BYTES);
  drawn += TOKEN_BYTES;
  return token;
}

/** Returns true if a text has the form of a record's id. */
export const isRecordId = (id: string): boolean => /^[0-9a-f]{24}$/.test(id);

/** Returns the digest that is stored in place of a secret, so that readers of the database cannot use it. Not for passwords. */
export const digest = (secret: string): string => hash('sha256', secret, 'base64url');

/** Returns a fingerprint of the values that a form showed: other values give another fingerprint. */
export const fingerprint = (shown: unknown): string => digest(JSON.stringify(shown)).slice(0, 22);
