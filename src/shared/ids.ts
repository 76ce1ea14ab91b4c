import { createHash, randomBytes } from 'node:crypto';

/** Letters and digits that cannot be mistaken for each other when read aloud or retyped. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/**
 * A short random key for URLs, such as the course key in `/c/<key>/`.
 * Not a secret: whoever knows it still needs a session. 12 characters hold about 59 bits.
 */
export function newKey(length = 12): string {
  let key = '';
  while (key.length < length) {
    for (const byte of randomBytes(length)) {
      // 248 = 8 · 31: drop the tail, so that every letter is equally likely.
      if (byte < 248 && key.length < length) key += ALPHABET.charAt(byte % ALPHABET.length);
    }
  }
  return key;
}

/** A key of the same form that follows from a text: the same text, the same key. */
export function keyOf(text: string, length = 12): string {
  const digest = createHash('sha256').update(text).digest();
  // 32 bytes for 12 letters: uneven by a hair, which matters to nobody.
  return Array.from(digest.subarray(0, length), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}

const TOKEN_BYTES = 24;
/** Random bytes drawn ahead: one call for 128 tokens costs little more than one for a single token. */
let pool = Buffer.alloc(0);
let drawn = 0;

/** An unguessable token, 192 bits, URL-safe. For states, nonces, one-time links. */
export function newToken(): string {
  if (drawn + TOKEN_BYTES > pool.length) {
    pool = randomBytes(TOKEN_BYTES * 128);
    drawn = 0;
  }
  const token = pool.toString('base64url', drawn, drawn + TOKEN_BYTES);
  // Given out once, kept nowhere.
  pool.fill(0, drawn, drawn + TOKEN_BYTES);
  drawn += TOKEN_BYTES;
  return token;
}

/** Whether something that names a record can be the id of one. */
export const isRecordId = (id: string): boolean => /^[0-9a-f]{24}$/.test(id);

/** What is kept in the place of a secret: who reads the database can use none of them. Not for passwords. */
export const digest = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** Stands in a form for what was shown in it: other values, another fingerprint. */
export const fingerprint = (shown: unknown): string => digest(JSON.stringify(shown)).slice(0, 22);
