import { expect } from 'chai';
import { Browser, launchLink, startLms, type DemoLms } from '../../support/lms.js';
import { startTestApp, Visitor, type TestApp } from '../../support/test-app.js';

/** One browser, several tabs: each address acts in its own course, as the person who was launched there. */
describe('several launches in one browser', () => {
  let testApp: TestApp;
  let otherLms: DemoLms;
  before(async () => {
    testApp = await startTestApp();
    otherLms = await startLms({ clock: testApp.clock });
    const tool = otherLms.control.registerTool({ url: testApp.origin });
    await testApp.app.lti.registrations.add({
      issuer: otherLms.origin,
      clientId: tool.clientId,
      authUrl: `${otherLms.origin}/mod/lti/auth.php`,
      tokenUrl: `${otherLms.origin}/mod/lti/token.php`,
      jwksUrl: `${otherLms.origin}/mod/lti/certs.php`,
      deployments: [tool.deploymentId],
    });
  });
  after(async () => {
    await otherLms.close();
    await testApp.close();
  });

  async function launch(lms: DemoLms, person: string, course: string, browser: Browser): Promise<Visitor> {
    const { response } = await launchLink(lms, { person, course, browser });
    const key = /^\/c\/([a-z0-9]+)\//.exec(new URL(response.url).pathname)?.[1];
    expect(key, response.text).to.be.a('string');
    return new Visitor(testApp.origin, browser, key!, response);
  }
  const session = (browser: Browser, { key }: Visitor) =>
    browser.cookie(testApp.origin, 'nastavnik', `/c/${key!}`);
  const titleOf = async (visitor: Visitor): Promise<string> => {
    const page = await visitor.get('');
    expect(page.status, page.body).to.equal(200);
    return page.body;
  };

  it('two courses of one person stay open, each in its own role', async () => {
    const browser = new Browser({ framedBy: testApp.lms.origin });
    testApp.lms.control.enrol('3', '11', 'student');
    const teaching = await launch(testApp.lms, '11', '2', browser);
    const learning = await launch(testApp.lms, '11', '3', browser);
    expect(session(browser, learning)).not.to.equal(session(browser, teaching));
    expect(learning.key).not.to.equal(teaching.key);
    expect(await titleOf(teaching)).to.contain(testApp.lms.control.course('2').title);
    expect(await titleOf(learning)).to.contain(testApp.lms.control.course('3').title);
    expect((await teaching.get('tests/new')).status).to.equal(200);
    expect((await learning.get('tests/new')).status).to.equal(403);
    // One person, one token: forms of both tabs work.
    expect(await teaching.csrf()).to.equal(await learning.csrf());
  });

  it('two LMSs stay open, with people of their own', async () => {
    const browser = new Browser();
    const here = await launch(testApp.lms, '101', '2', browser);
    const there = await launch(otherLms, '11', '2', browser);
    expect(there.key, 'the same course number is another course').not.to.equal(here.key);
    expect((await here.get('tests/new')).status).to.equal(403);
    expect((await there.get('tests/new')).status).to.equal(200);
    expect(await here.csrf()).not.to.equal(await there.csrf());
    const crossed = await here.submit('grades/again', {}, { csrf: await there.csrf() });
    expect(crossed.status).to.equal(403);
    // And it stays so when the first one launches again.
    await launch(testApp.lms, '101', '2', browser);
    expect((await there.get('tests/new')).status).to.equal(200);
  });

  it('another person of the same LMS replaces the first in all courses; the other LMS stays', async () => {
    const browser = new Browser();
    testApp.lms.control.enrol('3', '104', 'student');
    const second = await launch(testApp.lms, '104', '3', browser);
    const first = await launch(testApp.lms, '104', '2', browser);
    const there = await launch(otherLms, '101', '2', browser);
    const replaced = await launch(testApp.lms, '105', '2', browser);
    expect(replaced.key).to.equal(first.key);
    expect((await second.get('')).status, 'a course of the first person').to.equal(401);
    expect(await titleOf(replaced)).to.contain(testApp.lms.control.person('105').familyName);
    expect(await titleOf(replaced)).not.to.contain(testApp.lms.control.person('104').familyName);
    expect((await there.get('')).status).to.equal(200);
  });

  it('the session before a launch is dead', async () => {
    const browser = new Browser({ framedBy: testApp.lms.origin });
    const visitor = await launch(testApp.lms, '106', '2', browser);
    const before = session(browser, visitor)!;
    await launch(testApp.lms, '106', '2', browser);
    const stolen = await fetch(`${testApp.origin}/c/${visitor.key!}/`, {
      headers: { cookie: `nastavnik=${before}` },
    });
    expect(stolen.status).to.equal(401);
    expect((await visitor.get('')).status).to.equal(200);
  });

  it('a role that the LMS has changed is the new one at the next launch', async () => {
    const browser = new Browser({ framedBy: testApp.lms.origin });
    const visitor = await launch(testApp.lms, '21', '2', browser);
    expect((await visitor.get('tests/new')).status).to.equal(200);
    testApp.lms.control.enrol('2', '21', 'student');
    await launch(testApp.lms, '21', '2', browser);
    expect((await visitor.get('tests/new')).status).to.equal(403);
    testApp.lms.control.enrol('2', '21', 'teacher');
  });
});
