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
  /** What the token endpoint answers in place of a token. */
  let given: { readonly status: number; readonly body: string } | null;
  /** What services answer in place of members. */
  let refusal: string | null = null;
  let used: (string | undefined)[] = [];

  before(async () => {
    testApp = await startTestApp();
    given = null;
    server = createServer((req, res) => {
      let body = '';
      req.setEncoding('utf8').on('data', (part: string) => (body += part));
      req.on('end', () => {
        res.setHeader('content-type', 'application/json');
        const { authorization, 'content-type': type } = req.headers;
        if (req.url === '/token') {
          asked.push({ type, authorization, form: new URLSearchParams(body) });
          // Opaque to us, whatever it looks like.
          if (given === null)
            res.end(JSON.stringify({ access_token: `{"n":${asked.length}}`, expires_in: 600 }));
          else res.writeHead(given.status).end(given.body);
        } else {
          used.push(authorization);
          if (refusal === null) res.end(JSON.stringify({ id: 'x', members: [{ user_id: '1', roles: [] }] }));
          else res.writeHead(403).end(`${refusal} ${authorization ?? ''}`);
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
    given = null;
    refusal = null;
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

  const failure = async (): Promise<string> => {
    try {
      await call();
      return '';
    } catch (error) {
      for (let cause = error; cause instanceof Error; cause = cause.cause) {
        expect(cause.message, cause.name).not.to.contain('sesame');
      }
      return error instanceof Error ? error.message : 'no error';
    }
  };

  it('takes a token with any status of success, and JSON with a byte order mark', async () => {
    for (const [status, mark] of [
      [201, ''],
      [200, '\ufeff'],
    ] as const) {
      testApp.clock.advance(3_600_000);
      given = { status, body: `${mark}{"access_token":"sesame","expires_in":600}` };
      await call();
      expect(used.at(-1)).to.equal('Bearer sesame');
    }
  });

  it('keeps nothing of an answer but its error', async () => {
    const answers: [number, string, string][] = [
      [200, '{"access_token":["sesame"]}', '200'],
      [200, 'access_token=sesame', '200'],
      [200, '<p>sesame</p>', '200'],
      [400, '{"access_token":"sesame","message":"sesame"}', '400'],
      [302, '{"detail":"sesame"}', '302'],
      [200, '{"error":"invalid_client","token":"sesame"}', '200 invalid_client'],
      [400, '{"error":"invalid_client","error_description":"No such key"}', '400 No such key'],
      [200, '{"access_token":"sesame"', '200'],
    ];
    for (const [status, body, message] of answers) {
      given = { status, body };
      expect(await failure(), body).to.equal(message);
    }
  });

  it('leaves no token in the words of a service that repeats it', async () => {
    given = { status: 200, body: '{"access_token":"sesame"}' };
    refusal = 'Forbidden:';
    expect(await failure()).to.equal('403 Forbidden: Bearer …');
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
