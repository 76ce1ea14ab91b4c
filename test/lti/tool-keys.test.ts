import { expect } from 'chai';
import { createPublicKey } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { startTestApp, type TestApp } from '../support/test-app.js';

const DAY_MS = 86_400_000;

describe('tool keys', () => {
  let testApp: TestApp;
  beforeEach(async () => {
    testApp = await startTestApp();
  });
  afterEach(() => testApp.close());

  async function publishedKids(): Promise<string[]> {
    const { keys } = (await (await fetch(`${testApp.origin}/lti/keys`)).json()) as {
      keys: { kid: string }[];
    };
    return keys.map(({ kid }) => kid);
  }
  async function signerKid(): Promise<string | undefined> {
    const jwt = await testApp.app.lti.deepLinkingResponse({
      registration: testApp.registration,
      deploymentId: '1',
      items: [],
    });
    return decodeProtectedHeader(jwt).kid;
  }

  it('are published as RSA keys of 2048 bits for RS256 with an id, without private members', async () => {
    await testApp.app.lti.keys.rotate();
    const response = await fetch(`${testApp.origin}/lti/keys`);
    const { keys } = (await response.json()) as { keys: Record<string, string>[] };
    expect(keys).to.have.lengthOf(2);
    expect(new Set(keys.map(({ kid }) => kid)).size).to.equal(2);
    for (const jwk of keys) {
      expect(jwk)
        .to.include({ kty: 'RSA', alg: 'RS256', use: 'sig' })
        .and.to.have.property('kid')
        .that.is.a('string');
      expect(createPublicKey({ key: jwk, format: 'jwk' }).asymmetricKeyDetails?.modulusLength).to.be.at.least(
        2048,
      );
      expect(jwk).not.to.have.any.keys('d', 'p', 'q', 'dp', 'dq', 'qi');
    }
  });

  it('are published a day before they sign and for a month after', async () => {
    const [first] = await publishedKids();
    const { kid: second } = await testApp.app.lti.keys.rotate();
    expect(await publishedKids()).to.deep.equal([second, first]);
    expect(await signerKid()).to.equal(first);

    testApp.clock.advance(DAY_MS);
    expect(await signerKid()).to.equal(second);
    expect(await publishedKids()).to.deep.equal([second, first]);

    testApp.clock.advance(30 * DAY_MS);
    expect(await publishedKids()).to.deep.equal([second]);
    expect(await signerKid()).to.equal(second);
  });

  it('have one next key after two rotations, or several at once', async () => {
    const made = await Promise.all(Array.from({ length: 3 }, () => testApp.app.lti.keys.rotate()));
    expect(new Set(made.map(({ kid }) => kid)).size).to.equal(1);
    expect((await testApp.app.lti.keys.rotate()).kid).to.equal(made[0]?.kid);
    expect(await publishedKids()).to.have.lengthOf(2);
  });

  it('are accepted by the platform after a rotation', async () => {
    await testApp.app.lti.keys.rotate();
    testApp.clock.advance(DAY_MS);
    const link = testApp.lms.control.homeLink('2');
    await testApp.launch({ person: '101', course: '2', link: link.id });
    const before = testApp.lms.control.faults.calls.token;
    const problems = await testApp.app.lti.scores.sendScore(
      { registration: testApp.registration, scopes: null },
      `${testApp.lms.origin}/mod/lti/services.php/2/lineitems/999/lineitem?type_id=1`,
      { userId: '101', scoreGiven: 1, scoreMaximum: 1, timestamp: testApp.clock.now() },
    );
    expect(testApp.lms.control.faults.calls.token).to.equal(before + 1);
    // The line item is not there, but the token was granted: no 401 among the reasons.
    expect(JSON.stringify(problems)).not.to.match(/401|invalid_client/);
  });

  it('are sealed in the database', async () => {
    await testApp.app.lti.keys.rotate();
    const rows = await testApp.storage.connection.collection('tool_keys').find().toArray();
    expect(rows).to.have.lengthOf(2);
    expect(JSON.stringify(rows)).not.to.include('PRIVATE KEY');
  });
});
