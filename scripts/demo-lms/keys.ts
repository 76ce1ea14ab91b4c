import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { CompactSign, base64url, type JWK } from 'jose';

/** Takes about a tenth of a second; tests hand one pair to many platforms. */
export function newSigningKey(): JWK {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = privateKey.export({ format: 'jwk' }) as JWK;
  const kid = createHash('sha256')
    .update(jwk.n ?? '')
    .digest('hex')
    .slice(0, 20);
  return { ...jwk, kid, alg: 'RS256', use: 'sig' };
}

export const publicJwk = ({ kty, n, e, kid, alg, use }: JWK): JWK =>
  // exactOptionalPropertyTypes: JSON drops what is undefined anyway.
  JSON.parse(JSON.stringify({ kty, alg, kid, e, n, use })) as JWK;

const privateKeys = new WeakMap<JWK, KeyObject>();

export function privateKeyOf(jwk: JWK): KeyObject {
  let key = privateKeys.get(jwk);
  if (key === undefined) {
    key = createPrivateKey({ key: jwk as never, format: 'jwk' });
    privateKeys.set(jwk, key);
  }
  return key;
}

/** The public half in PEM, for tests that sign HS256 with it. */
export const publicPem = (jwk: JWK): string =>
  createPublicKey({ key: publicJwk(jwk) as never, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  }) as string;

/**
 * Signs any claims with any header, honest or not: `alg` decides how, `none` leaves the signature empty.
 * @param key private key for RS*, secret bytes for HS*
 */
export async function signToken(
  claims: object,
  header: { alg: string } & Record<string, unknown>,
  key: KeyObject | Uint8Array,
): Promise<string> {
  if (header.alg === 'none') {
    const part = (value: object): string => base64url.encode(JSON.stringify(value));
    return `${part(header)}.${part(claims)}.`;
  }
  return new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader(header)
    .sign(key);
}
