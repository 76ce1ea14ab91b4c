import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Encrypts texts under SECRET: `v1.<iv>.<tag>.<data>`, base64url parts. */
export type Sealed = string;

export interface Sealer {
  /** Encrypts with AES-256-GCM under a fresh nonce. `purpose` must be the same when opened. */
  seal(plain: string, purpose: string): Sealed;
  /** @throws Error('sealed text cannot be opened') when SECRET or purpose differ, or a byte was changed */
  open(sealed: Sealed, purpose: string): string;
}

/** A field that stores sealed texts. Every such field is listed, so that a new SECRET can replace the old one. */
export interface SealedField {
  readonly collection: string;
  /** Path of the field in the document, with dots. */
  readonly path: string;
  readonly purpose: string;
}

const IV_BYTES = 12;
const SHAPE = /^v1\.[\w-]{16}\.[\w-]{22}\.[\w-]*$/;

/** Returns true if a text has the form of a sealed one. */
export const isSealed = (text: string): text is Sealed => SHAPE.test(text);

/**
 * Makes the sealer. Its key is derived from SECRET by HKDF-SHA-256 (https://www.rfc-editor.org/rfc/rfc5869) and
 * independent of the key that signs cookies.
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

/** Returns the key for signing cookies, as a string because cookie-parser takes strings. */
export const cookieSecret = (secret: string): string =>
  Buffer.from(hkdfSync('sha256', secret, 'nastavnik', 'cookies', 32)).toString('base64url');

/** Returns a key for signing tokens of one purpose, independent of all other keys. */
export const signingKey = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'nastavnik', purpose, 32));
/** Returns the key from which the tokens of forms follow. */
export const formSecret = (secret: string): string =>
  Buffer.from(hkdfSync('sha256', secret, 'nastavnik', 'forms', 32)).toString('base64url');
