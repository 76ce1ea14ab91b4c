import { expect } from 'chai';
import { Browser, launchLink, launchReview, launchSelection, type LinkLaunch } from '../support/lms.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { makeTest } from '../features/assessments/fixtures.js';

const CLAIM = 'https://purl.imsglobal.org/spec/lti/claim';
const SETTINGS = 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** What a launch is answered, whatever it holds. Attacks are in attacks.test.ts. */
describe('answers to LTI messages', () => {
  let testApp: TestApp;
  before(async () => {
    testApp = await startTestApp();
  });
  after(() => testApp.close());

  const student = { person: '101', course: '2' } as const;
  const attack = async (options: Partial<LinkLaunch>) =>
    (await launchLink(testApp.lms, { ...student, follow: false, ...options })).response;
  const withClaims = (claims: Record<string, unknown>) =>
    attack({ forge: (honest) => ({ ...honest.claims, ...claims }) });

  const post = (path: string, init: RequestInit) =>
    fetch(`${testApp.origin}${path}`, { method: 'POST', redirect: 'manual', ...init });
  const codeOf = async (response: Response): Promise<string> =>
    ((await response.json()) as { code: string }).code;
  const FORM = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };

  describe('bodies', () => {
    for (const path of ['/lti/login', '/lti/launch']) {
      it(`${path} takes forms only`, async () => {
        for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'x']) {
          const headers = { 'content-type': type, accept: 'application/json' };
          const response = await post(path, { headers, body: '{"iss":"x"}' });
          expect(response.status, type).to.equal(415);
          expect(await codeOf(response), type).to.equal('lti-content-type');
        }
        expect((await post(path, {})).status).to.equal(415);
        const packed = { ...FORM, 'content-encoding': 'x-unknown' };
        expect((await post(path, { headers: packed, body: 'a=1' })).status).to.equal(415);
      });

      it(`${path} takes a form up to its limit and 200 parameters`, async () => {
        const kilobytes = path.endsWith('login') ? 256 : 1024;
        for (const body of [
          `a=${'x'.repeat(kilobytes * 1024)}`,
          Array(300).fill('a').map(String).join('&'),
        ]) {
          const response = await post(path, { headers: FORM, body });
          expect(response.status).to.equal(413);
          expect(await codeOf(response)).to.equal('lti-too-large');
        }
        // Just below is read, and judged by what it says.
        const response = await post(path, { headers: FORM, body: `a=${'x'.repeat((kilobytes - 1) * 1024)}` });
        expect(response.status).to.equal(400);
      });
    }
  });

  describe('login', () => {
    const login = (params: Record<string, string>) =>
      fetch(`${testApp.origin}/lti/login?${new URLSearchParams(params).toString()}`, {
        redirect: 'manual',
        headers: { cookie: 'cookies=1' },
      });
    const honest = (): Record<string, string> => ({
      iss: testApp.lms.origin,
      client_id: testApp.registration.clientId,
      login_hint: '5',
      target_link_uri: `${testApp.origin}/lti/launch`,
    });

    it('shows what an unknown issuer or client sent and what to register', async () => {
      for (const change of [{ iss: 'https://<b>unknown</b>.example' }, { client_id: '"><i>nobody' }]) {
        const response = await login({ ...honest(), ...change });
        const page = await response.text();
        expect(response.status).to.equal(400);
        expect(page).to.contain('lti-unknown-platform').and.to.contain('npm run platform -- add');
        expect(page).to.contain('iss').and.to.contain('client_id');
        expect(page).not.to.contain('<b>unknown').and.not.contain('<i>nobody');
        for (const value of Object.values(change)) {
          expect(page).to.contain(
            value.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&#34;'),
          );
        }
      }
    });

    it('names the missing parameter', async () => {
      for (const name of ['iss', 'login_hint', 'target_link_uri']) {
        for (const params of [{ ...honest(), [name]: '' }, without(honest(), name)]) {
          const response = await login(params);
          expect(response.status, name).to.equal(400);
          const page = await response.text();
          expect(page).to.contain('lti-missing-parameter').and.to.contain(`<dd>${name}</dd>`);
        }
      }
    });

    it('returns lti_message_hint byte for byte, and requests only the scope openid', async () => {
      const hint = '{"a":"ы & \\" +%20","b":[1]}';
      const loginHint = 'id=5&"x" %20+ы';
      const response = await login({
        ...honest(),
        login_hint: loginHint,
        lti_message_hint: hint,
        extra: 'x',
      });
      expect(response.status).to.equal(302);
      const asked = new URL(response.headers.get('location')!).searchParams;
      expect(asked.get('lti_message_hint')).to.equal(hint);
      expect(asked.get('login_hint')).to.equal(loginHint);
      expect(asked.get('client_id')).to.equal(testApp.registration.clientId);
      expect(asked.get('scope')).to.equal('openid');
      expect(asked.get('response_type')).to.equal('id_token');
      expect(asked.get('state')).to.match(/^[0-9a-f]{50}$/);
      expect(asked.get('nonce')).to.match(/^[\w-]{32}$/);
      expect(asked.get('response_mode')).to.equal('form_post');
      expect(asked.get('prompt')).to.equal('none');
      expect(asked.get('redirect_uri')).to.equal(`${testApp.origin}/lti/launch`);
      expect(asked.has('extra')).to.equal(false);
    });

    it('is refused for a disabled platform, and so is the launch after it is disabled', async () => {
      const { registrations } = testApp.app.lti;
      const response = await attack({
        forge: async ({ jwt }) => {
          await registrations.setState(testApp.registration.id, 'disabled');
          return jwt;
        },
      });
      expect(response.status).to.equal(403);
      expect(response.text).to.contain('lti-platform-disabled');
      expect((await login(honest())).status).to.equal(403);
      await registrations.setState(testApp.registration.id, 'active');
      expect((await login(honest())).status).to.equal(302);
    });
  });

  describe('an error of the platform', () => {
    it('is shown on a page with the platform’s message as text', async () => {
      const body = new URLSearchParams({
        error: 'access_denied<script>',
        error_description: `<img src=x onerror=alert(1)> "нет" ${'x'.repeat(5_000)}`,
        state: 'a'.repeat(50),
      });
      const response = await post('/lti/launch', { body });
      const page = await response.text();
      expect(response.status).to.equal(400);
      expect(page)
        .to.contain('lti-platform-error')
        .and.to.contain('&lt;img src=x onerror=alert(1)&gt; &#34;нет&#34;');
      expect(page).not.to.contain('<img src=x').and.not.contain('access_denied<script>');
      expect(page).not.to.contain('x'.repeat(300));
    });

    it('is shown in the same way when the LMS itself sends it', async () => {
      const response = await attack({
        changeAuthentication: (url) => url.searchParams.set('prompt', 'login'),
      });
      expect(response.status).to.equal(400);
      expect(response.text).to.contain('lti-platform-error').and.to.contain('Invalid prompt');
    });
  });

  describe('the login’s state', () => {
    const stolen = async () => {
      let posted: Record<string, string> = {};
      const browser = new Browser({ framedBy: testApp.lms.origin });
      await attack({
        browser,
        forge: ({ jwt, state }) => {
          posted = { id_token: jwt, state };
          return 'not.sent.now';
        },
        changePost: { state: undefined },
      });
      const come = (as: Browser, change = (honest: typeof posted) => honest) =>
        as.post(`${testApp.origin}/lti/launch`, change(posted), { from: testApp.lms.origin, follow: false });
      return { browser, come };
    };

    it('works only in the browser that started it, and another browser does not use it up', async () => {
      const { browser, come } = await stolen();
      const thief = await come(new Browser({ framedBy: testApp.lms.origin }));
      expect(thief.status).to.equal(403);
      expect(thief.text).to.contain('lti-state-cookie');
      expect((await come(browser)).status).to.equal(303);
    });

    it('works once', async () => {
      const { browser, come } = await stolen();
      expect((await come(browser)).status).to.equal(303);
      expect((await come(browser)).status).to.equal(403);
    });

    it('is used up by a refused token', async () => {
      const { browser, come } = await stolen();
      const cookies = browser
        .cookieNames(testApp.origin)
        .map((name) => `${name}=${browser.cookie(testApp.origin, name) ?? ''}`);
      const bad = await come(browser, (posted) => ({ ...posted, id_token: `${posted.id_token}x` }));
      expect(bad.text).to.contain('lti-token-refused');
      // A browser that keeps the cookie whatever it is told.
      for (const cookie of cookies)
        browser.setCookie(testApp.origin, `${cookie}; Secure; SameSite=None; Partitioned`);
      const good = await come(browser);
      expect(good.status).to.equal(403);
      expect(good.text).to.contain('lti-state');
    });

    it('expires after ten minutes', async () => {
      const { browser, come } = await stolen();
      testApp.clock.advance(11 * MINUTE);
      const late = await come(browser);
      expect(late.status).to.equal(403);
      expect(late.text).to.contain('lti-state');
    });

    it('leaves no cookie behind, after success or refusal', async () => {
      const browser = new Browser({ framedBy: testApp.lms.origin });
      const teacher = { person: '11', course: '2', browser, follow: false } as const;
      const states = () => browser.cookieNames(testApp.origin).filter((name) => name.startsWith('state'));
      const link = testApp.lms.control.homeLink('2').id;
      const review = await launchReview(testApp.lms, { ...teacher, link, student: '101' });
      expect(review.response.status).to.equal(303);
      expect(states(), 'a review').to.deep.equal([]);
      for (const changed of [{ sub: '' }, { iss: 'https://other.example' }, { nonce: 'x' }]) {
        await attack({ ...teacher, forge: ({ claims }) => ({ ...claims, ...changed }) });
        expect(states(), JSON.stringify(changed)).to.deep.equal([]);
      }
      expect((await attack({ ...teacher, forge: ({ jwt }) => `${jwt}x` })).status).to.equal(403);
      expect(states(), 'a forged one').to.deep.equal([]);
    });
  });

  describe('times', () => {
    const now = () => Math.floor(testApp.clock.now().getTime() / SECOND);

    it('are accepted up to ten minutes ago and up to a minute ahead', async () => {
      for (const iat of [now() - 590, now() + 50]) {
        expect((await withClaims({ iat, exp: now() + 60 })).status).to.equal(303);
      }
      const iat = now();
      expect((await withClaims({ iat, exp: iat + 86_400 })).status, 'a whole day').to.equal(303);
      expect((await withClaims({ iat, exp: iat + 86_401 })).status).to.equal(403);
    });

    it('that are not valid dates are refused', async () => {
      for (const time of [1e18, 1e300, -1e300, 8.64e12 + 1]) {
        expect((await withClaims({ iat: time, exp: time + 60 })).status, String(time)).to.equal(403);
      }
    });
  });

  describe('claims', () => {
    it('open the home page for a link without content or with unknown content', async () => {
      for (const custom of [
        {},
        null,
        undefined,
        { nastavnik_kind: 'exam', nastavnik_id: '1' },
        { nastavnik_kind: 'test', nastavnik_id: '../../x' },
      ]) {
        const { response } = await launchLink(testApp.lms, {
          ...student,
          forge: ({ claims }) => ({ ...claims, [`${CLAIM}/custom`]: custom }),
        });
        expect(response.status).to.equal(200);
        expect(new URL(response.url).pathname).to.match(/^\/c\/[a-z0-9]{12}\/$/);
      }
    });

    it('tell two equal links of a course apart by their ids', async () => {
      const teacher = await testApp.launch({ person: '11', course: '2' });
      const [tool] = testApp.lms.control.tools();
      const tests = [
        await makeTest(teacher, { title: 'Один' }),
        await makeTest(teacher, { title: 'Другой' }),
      ];
      const links = [tests[0], tests[1], tests[0]].map((test) =>
        testApp.lms.control.addActivity('2', tool!.id, {
          title: 'Контрольная',
          custom: `nastavnik_kind=test\nnastavnik_id=${test}`,
          column: { scoreMaximum: 10 },
        }),
      );
      const opened = async (id: string, forged: Record<string, unknown> = {}) =>
        (
          await launchLink(testApp.lms, {
            ...student,
            link: id,
            forge: ({ claims }) => ({ ...claims, ...forged }),
          })
        ).response.url;
      const first = await Promise.all(links.map(({ id }) => opened(id)));
      expect(first.map((url) => /tests\/(\w+)$/.exec(url)?.[1])).to.deep.equal([
        tests[0],
        tests[1],
        tests[0],
      ]);
      const kept = testApp.storage.connection.model('ResourceLink');
      const rows = await kept.find({ 'content.kind': 'test' }).lean<{ lineItem: string }[]>();
      expect(rows).to.have.length(3);
      expect(new Set(rows.map(({ lineItem }) => lineItem)).size, 'each has a line item of its own').to.equal(
        3,
      );
      // The same again makes none; an id in other letters, or in another course, is another link.
      const before = await kept.countDocuments();
      await opened(links[0]!.id);
      expect(await kept.countDocuments()).to.equal(before);
      const link = { id: 'a', title: 'Контрольная' };
      await opened(links[0]!.id, { [`${CLAIM}/resource_link`]: link });
      await opened(links[0]!.id, { [`${CLAIM}/resource_link`]: { ...link, id: 'A' } });
      await opened(links[0]!.id, { [`${CLAIM}/resource_link`]: link, [`${CLAIM}/context`]: { id: 'other' } });
      expect(await kept.countDocuments()).to.equal(before + 3);
    });

    it('make a course of the resource link when there is no context', async () => {
      const course = async (link: string, context?: unknown): Promise<string> => {
        const change = { [`${CLAIM}/context`]: context, [`${CLAIM}/resource_link`]: { id: link } };
        const { response } = await launchLink(testApp.lms, {
          ...student,
          forge: ({ claims }) => ({ ...claims, ...change }),
        });
        expect(response.status).to.equal(200);
        return new URL(response.url).pathname;
      };
      const alone = await course('7');
      expect(await course('7')).to.equal(alone);
      expect(await course('8')).not.to.equal(alone);
      expect(await course('7', null)).to.equal(alone);
      expect(await course('7', { id: '2' })).not.to.equal(alone);
      expect((await withClaims({ [`${CLAIM}/context`]: { title: 'Без номера' } })).status).to.equal(400);
    });

    it('keep two deployments of one client apart', async () => {
      const { clientId, issuer, authUrl, tokenUrl, jwksUrl } = testApp.registration;
      const deployments = ['another'];
      await testApp.app.lti.registrations.add({ clientId, issuer, authUrl, tokenUrl, jwksUrl, deployments });
      const [here, there] = await Promise.all(
        [{}, { [`${CLAIM}/deployment_id`]: 'another' }].map(async (change) => {
          const { response } = await launchLink(testApp.lms, {
            ...student,
            forge: ({ claims }) => ({ ...claims, ...change }),
          });
          expect(response.status).to.equal(200);
          return new URL(response.url).pathname;
        }),
      );
      expect(there).not.to.equal(here);
      // With its case.
      expect((await withClaims({ [`${CLAIM}/deployment_id`]: 'Another' })).status).to.equal(403);
    });

    it('identify a person by sub, not by e-mail or name', async () => {
      const people = testApp.storage.connection.model('Person');
      const come = (sub: string, name: string) =>
        withClaims({ sub, email: 'one@example.org', given_name: name, family_name: 'Одна', name });
      const before = await people.countDocuments();
      for (const [sub, name] of [
        ['p1', 'Анна'],
        ['p2', 'Анна'],
        ['P1', 'Анна'],
        ['p1', 'Мария'],
      ] as const)
        expect((await come(sub, name)).status).to.equal(303);
      expect(await people.countDocuments()).to.equal(before + 3);
      expect(await people.countDocuments({ sub: 'p1', 'name.givenName': 'Мария' })).to.equal(1);
    });

    it('give the student role for unknown roles and for none', async () => {
      for (const roles of [
        [],
        ['http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor'],
        ['Teacher'],
        ['urn:lti:role:other/lis/Instructor'],
        ['https://evil.example/vocab/lis/v2/membership#Instructor'],
      ]) {
        const { browser, response } = await launchLink(testApp.lms, {
          person: '11',
          course: '2',
          forge: ({ claims }) => ({ ...claims, [`${CLAIM}/roles`]: roles }),
        });
        expect(response.status).to.equal(200);
        expect(response.text, JSON.stringify(roles)).to.contain('Обучающийся');
        const page = await browser.get(`${response.url}tests/new`, { from: testApp.origin });
        expect(page.status).to.equal(403);
      }
    });
  });

  describe('addresses in a launch', () => {
    const cspOf = async (returnUrl: string): Promise<string> => {
      const { response } = await launchLink(testApp.lms, {
        ...student,
        forge: ({ claims }) => ({ ...claims, [`${CLAIM}/launch_presentation`]: { return_url: returnUrl } }),
      });
      expect(response.status, returnUrl).to.equal(200);
      return response.headers.get('content-security-policy') ?? '';
    };

    it('let the origin of return_url frame the page', async () => {
      expect(await cspOf('https://school.example.org:8443/course?id=1')).to.match(
        /frame-ancestors 'self' http:\/\/127\.0\.0\.1:\d+ https:\/\/school\.example\.org:8443$/,
      );
    });

    it('let no other text into the policy', async () => {
      const honest = await cspOf(`${testApp.lms.origin}/x`);
      const directives = (csp: string) => csp.replace(/'nonce-[^']+'/, '');
      for (const url of [
        'javascript:alert(1)',
        'data:text/html,x',
        'https://evil;sandbox/',
        'https://*/',
        'https://*.example.org/',
        "https://'self'/",
        'https://a,b/',
        'file:///etc/passwd',
        'not an address',
        '',
      ]) {
        expect(directives(await cspOf(url)), url).to.equal(directives(honest));
      }
    });

    it('refuse a Deep Linking return address that is not http or https', async () => {
      for (const url of [
        'javascript:alert(1)',
        'data:text/html,x',
        'https://a;script-src/x',
        'file:///x',
        '',
      ]) {
        const { response } = await launchSelection(testApp.lms, {
          person: '11',
          course: '2',
          forge: ({ claims }) => ({
            ...claims,
            [SETTINGS]: { ...(claims[SETTINGS] as object), deep_link_return_url: url },
          }),
        });
        expect(response.status, url).to.equal(400);
        expect(response.text).to.contain('lti-claim');
      }
    });
  });
});

const without = (params: Record<string, string>, name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(params).filter(([key]) => key !== name));
