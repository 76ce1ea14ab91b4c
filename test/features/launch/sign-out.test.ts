import { expect } from 'chai';
import { Browser } from '../../support/lms.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { comeAs } from '../consultations/fixtures.js';

describe('signing out', () => {
  let testApp: TestApp;
  before(async () => (testApp = await startTestApp()));
  after(() => testApp.close());

  it('ends the sessions of the person in this browser, and says how to come back', async () => {
    const browser = new Browser({ framedBy: testApp.lms.origin });
    const first = await testApp.launch({ person: '3', course: '2', browser });
    const second = await testApp.launch({ person: '3', course: '3', browser });
    const elsewhere = await testApp.launch({ person: '3', course: '2' });
    const kept = browser.cookie(testApp.origin, 'nastavnik', `/c/${first.key!}`)!;
    expect((await first.get('')).body).to.contain(`action="/c/${first.key!}/sign-out"`);

    const left = await first.submit('sign-out');
    expect(left.status).to.equal(200);
    expect(left.body).to.contain('Вы вышли').and.to.contain('откройте курс в СДО').and.not.to.contain('<nav');
    expect(left.headers.get('content-security-policy'), 'shown in the LMS’s frame').to.contain(
      testApp.lms.origin,
    );
    for (const visitor of [first, second]) {
      const page = await visitor.get('');
      expect(page.status).to.equal(401);
      expect(browser.cookie(testApp.origin, 'nastavnik', `/c/${visitor.key!}`)).to.equal(undefined);
    }
    expect((await elsewhere.get('')).status, 'another browser').to.equal(200);
    const stolen = await fetch(first.address(''), { headers: { cookie: `nastavnik=${kept}` } });
    expect(stolen.status, 'the session, not the cookie alone').to.equal(401);

    const again = await testApp.launch({ person: '3', course: '2', browser });
    expect((await again.get('')).status).to.equal(200);
  });

  it('leaves the sessions of another person in this browser', async () => {
    const browser = new Browser({ framedBy: testApp.lms.origin });
    const student = await testApp.launch({ person: '101', course: '2', browser });
    const stranger = await testApp.launch({ person: '103', course: '2' });
    await stranger.submit('sign-out');
    expect((await student.get('')).status).to.equal(200);
  });

  it('needs a form of ours, and works while viewing the course as a student', async () => {
    const methodist = await comeAs(testApp, 'methodist', { person: '3', course: '2' });
    expect((await methodist.submit('sign-out', {}, { csrf: 'x' })).status).to.equal(403);
    const choice = (await methodist.json('GET', 'view-as')).data as { students: { id: string }[] };
    const [student] = choice.students;
    await methodist.submit('view-as', { person: student!.id });
    expect((await methodist.submit('sign-out')).body).to.contain('Вы вышли');
    expect((await methodist.get('')).status).to.equal(401);
  });
});
