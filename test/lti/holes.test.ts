import { expect } from 'chai';
import { Browser, launchLink, type LinkLaunch } from '../support/lms.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/**
 * Holes of bare ltijs 5.9.9 that more than one answer tells of; the others are in attacks.test.ts, with everything
 * else that is tried on a launch. Each test is the attack, and fails when the hole opens.
 */
describe('weaknesses of ltijs that the gate removes', () => {
  let testApp: TestApp;
  before(async () => {
    testApp = await startTestApp();
  });
  after(() => testApp.close());

  const login = (params: [string, string][] | Record<string, string>, path = '/lti/login') =>
    fetch(`${testApp.origin}${path}?${new URLSearchParams(params).toString()}`, {
      redirect: 'manual',
      // A browser that has been here before, and is not asked whether it keeps cookies.
      headers: { cookie: 'cookies=1' },
    });

  const honestLogin = (): Record<string, string> => ({
    iss: testApp.lms.origin,
    client_id: testApp.registration.clientId,
    login_hint: '5',
    target_link_uri: `${testApp.origin}/lti/launch`,
  });

  const student = { person: '101', course: '2' } as const;
  const attack = (options: Partial<LinkLaunch>) =>
    launchLink(testApp.lms, { ...student, follow: false, ...options });

  it('3: makes an unpredictable nonce', async () => {
    const nonces = await Promise.all(
      Array.from({ length: 5 }, async () =>
        new URL((await login(honestLogin())).headers.get('location')!).searchParams.get('nonce')!,
      ),
    );
    expect(new Set(nonces).size).to.equal(5);
    // 25 letters and digits of Math.random is what ltijs would have sent.
    for (const nonce of nonces) expect(nonce).to.match(/^[\w-]{32}$/);
  });

  it('4: returns 403 for an unknown deployment and names it', async () => {
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

  it('7: makes a new session id at each launch, and accepts none from outside', async () => {
    const browser = new Browser({ framedBy: testApp.lms.origin });
    browser.setCookie(testApp.origin, 'nastavnik=s%3Afixed.signature; Secure; SameSite=None; Partitioned');
    const item = await testApp.launch({ ...student, browser });
    const session = () => browser.cookie(testApp.origin, 'nastavnik', `/c/${item.key!}`);
    const first = session();
    await testApp.launch({ ...student, browser });
    const second = session();
    expect(first).to.be.a('string').and.not.contain('fixed');
    expect(second).to.be.a('string').and.not.equal(first);
    // The old id is dead, not only forgotten by this browser.
    const stolen = await fetch(`${testApp.origin}/c/${item.key}/`, {
      headers: { cookie: `nastavnik=${first}` },
    });
    expect(stolen.status).to.equal(401);
  });

  it('7: ends an idle session', async () => {
    const visitor = await testApp.launch(student);
    testApp.clock.advance(7 * 3_600_000);
    expect((await visitor.get('')).status).to.equal(200);
    testApp.clock.advance(7 * 3_600_000);
    expect((await visitor.get('')).status).to.equal(200);
    testApp.clock.advance(8 * 3_600_000);
    expect((await visitor.get('')).status).to.equal(401);
  });

  it('7: ends an active session a day after its launch', async () => {
    const visitor = await testApp.launch(student);
    const { browser } = visitor;
    testApp.lms.control.enrol('3', student.person, 'student');
    for (let hours = 0; hours < 21; hours += 7) {
      testApp.clock.advance(7 * 3_600_000);
      expect((await visitor.get('')).status).to.equal(200);
    }
    // A launch into another course is none into this one, but keeps the browser's session.
    const other = await testApp.launch({ ...student, course: '3', browser });
    testApp.clock.advance(4 * 3_600_000);
    expect((await visitor.get('')).status).to.equal(401);
    expect((await other.get('')).status).to.equal(200);
    await testApp.launch({ ...student, browser });
    expect((await visitor.get('')).status).to.equal(200);
  });

  it('9: makes two people of one sub at two registrations', async () => {
    const item = await testApp.launch(student);
    const people = testApp.storage.connection.model('Person');
    const count = await people.countDocuments({ sub: '101' });
    // The same LMS registers the tool a second time: another client id, the same people's numbers.
    const tool = testApp.lms.control.registerTool({ url: testApp.origin });
    await testApp.app.lti.registrations.add({
      issuer: testApp.lms.origin,
      clientId: tool.clientId,
      authUrl: testApp.registration.authUrl,
      tokenUrl: testApp.registration.tokenUrl,
      jwksUrl: testApp.registration.jwksUrl,
      deployments: [tool.deploymentId],
    });
    const two = await testApp.launch({ ...student, link: testApp.lms.control.homeLink('2', tool.id).id });
    expect(two.key).not.to.equal(item.key);
    expect(await people.countDocuments({ sub: '101' })).to.equal(count + 1);
  });

  it('10: keeps ltijs from listening to signals and from ending the process', () => {
    expect(process.listenerCount('SIGINT')).to.equal(0);
  });
});
