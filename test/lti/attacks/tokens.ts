import { generateKeyPairSync } from 'node:crypto';
import { CompactEncrypt, CompactSign } from 'jose';
import { encoded, kidOf, signed, type Attack, type Lab } from './lab.js';

/** Tokens that are not what they seem: headers, algorithms, keys, sizes. */

const thief = generateKeyPairSync('rsa', { modulusLength: 2048 });
const REFUSED = '403 lti-token-refused';
const UNKNOWN = '403 lti-unknown-key';

const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** The honest token under another header; whether the signature fits then is beside the point. */
const header = (change: Readonly<Record<string, unknown>>, answer = '403 lti-header'): Attack => ({
  name: `header ${JSON.stringify(change)}`.slice(0, 70),
  answer,
  run: (lab) =>
    lab.token(({ jwt, header: honest }) =>
      [encoded({ ...honest, ...change }), ...jwt.split('.').slice(1)].join('.'),
    ),
});

/** The thief's signature, under a header that tells where the thief's key is to be had. */
const ownKey = (name: string, change: (origin: string) => object, answer: string): Attack => ({
  name,
  answer,
  async run(lab) {
    let asked = 0;
    const jwk = { ...thief.publicKey.export({ format: 'jwk' }), kid: 'thief', alg: 'RS256', use: 'sig' };
    const origin = await lab.serve((_req, res) => {
      asked += 1;
      res.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
    });
    const got = await lab.token(({ claims, header: honest }) =>
      signed({ ...honest, ...change(origin) }, claims, thief.privateKey),
    );
    return asked === 0 ? got : `${got}, after asking the thief for keys`;
  },
});

/** A real signature of another algorithm. */
const signedAs = (alg: string, key: 'rsa' | 'ec'): Attack => ({
  name: `${alg}, well signed, where RS256 is registered`,
  answer: '403 lti-algorithm',
  async run(lab) {
    const pair = key === 'rsa' ? thief : curve;
    const jwk = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'own', alg, use: 'sig' };
    return lab.withKeySet(
      (_req, res) => res.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] })),
      {
        forge: ({ claims }) =>
          new CompactSign(Buffer.from(JSON.stringify(claims)))
            .setProtectedHeader({ alg, kid: 'own' })
            .sign(pair.privateKey),
      },
    );
  },
});

const whole = (name: string, token: string, answer = '400 lti-not-a-token'): Attack => ({
  name,
  answer,
  run: (lab) => lab.token(() => token),
});

const tooLarge = (lab: Lab): Promise<string> =>
  lab.token(({ jwt, claims }) => {
    const [head, , signature] = jwt.split('.');
    return [head, encoded({ ...claims, padding: 'x'.repeat(1024 * 1024) }), signature].join('.');
  });

/** What JSON.parse reads without a word, and a function that calls itself does not. */
const deep = (name: string): string =>
  Buffer.from(`{"${name}":${'['.repeat(50_000)}${']'.repeat(50_000)}}`).toString('base64url');

