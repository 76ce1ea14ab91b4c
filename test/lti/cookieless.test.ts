import { expect } from 'chai';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { Browser, launchLink, type BrowserResponse } from '../support/lms.js';

describe('a browser that stores no cookies in a frame', () => {
  let testApp: TestApp;
  beforeEach(async () => {
    testApp = await startTestApp();
  });
  afterEach(() => testApp.close());

  const linkOn = (page: BrowserResponse): URL => {
    const href = /<a\s+class="button" href="([^"]+)"/.exec(page.text)?.[1];
    return new URL((href ?? '').replaceAll('&amp;', '&'), testApp.origin);
  };
  const blocked = () =>
    launchLink(testApp.lms, {
      person: '101',
      course: '2',
      browser: new Browser({ framedBy: testApp.lms.origin, thirdParty: 'blocked' }),
    });

  it('is offered a new window before the login is sent to the platform', async () => {
    const { response, authentication } = await blocked();
    expect(response.status).to.equal(200);
    expect(response.text).to.include('target="_blank"');
    expect(response.headers.get('content-security-policy')).to.contain(testApp.lms.origin);
    expect(authentication, 'the hint is unused').to.equal(null);
  });

  it('is launched through the new window with the same hint', async () => {
    const { response } = await blocked();
    const window = new Browser();
    window.setCookie(testApp.lms.origin, `${testApp.lms.control.actAs('101').cookie}; SameSite=Lax`);
    const asked = await window.get(linkOn(response).href, { from: testApp.origin });
    const [form] = asked.forms.filter(({ fields }) => 'id_token' in fields);
    expect(form, asked.text).not.to.equal(undefined);
    const home = await window.post(form!.action, form!.fields, { from: testApp.lms.origin });
    expect(home.status).to.equal(200);
    expect(new URL(home.url).pathname).to.match(/^\/c\/[a-z0-9]+\/$/);
  });

  it('is told which setting to change when the new window stores no cookies either, without a further redirect', async () => {
    const { response } = await blocked();
    const window = new Browser({ framedBy: testApp.lms.origin, thirdParty: 'blocked' });
    const stopped = await window.get(linkOn(response).href, { from: testApp.origin });
    expect(stopped.status).to.equal(200);
    expect(stopped.text).to.include('localhost').and.not.include('target="_blank"');
    expect(stopped.passed).to.have.lengthOf(2);
  });

  it('is redirected once where cookies are stored, and not at all the next time', async () => {
    const browser = new Browser({ framedBy: testApp.lms.origin });
    const initiation = testApp.lms.control.initiation('101', '2', testApp.lms.control.homeLink('2').id);
    const first = await browser.post(initiation.action, initiation.fields, {
      from: testApp.lms.origin,
      follow: false,
    });
    expect(first.status).to.equal(303);
    expect(first.headers.get('location')).to.match(/^\/lti\/login\?.*cookies=asked$/);
    await launchLink(testApp.lms, { person: '101', course: '2', browser });
    const again = testApp.lms.control.initiation('101', '2', testApp.lms.control.homeLink('2').id);
    const second = await browser.post(again.action, again.fields, {
      from: testApp.lms.origin,
      follow: false,
    });
    expect(second.headers.get('location')).to.match(/\/auth\.php\?/);
  });

  it('cannot skip the state: a launch without its cookie is refused at every step', async () => {
    const initiation = testApp.lms.control.initiation('101', '2', testApp.lms.control.homeLink('2').id);
    const fields = { ...initiation.fields, cookies: 'window-asked' };
    const { response } = await launchLink(testApp.lms, {
      person: '101',
      course: '2',
      changeInitiation: fields,
      browser: new Browser({ framedBy: testApp.lms.origin, thirdParty: 'blocked' }),
    });
    expect(response.text).not.to.include('id_token');
    const posted = await new Browser().post(
      `${testApp.origin}/lti/launch`,
      { id_token: 'a.b.c', state: 'a'.repeat(50) },
      { from: testApp.lms.origin },
    );
    expect(posted.status).to.equal(403);
  });
});
