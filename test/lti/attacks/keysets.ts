import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { SignJWT } from 'jose';
import { fetchKeys } from '../../../src/lti/keys/jwks.js';
import { createOutbound } from '../../../src/lti/transport/outbound.js';
import { signed, type Attack } from './lab.js';

/** Platforms that are hostile themselves, or whose addresses lead elsewhere. */

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwkOf = (key: KeyObject, more: object = {}): object => ({
  ...key.export({ format: 'jwk' }),
  kid: 'own',
  ...more,
});

const json =
  (keys: readonly object[]): RequestListener =>
  (_req, res) => {
    res.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  };

/** A launch of that platform's, well signed with the key it publishes. */
const keySet = (
  name: string,
  answer: string,
  listener: RequestListener,
  sign: (claims: object) => string | Promise<string> = (claims) =>
    signed({ alg: 'RS256', kid: 'own' }, claims, pair.privateKey),
): Attack => ({
  name: `key set: ${name}`,
  answer,
  run: (lab) => lab.withKeySet(listener, { forge: ({ claims }) => sign(claims) }),
});

const honest = json([jwkOf(pair.publicKey)]);
const short = generateKeyPairSync('rsa', { modulusLength: 512 });
const secret = Buffer.from('a secret that everybody can read');

/** Never ends, and is never quiet for long. */
const dripping: RequestListener = (_req, res) => {
  res.write('{"keys":[');
  const timer = setInterval(() => res.write(' '), 200);
  res.on('close', () => {
    clearInterval(timer);
  });
};

/** An outbound door as in production: no private addresses. @returns why nothing was fetched */
const inside = (url: string): Attack => ({
  name: `key set on a private address: ${url}`,
  answer: 'not asked: private-address',
  async run() {
    const outbound = createOutbound({ allowPrivateNetwork: false });
    try {
      await fetchKeys(outbound, url);
      return 'asked';
    } catch (error) {
      const { cause } = error as Error & { cause?: { reason?: string } };
      return `not asked: ${cause?.reason ?? 'unknown'}`;
    } finally {
      await outbound.close();
    }
  },
});

export const KEY_SETS: readonly Attack[] = [
  keySet('honest (so that the others are refused for what they are)', '303', honest),
  keySet('huge', '502 lti-keys-unreachable', (_req, res) => {
    res.end(`{"keys":[${'{},'.repeat(400_000)}{}]}`);
  }),
  keySet(
    'a hundred and one keys',
    '502 lti-keys-unreachable',
    json(Array.from({ length: 101 }, () => jwkOf(pair.publicKey))),
  ),
  keySet('dripping without end', '502 lti-keys-unreachable', dripping),
  keySet('redirecting', '502 lti-keys-unreachable', (req, res) => {
    if (req.url === '/jwks') res.writeHead(302, { location: '/elsewhere' }).end();
    else honest(req, res);
  }),
  keySet('an error page', '502 lti-keys-unreachable', (_req, res) => res.writeHead(500).end('<html>')),
  keySet('no JSON', '502 lti-keys-unreachable', (_req, res) => res.end('<html>')),
  keySet('an RSA key of 512 bits', '403 lti-unknown-key', json([jwkOf(short.publicKey)]), (claims) =>
    signed({ alg: 'RS256', kid: 'own' }, claims, short.privateKey),
  ),
  keySet(
    'a symmetric key',
    '403 lti-algorithm',
    json([{ kty: 'oct', kid: 'own', k: secret.toString('base64url'), alg: 'HS256' }]),
    (claims) =>
      new SignJWT(claims as Record<string, unknown>)
        .setProtectedHeader({ alg: 'HS256', kid: 'own' })
        .sign(secret),
  ),
  keySet(
    'a symmetric key that calls itself RS256',
    '403 lti-unknown-key',
    json([{ kty: 'oct', kid: 'own', k: secret.toString('base64url'), alg: 'RS256' }]),
  ),
  keySet('a key for encryption', '403 lti-unknown-key', json([jwkOf(pair.publicKey, { use: 'enc' })])),
  keySet('a private key, published', '303', json([jwkOf(pair.privateKey)])),
  ...[
    'https://127.0.0.1/jwks',
    'https://10.0.0.1/jwks',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/jwks',
    'https://[::ffff:127.0.0.1]/jwks',
    'https://0x7f.1/jwks',
    'https://2130706433/jwks',
    'https://localhost/jwks',
  ].map(inside),
];
