import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import type { Registration } from '../../src/lti/index.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { listening } from '../support/listening.js';

interface Asked {
  readonly type: string | undefined;
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
}

/** Security Framework 4.1.1, as a platform sees it. */
describe('a request for an access token', () => {
  let testApp: TestApp;
  let server: Server;
  let registration: Registration;
  let asked: Asked[] = [];
  let used: (string | undefined)[] = [];

  before(async () => {
    testApp = await startTestApp();
    server = createServer((req, res) => {
      let body = '';
      req.setEncoding('utf8').on('data', (part: string) => (body += part));
      req.on('end', () => {
        res.setHeader('content-type', 'application/json');
        const { authorization, 'content-type': type } = req.headers;
        if (req.url === '/token') {
          asked.push({ type, authorization, form: new URLSearchParams(body) });
          // Opaque to us, whatever it looks like.
          res.end(JSON.stringify({ access_token: `{"n":${asked.length}}`, expires_in: 600 }));
        } else {
          used.push(authorization);
          res.end(JSON.stringify({ id: 'x', members: [{ user_id: '1', roles: [] }] }));
        }
      });
    });
    const origin = await listening(server);
    registration = await testApp.app.lti.registrations.add({
      issuer: origin,
      clientId: 'client of ours',
      authUrl: `${origin}/auth`,
      tokenUrl: `${origin}/token`,
      jwksUrl: `${origin}/jwks`,
      deployments: ['1'],
    });
  });
  after(async () => {
    await testApp.close();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    asked = [];
    used = [];
    testApp.clock.advance(3_600_000);
  });

  const call = () => testApp.app.lti.memberships.members(registration, `${registration.issuer}/members`);
  const assertion = (): string => asked.at(-1)?.form.get('client_assertion') ?? '';

  it('is a form with a signed assertion and the scopes, without a secret', async () => {
    await call();
    const [{ type, authorization, form }] = asked as [Asked];
    expect(type).to.equal('application/x-www-form-urlencoded');
    expect(authorization).to.equal(undefined);
    expect([...form.keys()].sort()).to.deep.equal([
      ...['client_assertion', 'client_assertion_type', 'grant_type', 'scope'],
    ]);
    expect(form.get('grant_type')).to.equal('client_credentials');
    expect(form.get('client_assertion_type')).to.equal(
      'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    );
    expect(form.get('scope')).to.equal(
      'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
    );
  });

  it('contains issuer, audience and lifetime, signed by a published key', async () => {
    await call();
    const keys = (await (await fetch(`${testApp.origin}/lti/keys`)).json()) as JSONWebKeySet;
    const { payload } = await jwtVerify(assertion(), createLocalJWKSet(keys), {
      algorithms: ['RS256'],
      currentDate: testApp.clock.now(),
    });
    const now = testApp.clock.now().getTime() / 1_000;
    expect(payload).to.include({ iss: 'client of ours', sub: 'client of ours', aud: registration.tokenUrl });
    expect(payload.iat)
      .to.be.at.most(now)
      .and.above(now - 60);
    expect(payload.exp).to.be.above(now);
    expect(payload.exp! - payload.iat!).to.be.at.most(300);
    expect(payload.jti).to.be.a('string').and.have.length.at.least(20);
    // Keys are agreed upon at registration (5.4): the header tells of none.
    expect(Object.keys(decodeProtectedHeader(assertion())).sort()).to.deep.equal(['alg', 'kid', 'typ']);
  });

  it('is for the authorization server where the platform names one', async () => {
    const named = { ...registration, id: 'another', tokenAudience: 'urn:lms:tokens' };
    await testApp.app.lti.memberships.members(named, `${registration.issuer}/members`);
    expect(decodeJwt(assertion()).aud).to.equal('urn:lms:tokens');
  });

  it('is sent once per lifetime of its token, each time with a new assertion', async () => {
    await call();
    await call();
    expect(asked).to.have.length(1);
    expect(used).to.deep.equal(['Bearer {"n":1}', 'Bearer {"n":1}']);
    const first = assertion();
    testApp.clock.advance(601_000);
    await call();
    expect(asked).to.have.length(2);
    expect(used.at(-1)).to.equal('Bearer {"n":2}');
    expect(assertion()).not.to.equal(first);
  });
});
