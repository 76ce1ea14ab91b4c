import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { startLms } from '../support/lms.js';
import { openLab, type Lab } from './lab.js';
import { accessToken, askToken, assertion, grantFields, type AssertionChanges } from './tool.js';

const SCORE = 'https://purl.imsglobal.org/spec/lti-ags/scope/score';
const LINE_ITEM = 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem';

describe('demo LMS: access tokens', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab();
  });
  afterEach(() => lab.close());

  async function ask(changes: AssertionChanges = {}, scope?: string) {
    const response = await askToken(
      lab.lms,
      grantFields(await assertion(lab.lms, lab.tool, 'tool-1', changes), scope),
    );
    const text = await response.text();
    return { status: response.status, response, text, json: JSON.parse(text) as Record<string, unknown> };
  }
  const now = () => Math.floor(lab.clock.now().getTime() / 1000);

  it('grants every scope asked for, as JSON that calls itself HTML', async () => {
    const { status, response, json, text } = await ask();
    expect(status).to.equal(200);
    expect(response.headers.get('content-type')).to.equal('text/html; charset=utf-8');
    expect(json).to.include({ token_type: 'Bearer', expires_in: 3600 });
    expect(json.access_token).to.match(/^[0-9a-f]{32}$/);
    expect(text).to.match(/^\{\n {2}"access_token" : "/);
  });

  it('leaves scopes it cannot give out of the answer without a word', async () => {
    const { status, json } = await ask({}, `${SCORE} https://example.org/scope/unknown`);
    expect(status).to.equal(200);
    expect(json.scope).to.equal(SCORE);
    lab.lms.control.changeTool(lab.registered.id, { scopes: [LINE_ITEM] });
    expect((await ask({}, `${SCORE} ${LINE_ITEM}`)).json.scope).to.equal(LINE_ITEM);
  });

  it('refuses when nothing is left to give', async () => {
    const { status, json } = await ask({}, 'https://example.org/scope/unknown');
    expect({ status, json }).to.deep.equal({ status: 400, json: { error: 'invalid_scope' } });
  });

  const refused: readonly [string, () => AssertionChanges, string][] = [
    ['an unknown client', () => ({ claims: { sub: 'nobody' } }), 'invalid_client'],
    ['another issuer', () => ({ claims: { iss: 'nobody' } }), 'invalid_client'],
    ['an expired assertion', () => ({ claims: { exp: now() } }), 'Expired token'],
    [
      'an assertion 5 s from the future',
      () => ({ claims: { iat: now() + 5 } }),
      'Cannot handle token with iat prior to 2026-11-23T08:32:19+0300',
    ],
    [
      'another key',
      () => ({ key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey }),
      'Signature verification failed',
    ],
    ['an unknown kid', () => ({ kid: 'other' }), '"kid" invalid, unable to lookup correct key'],
  ];
  for (const [name, changes, error] of refused) {
    it(`refuses ${name} with 400`, async () => {
      const { status, json } = await ask(changes());
      expect({ status, json }).to.deep.equal({ status: 400, json: { error } });
    });
  }

  it('refuses a request without scope, as JSON or by GET', async () => {
    const fields = grantFields(await assertion(lab.lms, lab.tool, 'tool-1'));
    const { scope: _scope, ...without } = fields;
    const url = `${lab.lms.origin}/mod/lti/token.php`;
    const answers = [
      await askToken(lab.lms, without),
      await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fields),
      }),
      await fetch(`${url}?${new URLSearchParams(fields).toString()}`),
    ];
    for (const answer of answers) {
      expect(answer.status).to.equal(400);
      expect(JSON.parse(await answer.text())).to.deep.equal({ error: 'invalid_request' });
    }
  });

  it('refuses an assertion shown twice, without jti, or for another audience', async () => {
    const fields = grantFields(await assertion(lab.lms, lab.tool, 'tool-1'));
    expect((await askToken(lab.lms, fields)).status).to.equal(200);
    expect((await askToken(lab.lms, fields)).status).to.equal(400);
    expect((await ask({ claims: { jti: undefined } })).status).to.equal(400);
    expect((await ask({ claims: { aud: 'https://example.org' } })).status).to.equal(400);
    expect((await ask({ claims: { aud: lab.lms.origin } })).status).to.equal(200);
    expect((await ask({ claims: { aud: ['https://example.org', lab.lms.origin] } })).status).to.equal(200);
  });

  it('lets these pass when told to be as lenient as the recorded platform', async () => {
    await lab.close();
    lab = await openLab({ strict: false });
    expect((await ask({ claims: { jti: undefined } })).status).to.equal(200);
    expect((await ask({ claims: { aud: 'https://example.org' } })).status).to.equal(200);
  });

  it('refuses a pending tool', async () => {
    lab.lms.control.changeTool(lab.registered.id, { state: 'pending' });
    expect((await ask()).json).to.deep.equal({ error: 'invalid_client' });
  });

  it('gives tokens that end after an hour, or when revoked', async () => {
    const accept = 'application/vnd.ims.lis.v2.lineitemcontainer+json';
    const status = async (token: string) => (await lab.call('/2/lineitems', { accept, token })).status;
    const token = await accessToken(lab.lms, lab.tool, 'tool-1');
    lab.lms.control.clock.advance(3_599_000);
    expect(await status(token)).to.equal(200);
    lab.lms.control.clock.advance(1_000);
    expect(await status(token)).to.equal(401);
    const other = await accessToken(lab.lms, lab.tool, 'tool-1');
    lab.lms.control.revokeTokens();
    expect(await status(other)).to.equal(401);
  });

  it('serves deployments that share a client with one token', async () => {
    const { control } = lab.lms;
    const second = control.registerTool({ url: lab.tool.url, clientId: 'tool-1', homeLinks: false });
    expect(second.deploymentId).to.not.equal(lab.registered.deploymentId);
    const { status } = await lab.call(`/2/lineitems?type_id=${second.id}`, {
      accept: 'application/vnd.ims.lis.v2.lineitemcontainer+json',
    });
    expect(status).to.equal(200);
  });

  it('signs with a new key when told to, publishing the old one too or not', async () => {
    const lms = await startLms();
    const kids = async () => {
      const { keys } = (await (await fetch(`${lms.origin}/mod/lti/certs.php`)).json()) as {
        keys: Record<string, unknown>[];
      };
      for (const key of keys) expect(key).to.have.all.keys('kty', 'alg', 'kid', 'e', 'n', 'use');
      return keys.map(({ kid }) => kid);
    };
    try {
      const [first] = await kids();
      lms.control.rotateKey();
      const [second, third] = await kids();
      expect(third).to.equal(first);
      lms.control.rotateKey({ keepOld: false });
      expect(await kids())
        .to.have.length(1)
        .and.not.include(second);
    } finally {
      await lms.close();
    }
  });
});
