import { expect } from 'chai';
import { createHmac } from 'node:crypto';
import { Browser, launchLink, type LinkLaunch } from '../support/lms.js';
import { startHouse, type House } from '../support/house.js';

/**
 * Holes of bare ltijs 5.9.9, by the numbers of the list in docs/adr/0002: each test is the attack, and fails
 * when the hole opens.
 */
describe('holes of ltijs, closed', () => {
  let house: House;
  before(async () => {
    house = await startHouse();
  });
  after(() => house.close());

  const login = (params: [string, string][] | Record<string, string>, path = '/lti/login') =>
    fetch(`${house.origin}${path}?${new URLSearchParams(params).toString()}`, {
      redirect: 'manual',
      // A browser that has been here before, and is not asked whether it keeps cookies.
      headers: { cookie: 'cookies=1' },
    });

  const honestLogin = (): Record<string, string> => ({
    iss: house.lms.origin,
    client_id: house.registration.clientId,
    login_hint: '5',
    target_link_uri: `${house.origin}/lti/launch`,
  });

  const postLaunch = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${house.origin}/lti/launch`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body,
    });

  const student = { person: '101', course: '2' } as const;
  const attack = (options: Partial<LinkLaunch>) =>
    launchLink(house.lms, { ...student, follow: false, ...options });

  async function codeOf(response: Response): Promise<string> {
    return ((await response.json()) as { code: string }).code;
  }
  const asJson = { accept: 'application/json' };

  it('1: a state that is no state does not end the process', async () => {
    for (const state of ['a b', 'a;b', '../..', '\u0000', 'ы'.repeat(60), 'f'.repeat(51), '']) {
      const response = await postLaunch(new URLSearchParams({ id_token: 'x.y.z', state }).toString());
      expect(response.status, state).to.be.within(400, 403);
    }
    expect((await fetch(`${house.origin}/healthz`)).status).to.equal(200);
  });

  it('2: operators in parameters reach no query', async () => {
    const attempts: [string, string][][] = [
      [
        ['iss[$regex]', '.*'],
        ...Object.entries({ ...honestLogin(), iss: '' }).filter(([, value]) => value !== ''),
      ],
      [
        ['iss[$ne]', 'x'],
        ['client_id[$ne]', 'x'],
        ['login_hint', '1'],
        ['target_link_uri', `${house.origin}/lti/launch`],
      ],
      [...Object.entries(honestLogin()), ['client_id', 'second']],
      [...Object.entries(honestLogin()), ['iss', house.lms.origin]],
    ];
    for (const attempt of attempts) {
      const response = await login(attempt);
      expect(response.status, JSON.stringify(attempt)).to.equal(400);
    }
    const state = 'a'.repeat(50);
    for (const body of [
      `state[$ne]=x&id_token=a.b.c`,
      `state=${state}&state=${state}&id_token=a.b.c`,
      `state=${state}&id_token[]=a.b.c`,
    ]) {
      const response = await postLaunch(body);
      expect(response.status, body).to.equal(400);
    }
  });

  it('2: a parameter in the query and in the body is doubled as well', async () => {
    const response = await fetch(`${house.origin}/lti/login?iss=x`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...asJson },
      body: new URLSearchParams(honestLogin()),
    });
    expect(response.status).to.equal(400);
    expect(await codeOf(response)).to.equal('lti-doubled-parameter');
  });

  it('3: a token with another nonce than its login, or none, is refused', async () => {
    for (const nonce of ['another', '', undefined]) {
      const { response } = await attack({ forge: ({ claims }) => ({ ...claims, nonce }) });
      expect(response.status, String(nonce)).to.be.oneOf([400, 403]);
    }
  });

  it('3: the same launch many times at once comes in exactly once', async () => {
    // Everything up to the launch address, then the same form from the same browser, many times at once.
    const browser = new Browser({ framedBy: house.lms.origin });
    let posted: Record<string, string> = {};
    await attack({
      browser,
      forge: ({ jwt, state }) => {
        posted = { id_token: jwt, state };
        return 'not.sent.now';
      },
      changePost: { state: undefined },
    });
    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        browser.post(`${house.origin}/lti/launch`, posted, { from: house.lms.origin, follow: false }),
      ),
    );
    expect(answers.filter(({ status }) => status === 303)).to.have.length(1);
    expect(answers.filter(({ status }) => status === 403)).to.have.length(11);
  });

  it('3: a nonce cannot be foretold: it is ours and long', async () => {
    const nonces = await Promise.all(
      Array.from({ length: 5 }, async () =>
        new URL((await login(honestLogin())).headers.get('location')!).searchParams.get('nonce')!,
      ),
    );
    expect(new Set(nonces).size).to.equal(5);
    // 25 letters and digits of Math.random is what ltijs would have sent.
    for (const nonce of nonces) expect(nonce).to.match(/^[\w-]{32}$/);
  });

  const now = () => Math.floor(Date.now() / 1000);
  const times: [string, () => Record<string, unknown>][] = [
    ['exp missing', () => ({ exp: undefined })],
    ['exp as text', () => ({ exp: String(now() + 60) })],
    ['exp in the past', () => ({ exp: now() - 1 })],
    ['exp negative', () => ({ exp: -1 })],
    ['exp more than a day after iat', () => ({ exp: now() + 90_000 })],
    ['iat missing', () => ({ iat: undefined })],
    ['iat two minutes ahead', () => ({ iat: now() + 120, exp: now() + 180 })],
    ['iat eleven minutes old', () => ({ iat: now() - 660 })],
    ['iat as text', () => ({ iat: 'now' })],
  ];
  for (const [what, change] of times) {
    it(`4: ${what}`, async () => {
      const { response } = await attack({ forge: ({ claims }) => ({ ...claims, ...change() }) });
      expect(response.status).to.be.oneOf([400, 403]);
    });
  }

  const client = () => house.registration.clientId;
  const audiences: [string, () => Record<string, unknown>][] = [
    ['another audience', () => ({ aud: 'other' })],
    ['a further audience', () => ({ aud: [client(), 'other'] })],
    ['a further audience with azp', () => ({ aud: [client(), 'other'], azp: client() })],
    ['azp of another', () => ({ azp: 'other' })],
    ['no audience', () => ({ aud: undefined })],
    ['an empty list of audiences', () => ({ aud: [] })],
  ];
  for (const [what, change] of audiences) {
    it(`4: ${what}`, async () => {
      const { response } = await attack({ forge: ({ claims }) => ({ ...claims, ...change() }) });
      expect(response.status).to.be.oneOf([400, 403]);
    });
  }

  it('4: one audience in a list is one audience', async () => {
    const { response } = await attack({ forge: ({ claims }) => ({ ...claims, aud: [client()] }) });
    expect(response.status).to.equal(303);
  });

  it('4: an unknown deployment is 403 and says which', async () => {
    const { response } = await attack({
      forge: ({ claims }) => ({
        ...claims,
        'https://purl.imsglobal.org/spec/lti/claim/deployment_id': '<b>77',
      }),
    });
    expect(response.status).to.equal(403);
    expect(response.text)
      .to.contain('lti-unknown-deployment')
      .and.to.contain('&lt;b&gt;77')
      .and.not.to.contain('<b>77');
  });

  it('4: the client at login is the client at launch', async () => {
    const other = await house.app.lti.registrations.add({
      issuer: house.lms.origin,
      clientId: 'second-client',
      authUrl: house.registration.authUrl,
      tokenUrl: house.registration.tokenUrl,
      jwksUrl: house.registration.jwksUrl,
      deployments: ['9'],
    });
    const { response } = await attack({
      forge: ({ claims }) => ({
        ...claims,
        aud: other.clientId,
        'https://purl.imsglobal.org/spec/lti/claim/deployment_id': '9',
      }),
    });
    expect(response.status).to.equal(403);
  });

  it('5: no origin is given CORS rights', async () => {
    for (const path of ['/lti/keys', '/lti/login', '/directory', '/c/x/']) {
      const response = await fetch(`${house.origin}${path}`, { headers: { origin: 'https://evil.example' } });
      expect(response.headers.get('access-control-allow-origin'), path).to.equal(null);
      expect(response.headers.get('access-control-allow-credentials'), path).to.equal(null);
    }
  });

  it('6: nothing is redirected away from our origin', async () => {
    for (const path of [
      '//evil.example/',
      '/lti//evil.example/',
      '/lti/launch//evil.example',
      '//evil.example/?lang=en',
      '/\\evil.example?lang=en',
    ]) {
      for (const method of ['GET', 'POST']) {
        const response = await fetch(`${house.origin}${path}`, {
          method,
          redirect: 'manual',
          ...(method === 'POST' && { body: new URLSearchParams({ id_token: 'x', state: 'y' }) }),
        });
        const location = response.headers.get('location');
        if (location !== null) expect(new URL(location, house.origin).origin, path).to.equal(house.origin);
        else expect(response.status, path).to.be.within(400, 499);
      }
    }
  });

  it('6: only known targets on our own origin', async () => {
    const targets = [
      'https://evil.example/lti/launch',
      `${house.origin}.evil.example/lti/launch`,
      `${house.origin}@evil.example/lti/launch`,
      `${house.origin}/other`,
      `${house.origin}/lti/launch/../../x`,
      'javascript:alert(1)',
      '//evil.example',
    ];
    for (const target of targets) {
      const response = await login({ ...honestLogin(), target_link_uri: target });
      expect(response.status, target).to.equal(400);
      const { response: launched } = await attack({
        forge: ({ claims }) => ({
          ...claims,
          'https://purl.imsglobal.org/spec/lti/claim/target_link_uri': target,
        }),
      });
      expect(launched.status, target).to.equal(400);
    }
  });

  it('7: a launch gives a new session id each time, and a fixed one is not taken', async () => {
    const browser = new Browser({ framedBy: house.lms.origin });
    browser.setCookie(house.origin, 'nastavnik=s%3Afixed.signature; Secure; SameSite=None; Partitioned');
    const one = await house.launch({ ...student, browser });
    const first = browser.cookie(house.origin, 'nastavnik');
    await house.launch({ ...student, browser });
    const second = browser.cookie(house.origin, 'nastavnik');
    expect(first).to.be.a('string').and.not.contain('fixed');
    expect(second).to.be.a('string').and.not.equal(first);
    // The old id is dead, not only forgotten by this browser.
    const stolen = await fetch(`${house.origin}/c/${one.key}/`, {
      headers: { cookie: `nastavnik=${first}` },
    });
    expect(stolen.status).to.equal(401);
  });

  it('7: a session ends when nobody uses it', async () => {
    const visitor = await house.launch(student);
    house.clock.advance(7 * 3_600_000);
    expect((await visitor.get('')).status).to.equal(200);
    house.clock.advance(7 * 3_600_000);
    expect((await visitor.get('')).status).to.equal(200);
    house.clock.advance(8 * 3_600_000);
    expect((await visitor.get('')).status).to.equal(401);
  });

  it('7: no ltik opens anything', async () => {
    const payload = Buffer.from(
      JSON.stringify({ platformUrl: house.lms.origin, user: '2', contextId: 'x' }),
    ).toString('base64url');
    const head = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');
    const ltik = `${head}.${payload}.${createHmac('sha256', '').update(`${head}.${payload}`).digest('base64url')}`;
    for (const path of [`/lti/launch?ltik=${ltik}`, `/lti/?ltik=${ltik}`, `/c/x/?ltik=${ltik}`]) {
      const response = await fetch(`${house.origin}${path}`, {
        headers: { authorization: `Bearer ${ltik}` },
      });
      expect(response.status, path).to.be.within(400, 499);
    }
  });

  it('8: dynamic registration is not there without a link', async () => {
    for (const method of ['GET', 'POST']) {
      const response = await fetch(
        `${house.origin}/lti/register?openid_configuration=http://169.254.169.254/`,
        { method },
      );
      expect(response.status, method).to.be.within(400, 499);
    }
  });

  it('9: one sub at two registrations is two people', async () => {
    const one = await house.launch(student);
    const people = house.storage.connection.model('Person');
    const count = await people.countDocuments({ sub: '101' });
    // The same LMS registers the tool a second time: another client id, the same people's numbers.
    const tool = house.lms.control.registerTool({ url: house.origin });
    await house.app.lti.registrations.add({
      issuer: house.lms.origin,
      clientId: tool.clientId,
      authUrl: house.registration.authUrl,
      tokenUrl: house.registration.tokenUrl,
      jwksUrl: house.registration.jwksUrl,
      deployments: [tool.deploymentId],
    });
    const two = await house.launch({ ...student, link: house.lms.control.homeLink('2', tool.id).id });
    expect(two.key).not.to.equal(one.key);
    expect(await people.countDocuments({ sub: '101' })).to.equal(count + 1);
  });

  it('10: ltijs neither listens to signals nor can end the process', () => {
    expect(process.listenerCount('SIGINT')).to.equal(0);
  });

  it('refused already: alg none, HS256 with the public key, other RS', async () => {
    const hs = await attack({
      forge: async ({ claims }) =>
        house.lms.control.signIdToken(claims, {
          header: { alg: 'HS256' },
          key: new TextEncoder().encode(house.lms.control.publicKeyPem()),
        }),
    });
    expect(hs.response.status).to.equal(403);
    const none = await attack({
      forge: ({ claims, header }) =>
        [{ ...header, alg: 'none' }, claims]
          .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
          .join('.') + '.x',
    });
    expect(none.response.status).to.equal(403);
    const rs512 = await attack({
      forge: ({ claims }) => house.lms.control.signIdToken(claims, { header: { alg: 'RS512' } }),
    });
    expect(rs512.response.status).to.equal(403);
  });

  it('a tampered token is refused, and the login is used up', async () => {
    const { response } = await attack({
      forge: ({ jwt }) => {
        const [head, body = '', signature] = jwt.split('.');
        const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
        const changed = Buffer.from(JSON.stringify({ ...claims, sub: '2' })).toString('base64url');
        return [head, changed, signature].join('.');
      },
    });
    expect(response.status).to.equal(403);
    expect(response.text).to.contain('lti-token-refused');
  });
});
