import { expect } from 'chai';
import { Browser, launchLink } from '../../support/lms.js';
import { startTestApp, Visitor, type TestApp } from '../../support/test-app.js';

/** A page of a course with several frames launches several links at one moment, in one browser. */
describe('launches at the same moment', () => {
  let testApp: TestApp;
  before(async () => {
    testApp = await startTestApp();
    testApp.lms.control.enrol('3', '104', 'student');
  });
  after(() => testApp.close());

  const person = '104';

  /** The launch's own answer; its cookies are in the jar already. */
  const launched = async (browser: Browser, course: string, link?: string) => {
    const { response } = await launchLink(testApp.lms, {
      ...{ person, course, browser, follow: false },
      ...(link !== undefined && { link }),
    });
    expect(response.status, response.text).to.equal(303);
    const key = /\/c\/([a-z0-9]+)\//.exec(response.headers.get('location') ?? '')?.[1] ?? '';
    return { response, visitor: new Visitor(testApp.origin, browser, key, response) };
  };

  it('into two courses both stand', async () => {
    for (let round = 0; round < 10; round += 1) {
      const browser = new Browser({ framedBy: testApp.lms.origin });
      const both = await Promise.all([launched(browser, '2'), launched(browser, '3')]);
      for (const { visitor } of both) expect((await visitor.get('')).status).to.equal(200);
    }
  });

  it('stand whichever answer reaches the browser last', async () => {
    for (const order of ['first', 'second']) {
      const browser = new Browser({ framedBy: testApp.lms.origin });
      const answers = [await launched(browser, '2'), await launched(browser, '3')];
      if (order === 'second') answers.reverse();
      const late = new Browser({ framedBy: testApp.lms.origin });
      for (const { response } of answers) {
        for (const line of response.headers.getSetCookie()) late.setCookie(testApp.origin, line);
      }
      for (const { visitor } of answers) {
        expect((await new Visitor(testApp.origin, late, visitor.key, null).get('')).status).to.equal(200);
      }
    }
  });

  it('of two links of one course work with each other’s forms', async () => {
    const { lms, origin } = testApp;
    const tool = lms.control.tools()[0]!;
    const link = lms.control.addActivity('2', tool.id, { title: 'Вторая ссылка' });
    for (let round = 0; round < 5; round += 1) {
      const browsers = [0, 1].map(() => new Browser({ framedBy: lms.origin }));
      // Each frame has its own answer; the browser keeps the cookie of one of them.
      const [left, right] = await Promise.all([
        launched(browsers[0]!, '2'),
        launched(browsers[1]!, '2', link.id),
      ]);
      expect(await left.visitor.csrf()).to.equal(await right.visitor.csrf());
      const crossed = await right.visitor.submit('grades/again', {}, { csrf: await left.visitor.csrf() });
      expect(crossed.body).not.to.contain('csrf</code>');
      // Both sessions live, whichever cookie the browser has kept.
      for (const browser of browsers) {
        const visitor = new Visitor(origin, browser, left.visitor.key, null);
        expect((await visitor.get('')).status).to.equal(200);
      }
    }
  });

  it('a later launch ends only the session that its browser held', async () => {
    const { origin } = testApp;
    const mine = new Browser({ framedBy: testApp.lms.origin });
    const telephone = new Browser({ framedBy: testApp.lms.origin });
    const first = await launched(mine, '2');
    const held = mine.cookieHeader(`${origin}/c/${first.visitor.key!}/`);
    const elsewhere = await launched(telephone, '2');
    await launched(mine, '2');
    const stolen = await fetch(`${origin}/c/${first.visitor.key!}/`, { headers: { cookie: held } });
    expect(stolen.status).to.equal(401);
    expect((await first.visitor.get('')).status).to.equal(200);
    expect((await elsewhere.visitor.get('')).status).to.equal(200);
  });

  it('the cookie of a session goes to the pages of its course alone', async () => {
    const browser = new Browser({ framedBy: testApp.lms.origin });
    const { visitor, response } = await launched(browser, '2');
    const [session] = response.headers.getSetCookie().filter((line) => line.startsWith('nastavnik='));
    expect(session).to.contain(`Path=/c/${visitor.key!};`);
    expect(browser.cookieHeader(`${testApp.origin}/directory`)).not.to.match(/nastavnik=/);
  });
});
