import { expect } from 'chai';
import request from 'supertest';
import { startTestApp, type TestApp, type Visitor } from '../support/test-app.js';

describe('every page', () => {
  let testApp: TestApp;
  let student: Visitor;
  before(async () => {
    testApp = await startTestApp();
    student = await testApp.launch({ person: '101', course: '2' });
  });
  after(() => testApp.close());
  const http = () => request(testApp.app.express);
  const cookie = () => `nastavnik=${student.browser.cookie(testApp.origin, 'nastavnik') ?? ''}`;

  describe('headers', () => {
    it('are set deliberately', async () => {
      const { headers } = await student.get('');
      expect(headers.get('x-powered-by')).to.equal(null);
      expect(headers.get('x-frame-options')).to.equal(null);
      expect(headers.get('cross-origin-opener-policy')).to.equal(null);
      expect(headers.get('x-content-type-options')).to.equal('nosniff');
      expect(headers.get('referrer-policy')).to.equal('strict-origin-when-cross-origin');
      expect(headers.get('permissions-policy')).to.contain('camera=()');
      expect(headers.get('cache-control')).to.equal('no-store');
      expect(headers.get('strict-transport-security'), 'over http').to.equal(null);
    });

    it('HSTS goes out under https', async () => {
      const secure = await startTestApp({ env: { PUBLIC_URL: 'https://tool.example.org' } });
      try {
        const answer = await request(secure.app.express).get('/teachers');
        expect(answer.headers['strict-transport-security']).to.match(/^max-age=\d{8}/);
      } finally {
        await secure.close();
      }
    });

    it('the CSP has a fresh nonce, no unsafe-inline, and names who may frame the page', async () => {
      const [item, two] = [await student.get(''), await student.get('')];
      const csp = item.headers.get('content-security-policy') ?? '';
      expect(csp).not.to.equal(two.headers.get('content-security-policy'));
      expect(csp).to.contain("default-src 'none'").and.not.to.contain('unsafe');
      expect(/frame-ancestors ([^;]*)/.exec(csp)?.[1]?.split(' ')).to.have.members([
        "'self'",
        testApp.lms.origin,
      ]);
      const nonce = /'nonce-([^']+)'/.exec(csp)?.[1] ?? 'none';
      for (const [tag] of item.body.matchAll(/<script[^>]*>/g)) expect(tag).to.contain(`nonce="${nonce}"`);
    });

    it('lead back to the LMS’s course where the tool fills the window', async () => {
      const link = /<small class="back" data-top hidden>\s*<a href="([^"]*)">/.exec(
        (await student.get('')).body,
      );
      expect(link?.[1]).to.match(new RegExp(`^${testApp.lms.origin}/mod/lti/return\\.php\\?course=2&amp;`));
    });

    it('frame-ancestors names origins added by hand, and the launch’s return_url', async () => {
      const { registration } = testApp;
      await testApp.app.lti.registrations.add({
        ...registration,
        frameOrigins: ['https://frames.example.org/x'],
      });
      const visitor = await testApp.launch({ person: '103', course: '2' });
      const csp = (await visitor.get('')).headers.get('content-security-policy') ?? '';
      expect(csp).to.contain('https://frames.example.org').and.to.contain(testApp.lms.origin);
    });

    it('a public page can be framed by known platforms only', async () => {
      const csp = (await testApp.anonymous().get('/teachers')).headers.get('content-security-policy') ?? '';
      expect(csp)
        .to.match(/frame-ancestors /)
        .and.not.to.contain('*');
    });
  });

  describe('cookies', () => {
    it('leave with everything a frame needs, over http://localhost too', async () => {
      const login = await http()
        .get('/lti/login')
        .set('cookie', 'cookies=1')
        .query({
          iss: testApp.lms.origin,
          client_id: testApp.registration.clientId,
          login_hint: '1',
          target_link_uri: `${testApp.origin}/lti/launch`,
        });
      const language = await http().get('/teachers?lang=en');
      for (const set of [login, language].flatMap(
        ({ headers }) => headers['set-cookie'] as unknown as string[],
      )) {
        expect(set).to.match(/; Path=\/; Secure; SameSite=None; Partitioned$/);
      }
      expect(String(login.headers['set-cookie'])).to.match(/^state[0-9a-f]{50}=.*HttpOnly/);
    });

    it('the session cookie is HttpOnly as well', async () => {
      const jar = await testApp.launch({ person: '104', course: '2' });
      expect(jar.browser.cookieNames(testApp.origin)).to.include('nastavnik');
      // Seen on the answer that sets it: the launch's own.
      const { launchLink } = await import('../support/lms.js');
      const { response } = await launchLink(testApp.lms, { person: '104', course: '2', follow: false });
      const session = response.headers.getSetCookie().find((item) => item.startsWith('nastavnik='));
      expect(session).to.match(/; HttpOnly; Path=\/c\/[a-z0-9]+; Secure; SameSite=None; Partitioned$/);
    });

    it('the state cookie is cleared by the launch that used it', async () => {
      const visitor = await testApp.launch({ person: '105', course: '2' });
      expect(
        visitor.browser.cookieNames(testApp.origin).filter((name) => name.startsWith('state')),
      ).to.deep.equal([]);
    });
  });

  describe('answers programs as well', () => {
    it('with the data of the page', async () => {
      const reply = await student.json('GET', 'grades');
      expect(reply.status).to.equal(200);
      expect(reply.headers.get('content-type')).to.match(/^application\/json/);
      expect(reply.data).to.deep.equal({ grades: [] });
    });

    it('with problem+json', async () => {
      const reply = await student.json('GET', 'no/such/page');
      expect(reply.status).to.equal(404);
      expect(reply.headers.get('content-type')).to.match(/^application\/problem\+json/);
      expect(reply.data).to.include({
        code: 'no-such-page',
        status: 404,
        type: 'urn:nastavnik:problem:no-such-page',
        requestId: reply.headers.get('x-request-id'),
      });
    });

    it('and tells caches that there are two', async () => {
      expect((await student.get('')).headers.get('vary')).to.match(/\bAccept\b/);
    });
  });

  describe('without a session', () => {
    it('a course is 401, never a redirect', async () => {
      for (const path of [`/c/${student.key}/`, '/c/unknown/', `/c/${student.key}/tests`]) {
        const answer = await testApp.anonymous().get(path, { follow: false });
        expect(answer.status, path).to.equal(401);
      }
    });

    it('a session of one course opens no other', async () => {
      const other = await testApp.launch({ person: '121', course: '3' });
      expect((await student.get(`/c/${other.key}/`)).status).to.equal(401);
    });

    it('ends when the platform is disabled', async () => {
      const visitor = await testApp.launch({ person: '106', course: '2' });
      await testApp.app.lti.registrations.setState(testApp.registration.id, 'disabled');
      expect((await visitor.get('')).status).to.equal(401);
      await testApp.app.lti.registrations.setState(testApp.registration.id, 'active');
      expect((await visitor.get('')).status).to.equal(200);
    });
  });

  describe('guards changes', () => {
    const change = () => http().post(`/c/${student.key}/grades/again`).set('cookie', cookie());

    it('no token', async () => {
      const answer = await change().set('accept', 'application/json').type('form').send({ a: '1' });
      expect(answer.status).to.equal(403);
      expect((answer.body as { code: string }).code).to.equal('csrf');
    });

    it('a wrong token, a doubled token, a token of the wrong kind', async () => {
      const right = await student.csrf();
      for (const body of ['csrf=wrong', `csrf=${right}&csrf=${right}`, 'csrf=', 'csrf[]=x']) {
        expect((await change().type('form').send(body)).status, body).to.equal(403);
      }
      expect((await change().type('json').send({ csrf: 5 })).status).to.equal(403);
    });

    it('another origin', async () => {
      const csrf = await student.csrf();
      for (const origin of [
        'https://evil.example',
        'null',
        testApp.origin.replace('localhost', '127.0.0.1'),
      ]) {
        const answer = await change()
          .set('origin', origin)
          .set('accept', 'application/json')
          .type('form')
          .send({ csrf });
        expect(answer.status, origin).to.equal(403);
        expect((answer.body as { code: string }).code).to.equal('foreign-origin');
      }
      const site = await change().set('sec-fetch-site', 'cross-site').type('form').send({ csrf });
      expect(site.status).to.equal(403);
    });

    it('a form opened by a person who has been replaced', async () => {
      const { browser } = student;
      const before = await student.csrf();
      const other = await testApp.launch({ person: '107', course: '2', browser });
      const answer = await other.submit('grades/again', {}, { csrf: before });
      expect(answer.status).to.equal(403);
      student = await testApp.launch({ person: '101', course: '2' });
    });

    it('a form stays good when its person launches again', async () => {
      const teacher = await testApp.launch({ person: '11', course: '2' });
      const before = await teacher.csrf();
      await testApp.launch({ person: '11', course: '2', browser: teacher.browser });
      const answer = await teacher.submit('grades/again', {}, { csrf: before, follow: false });
      expect(answer.status).to.equal(303);
    });
  });

  describe('bad requests are clear 4xx', () => {
    it('bodies over the limit, of the wrong kind, or unreadable', async () => {
      const post = (type: string, body: string) =>
        http()
          .post(`/c/${student.key}/grades/again`)
          .set('cookie', cookie())
          .set('content-type', type)
          .send(body);
      expect((await post('application/x-www-form-urlencoded', `a=${'x'.repeat(300_000)}`)).status).to.equal(
        413,
      );
      expect((await post('text/xml', '<a/>')).status).to.equal(415);
      expect((await post('application/json', '{"a":')).status).to.equal(400);
      expect((await post('application/json', '"text"')).status).to.equal(400);
      expect(
        (await post('application/x-www-form-urlencoded', Array(3_000).fill('a=1').join('&'))).status,
      ).to.equal(413);
      expect((await post('application/x-www-form-urlencoded; charset=x-none', 'a=1')).status).to.equal(415);
    });

    it('addresses that cannot be decoded', async () => {
      for (const path of ['/c/%E0%A4%A/', '/teachers/%ff', `/c/${student.key}/tests/%zz`]) {
        const answer = await http().get(path).set('cookie', cookie());
        expect(answer.status, path).to.be.within(400, 499);
        expect(answer.text).not.to.match(/at .*\.[jt]s:\d/);
      }
    });

    it('unknown methods', async () => {
      expect((await http().delete('/teachers')).status).to.equal(404);
    });
  });

  describe('language', () => {
    const titleOf = async (headers: Record<string, string>, cookies = '') => {
      const answer = await http().get('/teachers').set(headers).set('cookie', cookies);
      return /<html lang="(\w+)"/.exec(answer.text)?.[1];
    };

    it('follows Accept-Language, else Russian', async () => {
      expect(await titleOf({ 'accept-language': 'en-US,en;q=0.9' })).to.equal('en');
      expect(await titleOf({ 'accept-language': 'de' })).to.equal('ru');
      expect(await titleOf({ 'accept-language': 'de, en;q=0.5, ru;q=0.4' })).to.equal('en');
    });

    it("follows the launch's locale before it", async () => {
      const english = await testApp.launch({ person: '102', course: '2' });
      expect((await english.get('')).body).to.contain('<html lang="en"');
    });

    it('can be switched in the footer, for good', async () => {
      const visitor = await testApp.launch({ person: '108', course: '2' });
      const switched = await visitor.get('tests?lang=en&x=1');
      expect(new URL(switched.url).search).to.equal('?x=1');
      expect(switched.body).to.contain('<html lang="en"');
      expect((await visitor.get('')).body).to.contain('<html lang="en"');
      expect((await visitor.get('?lang=xx')).body).to.contain('<html lang="en"');
    });
  });

  it('names are text everywhere', async () => {
    const name = '<b>&"\'</b>🙂';
    const person = testApp.lms.control.addPerson({
      familyName: `${name}${'я'.repeat(300)}`,
      givenName: '{{x}}',
      middleName: '<script>alert(1)</script>',
    });
    testApp.lms.control.enrol('2', person.id, 'student');
    const visitor = await testApp.launch({ person: person.id, course: '2' });
    for (const path of ['', 'consultations', 'tests', 'grades', 'directory']) {
      const page = await visitor.get(path);
      expect(page.status).to.equal(200);
      expect(page.body)
        .to.contain('&lt;b&gt;&amp;&#34;')
        .and.not.to.contain('<b>&')
        .and.not.to.contain('<script>alert');
    }
  });

  it('a launch without any name works', async () => {
    const visitor = await testApp.launch({ person: '129', course: '2' });
    expect((await visitor.get('')).body).to.contain('Без имени');
  });

  it('the bare address is the centre’s page, open to everybody, and old addresses lead to the new ones', async () => {
    const front = await testApp.anonymous().get('/');
    expect(front.status).to.equal(200);
    expect(new URL(front.url).pathname).to.equal('/');
    const table = [
      ['/directory', '/teachers'],
      ['/directory?q=x', '/teachers?q=x'],
      ['/directory/teachers/ivanova', '/teachers/ivanova'],
      ['/directory//evil.org', '/evil.org'],
    ] as const;
    for (const [from, to] of table) {
      const old = await testApp.anonymous().get(from, { follow: false });
      expect([old.status, old.headers.get('location')], from).to.deep.equal([301, to]);
    }
  });

  it('reports health and readiness', async () => {
    expect((await http().get('/healthz')).body).to.deep.equal({ status: 'ok' });
    expect((await http().get('/readyz')).body).to.deep.equal({ status: 'ready' });
  });

  it('without its database it lives, is not ready, and says so in words', async () => {
    const broken = await startTestApp();
    try {
      await broken.storage.close();
      const answers = await Promise.all(
        ['/healthz', '/readyz'].map((path) => request(broken.app.express).get(path)),
      );
      expect(answers.map(({ status }) => status)).to.deep.equal([200, 503]);
      // And what cannot be served says so without saying why.
      const page = await request(broken.app.express).get('/teachers');
      expect(page.status).to.equal(503);
      expect(page.text).not.to.match(/at .*\.[jt]s:\d|sqlite|closed/i);
    } finally {
      await broken.close();
    }
  });

  it('assets may be kept for ever, and are found', async () => {
    const page = await testApp.anonymous().get('/teachers');
    for (const [, address = ''] of page.body.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
      const asset = await http().get(address);
      expect(asset.status, address).to.equal(200);
      expect(asset.headers['cache-control']).to.contain('immutable');
    }
    expect((await http().get('/assets/../package.json')).status).to.equal(404);
    expect((await http().get('/assets/..%2fpackage.json')).status).to.be.within(400, 404);
  });
});