export const TOKENS: readonly Attack[] = [
  header({ kid: undefined }, '403 lti-header'),
  header({ kid: '../../../../etc/passwd' }, '403 lti-unknown-key'),
  header({ kid: '/dev/null' }, '403 lti-unknown-key'),
  header({ kid: 'https://evil.example/key.pem' }, '403 lti-unknown-key'),
  header({ kid: "' OR 1=1 --" }, '403 lti-unknown-key'),
  header({ kid: '__proto__' }, '403 lti-unknown-key'),
  header({ kid: 'constructor' }, '403 lti-unknown-key'),
  header({ kid: { $ne: 1 } }),
  header({ kid: ['a'] }),
  header({ kid: 5 }),
  header({ kid: '' }),
  header({ kid: 'k'.repeat(256) }),
  {
    name: 'no kid, where the platform has several keys',
    answer: '403 lti-header',
    run: (lab) => {
      const keys = [thief, generateKeyPairSync('rsa', { modulusLength: 2048 })].map(({ publicKey }, at) => ({
        ...publicKey.export({ format: 'jwk' }),
        kid: `k${at}`,
      }));
      return lab.withKeySet((_req, res) => res.end(JSON.stringify({ keys })), {
        forge: ({ claims }) => signed({ alg: 'RS256' }, claims, thief.privateKey),
      });
    },
  },
  ownKey(
    'jwk: the key in the token itself',
    () => ({ jwk: thief.publicKey.export({ format: 'jwk' }) }),
    REFUSED,
  ),
  ownKey('jku: the address of the thief’s key set', (at) => ({ jku: `${at}/jwks`, kid: 'thief' }), UNKNOWN),
  ownKey('jku, with the kid of the honest key', (at) => ({ jku: `${at}/jwks` }), REFUSED),
  ownKey('x5u: the address of the thief’s certificate', (at) => ({ x5u: `${at}/c`, kid: 'x' }), UNKNOWN),
  ownKey('x5c: the thief’s certificate', () => ({ x5c: ['MIIB'] }), REFUSED),
  ownKey('the thief’s signature, nothing else', () => ({}), REFUSED),
  header({ crit: ['exp'] }),
  header({ crit: [] }),
  header({ crit: ['b64'], b64: false }),
  header({ b64: false }),
  header({ zip: 'DEF' }),
  header({ enc: 'A128GCM' }),
  ...['none', 'None', 'nOnE', 'NONE', 'rs256', 'Rs256', 'RS256 ', 'HS256', 'RS384', 'RS512', ''].map((alg) =>
    header({ alg }, '403 lti-algorithm'),
  ),
  header({ alg: ['RS256'] }, '403 lti-algorithm'),
  header({ alg: null }, '403 lti-algorithm'),
  {
    name: 'alg none, with an empty signature',
    answer: '400 lti-not-a-token',
    run: (lab) =>
      lab.token(({ claims, header: honest }) => `${encoded({ ...honest, alg: 'none' })}.${encoded(claims)}`),
  },
  {
    name: 'HS256, signed with the platform’s public key',
    answer: '403 lti-algorithm',
    run: (lab) =>
      lab.token(({ claims }) =>
        lab.testApp.lms.control.signIdToken(claims, {
          header: { alg: 'HS256' },
          key: new TextEncoder().encode(lab.testApp.lms.control.publicKeyPem()),
        }),
      ),
  },
  {
    name: 'RS512, signed by the platform',
    answer: '403 lti-algorithm',
    run: (lab) =>
      lab.token(({ claims }) => lab.testApp.lms.control.signIdToken(claims, { header: { alg: 'RS512' } })),
  },
  signedAs('PS256', 'rsa'),
  signedAs('ES256', 'ec'),
  {
    name: 'JWE: encrypted instead of signed',
    answer: '400 lti-not-a-token',
    run: (lab) =>
      lab.token(({ claims }) =>
        new CompactEncrypt(Buffer.from(JSON.stringify(claims)))
          .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM' })
          .encrypt(thief.publicKey),
      ),
  },
  {
    name: 'claims changed under the platform’s signature',
    answer: REFUSED,
    run: (lab) =>
      lab.token(({ jwt, claims }) => {
        const [head, , signature] = jwt.split('.');
        return [head, encoded({ ...claims, sub: '2' }), signature].join('.');
      }),
  },
  {
    name: 'the signature left out',
    answer: REFUSED,
    run: (lab) => lab.token(({ jwt }) => `${jwt.split('.').slice(0, 2).join('.')}.`),
  },
  {
    name: 'another registration’s key signs for this issuer',
    answer: UNKNOWN,
    async run(lab) {
      const jwk = { ...thief.publicKey.export({ format: 'jwk' }), kid: kidOf('second'), use: 'sig' };
      // A platform in its own right, whose key is known to us by now.
      const forge = ({ claims }: { claims: object }) =>
        signed({ alg: 'RS256', kid: kidOf('second') }, claims, thief.privateKey);
      const own = await lab.withKeySet((_req, res) => res.end(JSON.stringify({ keys: [jwk] })), { forge });
      return own === '303' ? lab.launch({ forge }) : `its own launch: ${own}`;
    },
  },
  { name: 'a token of 1 MB', answer: '413 lti-too-large', run: tooLarge },
  whole('a.b.c', 'a.b.c'),
  whole('two dots', '..'),
  whole('two parts', 'a.b'),
  whole('four parts', 'a.b.c.d'),
  whole('a header that is a list', `${encoded([])}.${encoded({})}.x`),
  whole('a header that is null', `${encoded(null)}.${encoded({})}.x`),
  whole('bytes that are no UTF-8', `${Buffer.from([0xff, 0xfe]).toString('base64url')}.${encoded({})}.x`),
  whole(
    'base64 instead of base64url',
    `${Buffer.from('{"a":"???>>>"}').toString('base64')}=.${encoded({})}.x`,
  ),
  whole('10,000 letters', 'x'.repeat(10_000)),
  ...['iss', 'aud', 'sub', 'nonce', 'vendor'].map((name) =>
    whole(
      `${name}: 50,000 lists in each other`,
      `${encoded({ alg: 'RS256', kid: 'any' })}.${deep(name)}.x`,
      '400 lti-claim',
    ),
  ),
  whole(
    '50,000 brackets',
    `${encoded({ alg: 'RS256' })}.${Buffer.from('['.repeat(50_000)).toString('base64url')}.x`,
  ),
];
