import { expect } from 'chai';
import { generateKeyPairSync } from 'node:crypto';
import { createJwksCache, JwksError } from '../../src/lti/keys/jwks.js';
import type { Outbound } from '../../src/lti/transport/outbound.js';
import { DAY, ManualClock, MINUTE, SECOND } from '../../src/shared/clock.js';

const URL_ = 'https://lms.example.org/jwks';

const jwk = (kid: string | undefined, bits = 2048) => ({
  ...generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' }),
  ...(kid !== undefined && { kid }),
  alg: 'RS256',
  use: 'sig',
});

/** An LMS's key set that can be changed, counts its visitors and can be down. */
function keySet(keys: object[]) {
  const state = { keys, visits: 0, down: false, body: undefined as string | undefined };
  const outbound: Outbound = {
    send: () => {
      state.visits += 1;
      if (state.down) return Promise.resolve({ status: 503, headers: {}, body: '' });
      return Promise.resolve({
        status: 200,
        headers: {},
        body: state.body ?? JSON.stringify({ keys: state.keys }),
      });
    },
    check: (url) => new URL(url),
    close: () => Promise.resolve(),
  };
  const clock = new ManualClock('2026-11-23T10:00:00Z');
  return { state, clock, cache: createJwksCache(outbound, clock) };
}

async function reasonOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'found';
  } catch (error) {
    if (error instanceof JwksError) return error.reason;
    throw error;
  }
}

describe('JWKS cache', () => {
  it('fetches once for many launches', async () => {
    const { state, cache } = keySet([jwk('a')]);
    await Promise.all(Array.from({ length: 20 }, () => cache.keyFor(URL_, 'a')));
    await cache.keyFor(URL_, 'a');
    expect(state.visits).to.equal(1);
  });

  it('looks for keys again after the clock was put back', async () => {
    const { state, cache, clock } = keySet([jwk('a')]);
    await cache.keyFor(URL_, 'a');
    expect(await reasonOf(cache.keyFor(URL_, 'b'))).to.equal('unknown-key');
    clock.advance(-DAY);
    state.down = true;
    expect(await reasonOf(cache.keyFor(URL_, 'a'))).to.equal('unreachable');
    clock.advance(-DAY);
    Object.assign(state, { down: false, keys: [jwk('b')] });
    expect(await reasonOf(cache.keyFor(URL_, 'b'))).to.equal('found');
  });

  it('requests the set at once for the first unknown kid, then at most once a minute', async () => {
    const { state, cache, clock } = keySet([jwk('a')]);
    await cache.keyFor(URL_, 'a');
    state.keys = [jwk('b')];
    expect(await reasonOf(cache.keyFor(URL_, 'b'))).to.equal('found');
    expect(state.visits).to.equal(2);
    for (let i = 0; i < 50; i++)
      expect(await reasonOf(cache.keyFor(URL_, `forged${i}`))).to.equal('unknown-key');
    expect(state.visits).to.equal(2);
    clock.advance(MINUTE);
    expect(await reasonOf(cache.keyFor(URL_, 'forged'))).to.equal('unknown-key');
    expect(state.visits).to.equal(3);
  });

  it('renews an old set in the background and uses the old key meanwhile', async () => {
    const { state, cache, clock } = keySet([jwk('a')]);
    await cache.keyFor(URL_, 'a');
    clock.advance(11 * MINUTE);
    state.down = true;
    expect(await reasonOf(cache.keyFor(URL_, 'a'))).to.equal('found');
    expect(state.visits).to.equal(2);
  });

  it('does not use a set older than a day', async () => {
    const { state, cache, clock } = keySet([jwk('a')]);
    await cache.keyFor(URL_, 'a');
    clock.advance(DAY + 1);
    state.down = true;
    expect(await reasonOf(cache.keyFor(URL_, 'a'))).to.equal('unreachable');
  });

  it('pauses requests to an LMS that is down', async () => {
    const { state, cache, clock } = keySet([jwk('a')]);
    state.down = true;
    for (let i = 0; i < 10; i++) expect(await reasonOf(cache.keyFor(URL_, 'a'))).to.equal('unreachable');
    expect(state.visits).to.equal(1);
    state.down = false;
    clock.advance(5 * SECOND);
    expect(await reasonOf(cache.keyFor(URL_, 'a'))).to.equal('found');
  });

  it('takes keys beside entries that cannot be read', async () => {
    const { cache } = keySet([null, 5, 'x', [], { kty: 'RSA' }, jwk('a')] as object[]);
    expect(await reasonOf(cache.keyFor(URL_, 'a'))).to.equal('found');
  });

  it('ignores keys that are not RSA signature keys of 2048 bits', async () => {
    const { cache } = keySet([
      jwk('short', 1024),
      { kty: 'oct', kid: 'symmetric', k: 'c2VjcmV0', alg: 'HS256' },
      { ...jwk('enc'), use: 'enc' },
      { ...jwk('ps'), alg: 'PS256' },
      { kty: 'RSA', kid: 'broken', n: 5, e: 'AQAB' },
      { kty: 'RSA', kid: 'empty', n: '', e: '' },
      {
        ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
        kid: 'ec',
      },
      jwk('good'),
    ]);
    for (const kid of ['short', 'symmetric', 'enc', 'ps', 'broken', 'empty', 'ec']) {
      expect(await reasonOf(cache.keyFor(URL_, kid)), kid).to.equal('unknown-key');
    }
    expect(await reasonOf(cache.keyFor(URL_, 'good'))).to.equal('found');
  });

  for (const [what, body] of [
    ['not JSON', '<html>'],
    ['no keys', '{}'],
    ['keys of another kind', '{"keys":"x"}'],
    ['very many keys', JSON.stringify({ keys: Array.from({ length: 101 }, () => ({})) })],
  ] as const) {
    it(`an answer that is ${what} is no key set`, async () => {
      const { state, cache } = keySet([]);
      state.body = body;
      expect(await reasonOf(cache.keyFor(URL_, 'a'))).to.equal('unreachable');
    });
  }
});
