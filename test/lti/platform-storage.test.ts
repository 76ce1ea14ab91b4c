import { expect } from 'chai';
import { MINUTE } from '../../src/shared/clock.js';
import { renew, snapshotOf, type Snapshot } from '../support/snapshot.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { Browser, launch, type BrowserResponse } from '../support/lms.js';

/**
 * Client Side postMessages 1.0 as far as a browser without scripts can play it: what the pages tell their script is
 * taken from them by hand. The script itself is in test/e2e/cookies.test.ts.
 */
describe('a login in the platform’s storage', () => {
  let testApp: TestApp;
  let baseline: Snapshot;
  before(async () => {
    testApp = await startTestApp();
    baseline = await snapshotOf(testApp);
  });
  beforeEach(async () => {
    await renew(testApp, baseline);
    testApp.lms.control.offerStorage('_parent');
  });
  after(() => testApp.close());

  const without = () => new Browser({ framedBy: testApp.lms.origin, thirdParty: 'blocked' });
  const unescaped = (text: string): string =>
    text.replaceAll('&#34;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&');
  const dataOf = (page: BrowserResponse, name: string): string =>
    unescaped(new RegExp(`data-${name}="([^"]*)"`).exec(page.text)?.[1] ?? '');

  interface Kept {
    readonly browser: Browser;
    readonly value: string;
    readonly key: string;
    readonly posted: Readonly<Record<string, string>>;
  }

  /** Up to the launch, which has not been sent yet. */
  async function kept(person = '101', browser = without()): Promise<Kept> {
    const initiation = testApp.lms.control.initiation(person, '2', testApp.lms.control.homeLink('2').id);
    const { response } = await launch(testApp.lms, { person, initiation, browser });
    expect(response.status, response.text).to.equal(200);
    expect(dataOf(response, 'target')).to.equal('_parent');
    expect(dataOf(response, 'origin')).to.equal(testApp.lms.origin);
    const asked = await browser.get(dataOf(response, 'go-on'), { from: testApp.origin });
    // The LMS sends the browser round once more, for its own cookie.
    const [again] = asked.forms.filter(({ fields }) => 'repost' in fields);
    const platform = again === undefined ? asked : await browser.submit(asked, again);
    const form = platform.forms.find(({ fields }) => 'id_token' in fields);
    expect(form, platform.text).not.to.equal(undefined);
    return { browser, value: dataOf(response, 'value'), key: dataOf(response, 'keep'), posted: form!.fields };
  }

  const post = (browser: Browser, fields: Readonly<Record<string, string>>, from = testApp.lms.origin) =>
    browser.post(`${testApp.origin}/lti/launch`, fields, { from, follow: false });
  const proven = ({ browser, posted, value }: Kept, from = testApp.origin) =>
    post(browser, { ...posted, kept_login: value }, from);

  it('is unreadable outside this tool', async () => {
    const { value, key, posted } = await kept();
    expect(key).to.equal(`nastavnik_${posted.state}`);
    expect(value).to.match(/^v1\.[\w.-]+$/);
    expect(key.length + value.length).to.be.below(4096);
  });

  it('is requested by a page with status 403 when the launch comes without its cookie', async () => {
    const { browser, posted, key } = await kept();
    const asking = await post(browser, posted);
    expect(asking.status).to.equal(403);
    expect(asking.text).to.contain('lti-state-cookie');
    expect(dataOf(asking, 'ask')).to.equal(key);
    expect(dataOf(asking, 'origins')).to.equal(testApp.lms.origin);
    expect(asking.headers.get('content-security-policy')).to.match(/script-src 'nonce-/);
    const form = asking.forms.find(({ fields }) => 'kept_login' in fields);
    expect(form?.action).to.equal(`${testApp.origin}/lti/launch`);
    expect(form?.fields).to.deep.equal({ ...posted, kept_login: '' });
  });

  it('lets the launch in once, with a handover to a window that can store a session', async () => {
    const launched = await kept();
    const page = await proven(launched);
    expect(page.status, page.text).to.equal(200);
    expect(launched.browser.cookieNames(testApp.origin)).to.deep.equal([]);
    const form = page.forms.find(({ fields }) => 'code' in fields)!;
    const window = new Browser();
    const home = await window.post(form.action, form.fields, { from: testApp.origin });
    expect(home.status, home.text).to.equal(200);
    expect(new URL(home.url).pathname).to.match(/^\/c\/[a-z0-9]+\/$/);
    // Neither of the two works again.
    expect((await new Browser().post(form.action, form.fields, { from: testApp.origin })).status).to.equal(
      403,
    );
    expect((await proven(launched)).status).to.equal(403);
  });

  it('gives the session to one of many windows with the same code', async () => {
    const form = (await proven(await kept())).forms.find(({ fields }) => 'code' in fields)!;
    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        new Browser().post(form.action, form.fields, { from: testApp.origin, follow: false }),
      ),
    );
    expect(answers.map(({ status }) => status).filter((status) => status === 303)).to.have.lengthOf(1);
  });

  it('is refused from another site’s page, which would be login CSRF', async () => {
    const attacker = await kept('103');
    const victim = without();
    for (const from of ['https://evil.example', testApp.lms.origin, 'null']) {
      const fields = { ...attacker.posted, kept_login: attacker.value };
      const response = await victim.request(`${testApp.origin}/lti/launch`, {
        method: 'POST',
        form: fields,
        headers: { origin: from },
        follow: false,
      });
      expect(response.status, from).to.equal(403);
    }
    const noOrigin = await victim.request(`${testApp.origin}/lti/launch`, {
      method: 'POST',
      form: { ...attacker.posted, kept_login: attacker.value },
      follow: false,
    });
    expect(noOrigin.status, 'no origin').to.equal(403);
    // None of it has used the login up.
    expect((await proven(attacker)).status).to.equal(200);
  });

  it('is refused for another state, when changed, and when invented', async () => {
    const item = await kept('101');
    const two = await kept('103');
    for (const value of [two.value, `${item.value}A`, '', 'v1.a.b.c', '{}', item.posted.state!]) {
      const response = await post(item.browser, { ...item.posted, kept_login: value }, testApp.origin);
      expect(response.status, value).to.equal(403);
    }
    expect((await proven(item)).status).to.equal(200);
  });

  it('expires with the login', async () => {
    const late = await kept();
    testApp.clock.advance(11 * MINUTE);
    expect((await proven(late)).status).to.equal(403);
    const handed = await proven(await kept());
    const form = handed.forms.find(({ fields }) => 'code' in fields)!;
    testApp.clock.advance(6 * MINUTE);
    const window = await new Browser().post(form.action, form.fields, { from: testApp.origin });
    expect(window.status).to.equal(403);
    expect(window.text).to.contain('handover-over');
  });

  it('refuses a handover from another site', async () => {
    const form = (await proven(await kept('103'))).forms.find(({ fields }) => 'code' in fields)!;
    const victim = new Browser();
    for (const headers of [{ origin: 'https://evil.example' }, {}]) {
      const response = await victim.request(form.action, { method: 'POST', form: form.fields, headers });
      expect(response.status).to.equal(403);
    }
    expect(victim.cookieNames(testApp.origin)).not.to.include('nastavnik');
  });

  it('lets the frame post an answer of Deep Linking that was made in the window', async () => {
    const browser = without();
    const initiation = testApp.lms.control.selection('11', '2');
    const { response } = await launch(testApp.lms, { person: '11', initiation, browser });
    const asked = await browser.get(dataOf(response, 'go-on'), { from: testApp.origin });
    const [again] = asked.forms.filter(({ fields }) => 'repost' in fields);
    const platform = again === undefined ? asked : await browser.submit(asked, again);
    const posted = platform.forms.find(({ fields }) => 'id_token' in fields)!.fields;
    const page = await post(browser, { ...posted, kept_login: dataOf(response, 'value') }, testApp.origin);
    expect(page.text).to.contain('rel="opener"').and.contain('carry');
    const form = page.forms.find(({ fields }) => 'code' in fields)!;
    const window = new Browser();
    const picker = await window.post(form.action, form.fields, { from: testApp.origin });
    const cancel = picker.forms.find(({ action }) => action.endsWith('/cancel'))!;
    const made = await window.submit(picker, cancel);
    const path = dataOf(made, 'carry');
    expect(path).to.match(/^\/handover\/answer\/[\w-]{32}$/);
    // The frame has no cookies at all.
    const carried = await browser.get(`${testApp.origin}${path}`, { from: testApp.origin });
    expect(carried.status, carried.text).to.equal(200);
    const csp = carried.headers.get('content-security-policy') ?? '';
    expect(csp).to.contain(`form-action 'self' ${testApp.lms.origin}`);
    expect(csp).to.contain(`frame-ancestors 'self' ${testApp.lms.origin}`);
    const answer = carried.forms.find(({ fields }) => 'JWT' in fields)!;
    expect(dataOf(carried, 'carry')).to.equal('');
    const lms = await browser.submit(carried, answer);
    expect(lms.status, lms.text).to.equal(200);
    // It is carried once, and its code opens nothing else.
    expect((await browser.get(`${testApp.origin}${path}`)).status).to.equal(403);
    const code = path.split('/').at(-1)!;
    expect((await new Browser().post(form.action, { code }, { from: testApp.origin })).status).to.equal(403);
  });

  it('shows which setting to change when the new window stores no cookies either', async () => {
    const form = (await proven(await kept())).forms.find(({ fields }) => 'code' in fields)!;
    const window = new Browser({ framedBy: testApp.lms.origin, thirdParty: 'blocked' });
    const told = await window.post(form.action, form.fields, { from: testApp.origin });
    expect(told.status).to.equal(401);
    expect(told.text).to.contain('localhost');
  });

  it('redirects the new window only to pages of courses', async () => {
    for (const to of [
      '//evil.example/',
      'https://evil.example/',
      '/admin',
      '/c/x/..//evil',
      '/c/x/?a',
      '\\c\\x',
    ]) {
      const response = await new Browser().get(`${testApp.origin}/handover?to=${encodeURIComponent(to)}`, {
        follow: false,
      });
      expect(response.status, to).to.equal(400);
    }
  });

  it('is not requested for an unknown platform, nor from clients that ask for JSON', async () => {
    const { posted, browser } = await kept();
    const [head, , signature] = posted.id_token!.split('.');
    const claims = Buffer.from(JSON.stringify({ iss: 'https://x.example', aud: 'y' })).toString('base64url');
    const unknown = await post(browser, { ...posted, id_token: [head, claims, signature].join('.') });
    expect(unknown.status).to.equal(403);
    expect(unknown.text).not.to.contain('data-ask');
    const program = await browser.request(`${testApp.origin}/lti/launch`, {
      method: 'POST',
      form: posted,
      headers: { accept: 'application/json' },
    });
    expect(program.status).to.equal(403);
    expect(JSON.parse(program.text)).to.include({ code: 'lti-state-cookie' });
  });

  it('is not used where cookies are stored', async () => {
    const visitor = await testApp.launch({ person: '101', course: '2' });
    expect(visitor.landing?.text).not.to.contain('data-keep');
  });
});
