import { expect } from 'chai';
import { launchLink, startLms, type DemoLms } from '../../support/lms.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';

/** Pages of refusals appear in the LMS's frame: the LMS that they belong to may show them, and no other. */
describe('pages of errors in the frame of an LMS', () => {
  let testApp: TestApp;
  let otherLms: DemoLms;
  before(async () => {
    testApp = await startTestApp();
    otherLms = await startLms({ clock: testApp.clock });
    await register('active', 'https://a.third.example');
  });
  after(async () => {
    await otherLms.close();
    await testApp.close();
  });

  async function register(state: 'active' | 'pending', issuer = otherLms.origin) {
    const fields = {
      issuer,
      ...{ authUrl: `${issuer}/auth.php`, tokenUrl: `${issuer}/token.php`, jwksUrl: `${issuer}/certs.php` },
      deployments: ['1'],
      clientId: otherLms.control.registerTool({ url: testApp.origin }).clientId,
    };
    return testApp.app.lti.registrations.addFromPlatform(fields, state);
  }

  const framesOf = (headers: Headers): string =>
    /frame-ancestors ([^;]*)/.exec(headers.get('content-security-policy') ?? '')?.[1] ?? '';
  const ours = (): string => `'self' ${testApp.lms.origin}`;

  it('under a course may be framed by its LMS: 401, 403, 404, 413', async () => {
    const visitor = await testApp.launch({ person: '101', course: '2' });
    const { key } = visitor;
    const outsider = testApp.anonymous();
    const answers = [
      await outsider.get(`/c/${key!}/`),
      await outsider.get(`/c/${key!}/tests`),
      await visitor.get('no-such-page'),
      await visitor.get('tests/new'),
      await visitor.submit('grades/again', {}, { csrf: 'wrong' }),
      await outsider.submit(`/c/${key!}/grades/again`, { x: 'x'.repeat(3_000_000) }),
    ];
    expect(answers.map(({ status }) => status)).to.deep.equal([401, 401, 404, 403, 403, 413]);
    for (const { headers } of answers) expect(framesOf(headers)).to.equal(ours());
  });

  it('of an unknown course, and outside courses, may be framed by none', async () => {
    for (const path of ['/c/abcdefghjkmn/', '/c/x/', '/no-such-page']) {
      const { headers } = await testApp.anonymous().get(path);
      expect(framesOf(headers), path).to.equal("'none'");
    }
  });

  it('may be framed from the address to which the launch returned', async () => {
    const { response } = await launchLink(testApp.lms, {
      ...{ person: '15', course: '3' },
      forge: ({ claims }) => ({
        ...claims,
        'https://purl.imsglobal.org/spec/lti/claim/launch_presentation': {
          return_url: 'https://school.lms.example/back',
        },
      }),
    });
    const { headers } = await testApp.anonymous().get(new URL(response.url).pathname);
    expect(framesOf(headers)).to.equal(`${ours()} https://school.lms.example`);
  });

  it('of a refused launch may be framed by the LMS that launched alone', async () => {
    const { response } = await launchLink(testApp.lms, {
      ...{ person: '101', course: '2' },
      forge: ({ claims }) => ({ ...claims, nonce: 'another' }),
    });
    expect(response.status).to.equal(403);
    expect(framesOf(response.headers)).to.equal(ours());
  });

  it('of a login of an unknown LMS may be framed by none', async () => {
    const query = new URLSearchParams({
      ...{ iss: 'https://unknown.example', login_hint: '1' },
      target_link_uri: `${testApp.origin}/lti/launch`,
    });
    const { status, headers } = await testApp.anonymous().get(`/lti/login?${query.toString()}`);
    expect(status).to.equal(400);
    expect(framesOf(headers)).to.equal("'none'");
  });

  it('say that a platform waits for approval or is disabled, in its frame', async () => {
    const registration = await register('pending');
    const login = async () => {
      const query = new URLSearchParams({
        ...{ iss: otherLms.origin, client_id: registration.clientId, login_hint: '1' },
        target_link_uri: `${testApp.origin}/lti/launch`,
      });
      return testApp.anonymous().get(`/lti/login?${query.toString()}`);
    };
    const pending = await login();
    expect(pending.status).to.equal(403);
    expect(pending.body).to.contain('lti-platform-pending').and.contain('ждёт одобрения');
    expect(framesOf(pending.headers)).to.equal(`'self' ${otherLms.origin}`);
    await testApp.app.lti.registrations.setState(registration.id, 'disabled');
    const disabled = await login();
    expect(disabled.body).to.contain('lti-platform-disabled');
    expect(framesOf(disabled.headers)).to.equal(`'self' ${otherLms.origin}`);
    await testApp.app.lti.registrations.setState(registration.id, 'removed');
    const removed = await login();
    expect(removed.body).to.contain('lti-unknown-platform');
    expect(framesOf(removed.headers)).to.equal("'none'");
  });
});
