import { expect } from 'chai';
import { launchLink, Browser, type BrowserResponse } from '../support/lms.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** What platforms do that the recorded one does not, and what people of other languages see. */
describe('platforms with habits of their own', () => {
  let testApp: TestApp;
  beforeEach(async () => {
    testApp = await startTestApp();
  });
  afterEach(() => testApp.close());

  it('a token without kid is refused, also when the set has one key', async () => {
    testApp.lms.control.setOddity('no-kid');
    const { response } = await launchLink(testApp.lms, { person: '101', course: '2' });
    expect(response.status).to.equal(403);
    expect(response.text).to.contain('lti-header').and.contain('kid');
  });

  for (const oddity of ['short-roles', 'old-roles', 'institution-administrator'] as const) {
    it(`roles are those of the course with ${oddity}`, async () => {
      testApp.lms.control.setOddity(oddity);
      const roles: string[] = [];
      for (const person of ['11', '101']) {
        const visitor = await testApp.launch({ person, course: '2' });
        roles.push(/class="who">[^<]*, ([^<]+)</.exec((await visitor.get('')).body)?.[1]?.trim() ?? '');
      }
      expect(roles).to.deep.equal(['Преподаватель', 'Обучающийся']);
    });
  }

  describe('a hint of 20 KB', () => {
    beforeEach(() => testApp.lms.control.setOddity('long-hint'));

    for (const thirdParty of ['partitioned', 'allowed'] as const) {
      it(`comes in, also in a browser without cookies yet (${thirdParty})`, async () => {
        const browser = new Browser({ framedBy: testApp.lms.origin, thirdParty });
        const { response } = await launchLink(testApp.lms, { person: '101', course: '2', browser });
        expect(response.status, response.text).to.equal(200);
        expect(new URL(response.url).pathname).to.match(/^\/c\/\w+\/$/);
      });
    }

    it('is offered a window where cookies are blocked', async () => {
      const browser = new Browser({ framedBy: testApp.lms.origin, thirdParty: 'blocked' });
      const initiation = testApp.lms.control.initiation('101', '2', testApp.lms.control.homeLink('2').id);
      let page: BrowserResponse = await browser.post(initiation.action, initiation.fields, {
        from: testApp.lms.origin,
      });
      expect(page.status).to.equal(200);
      const again = page.forms.find(({ fields }) => fields.cookies === 'asked')!;
      page = await browser.submit(page, again);
      expect(page.status).to.equal(200);
      expect(page.text).to.contain('Откройте в новом окне').and.contain('rel="opener"');
      const window = page.forms.find(({ fields }) => fields.cookies === 'window')!;
      const inWindow = await new Browser().submit(page, window);
      expect(inWindow.status).to.equal(200);
      expect(inWindow.forms.some(({ fields }) => 'lti_message_hint' in fields)).to.equal(true);
    });
  });

  describe('the language', () => {
    const refused = (locale: string) =>
      launchLink(testApp.lms, {
        ...{ person: '101', course: '2' },
        forge: ({ claims }) => ({
          ...claims,
          nonce: 'another',
          'https://purl.imsglobal.org/spec/lti/claim/launch_presentation': { locale },
        }),
      });

    it('of a refused launch is that of the launch', async () => {
      expect((await refused('en')).response.text).to.contain('<html lang="en"');
      expect((await refused('ru')).response.text).to.contain('<html lang="ru"');
    });

    it('chosen by the person stays', async () => {
      const browser = new Browser({ framedBy: testApp.lms.origin });
      browser.setCookie(testApp.origin, 'lang=ru; SameSite=None; Secure; Partitioned; Path=/');
      const { response } = await launchLink(testApp.lms, {
        ...{ person: '101', course: '2', browser },
        forge: ({ claims }) => ({ ...claims, nonce: 'another', locale: 'en' }),
      });
      expect(response.text).to.contain('<html lang="ru"');
    });

    it('of a page under /lti changes with the request kept', async () => {
      const query = new URLSearchParams({ iss: 'https://x.example', login_hint: '1', target_link_uri: 'x' });
      const visitor = testApp.anonymous();
      const page = await visitor.get(`/lti/login?${query.toString()}`);
      const href = /href="(\?[^"]*lang=en[^"]*)"/.exec(page.body)?.[1]?.replaceAll('&amp;', '&') ?? '';
      expect(new URLSearchParams(href).get('iss')).to.equal('https://x.example');
      const english = await visitor.get(`/lti/login${href}`);
      expect(english.status).to.equal(page.status);
      expect(english.body).to.contain('<html lang="en"').and.contain('lti-target');
    });

    it('of a posted login changes by posting it again; of a launch it does not', async () => {
      const browser = new Browser({ framedBy: testApp.lms.origin });
      const fields = {
        iss: 'https://unknown.example',
        login_hint: '1',
        target_link_uri: `${testApp.origin}/lti/launch`,
      };
      const page = await browser.post(`${testApp.origin}/lti/login`, fields, { from: testApp.lms.origin });
      const form = page.forms.find(({ action }) => action.endsWith('/lti/login?lang=en'))!;
      expect(form.fields).to.deep.equal(fields);
      const english = await browser.submit(page, form);
      expect(english.text).to.contain('<html lang="en"').and.contain('lti-unknown-platform');
      expect((await refused('ru')).response.text).not.to.contain('lang=en');
    });

    it('of any page changes with the rest of its address kept', async () => {
      const student = await testApp.launch({ person: '101', course: '2' });
      const page = await student.get('tests?x=1&done=consultations.booked');
      expect(page.body).to.contain('href="?x=1&amp;lang=en"');
    });
  });
});
