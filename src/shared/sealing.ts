import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Text that can be read only by who holds SECRET: `v1.<iv>.<tag>.<data>`, base64url parts. */
export type Sealed = string;

export interface Sealer {
  /** Encrypts with AES-256-GCM under a fresh nonce. `purpose` must be the same when opened. */
  seal(plain: string, purpose: string): Sealed;
  /** @throws Error('sealed text cannot be opened') when SECRET or purpose differ, or a byte was changed */
  open(sealed: Sealed, purpose: string): string;
}

/** Where sealed texts are stored. Whoever seals a field lists it, so that a new SECRET can be given to all. */
export interface SealedField {
  readonly collection: string;
  /** Of the field in the document; dotted below the top. */
  readonly path: string;
  readonly purpose: string;
}

const IV_BYTES = 12;
const SHAPE = /^v1\.[\w-]{16}\.[\w-]{22}\.[\w-]*$/;

/** Whether a text has the shape of a sealed one. */
export const isSealed = (text: string): text is Sealed => SHAPE.test(text);

/**
 * One key for everything that rests encrypted, derived from SECRET by HKDF-SHA-256 (RFC 5869), so that the
 * same SECRET signing cookies gives an unrelated key.
 */
export function createSealer(secret: string): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secret, 'nastavnik', 'sealing', 32));
  return {
    seal(plain, purpose) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(purpose));
      const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return ['v1', ...[iv, cipher.getAuthTag(), data].map((part) => part.toString('base64url'))].join('.');
    },
    open(sealed, purpose) {
      try {
        const [version, iv, tag, data] = sealed.split('.');
        if (version !== 'v1' || iv === undefined || tag === undefined || data === undefined)
          throw new Error();
        const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), {
          authTagLength: 16,
        })
          .setAAD(Buffer.from(purpose))
          .setAuthTag(Buffer.from(tag, 'base64url'));
        return decipher.update(data, 'base64url', 'utf8') + decipher.final('utf8');
      } catch (error) {
        throw new Error('sealed text cannot be opened', { cause: error });
      }
    },
  };
}

/** A key of its own for signing cookies, as a string because cookie-parser takes strings. */
export const cookieSecret = (secret: string): string =>
  Buffer.from(hkdfSync('sha256', secret, 'nastavnik', 'cookies', 32)).toString('base64url');
