import { expect } from 'chai';
import { DAY, HOUR } from '../../src/shared/clock.js';
import { newSigningKey } from '../../scripts/demo-lms/index.js';
import { privateKeyOf } from '../../scripts/demo-lms/keys.js';
import { SCOPE } from '../../scripts/demo-lms/platform/scopes.js';
import { launchLink } from '../support/lms.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { CAPITAL, makeTest } from '../features/assessments/fixtures.js';

const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
const CUSTOM = `${LTI}/custom`;
const COPY = 'LtiContextCopyNotice';

describe('notices of the platform', () => {
  let testApp: TestApp;
  const tool = () => testApp.lms.control.tools()[0]!;
  const subscribed = async () => {
    await testApp.launch({ person: '11', course: '2' });
    await testApp.app.lti.notices.settled();
  };
  const kept = () => testApp.storage.connection.model('Job').countDocuments({ name: 'note-context-copy' });

  beforeEach(async () => {
    testApp = await startTestApp();
    testApp.lms.control.changeTool(tool().id, { scopes: [...tool().scopes, SCOPE.noticeHandlers] });
  });
  afterEach(() => testApp.close());

  const post = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    fetch(`${testApp.origin}/lti/notices`, { method: 'POST', headers, body });
  const send = (...jwts: string[]) => post(JSON.stringify({ notices: jwts.map((jwt) => ({ jwt })) }));
  /** Of course 3, as if copied from 2. */
  const claims = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
    ...testApp.lms.control.noticeClaims(tool().id, COPY),
    [`${LTI}/context`]: { id: '3' },
    [`${LTI}/origin_contexts`]: ['2'],
    ...more,
  });
  const sign = (...args: Parameters<TestApp['lms']['control']['signIdToken']>) =>
    testApp.lms.control.signIdToken(...args);

  it('are subscribed to at a launch that offers them, at most once a day', async () => {
    await subscribed();
    const handler = `${testApp.origin}/lti/notices`;
    expect(tool().noticeHandlers).to.deep.equal({ LtiHelloWorldNotice: handler, [COPY]: handler });
    const calls = testApp.lms.control.faults.calls.notices;
    await subscribed();
    expect(testApp.lms.control.faults.calls.notices).to.equal(calls);
    testApp.clock.advance(DAY + 1);
    await subscribed();
    expect(testApp.lms.control.faults.calls.notices).to.equal(2 * calls);
  });

  it('do not delay or fail a launch when the platform fails or does not answer', async () => {
    testApp.lms.control.faults.fail('notices', { status: 500 });
    await subscribed();
    expect(tool().noticeHandlers).to.equal(undefined);
    const row = await testApp.storage.connection
      .model('NoticeSubscription')
      .findOne()
      .lean<{ problem: string }>();
    expect(row?.problem).to.contain('500');
  });

  it('are ignored when the offer is unreadable', async () => {
    for (const offer of [
      7,
      [],
      { platform_notification_service_url: 'x' },
      null,
      { notice_types_supported: 1 },
    ]) {
      const { response } = await launchLink(testApp.lms, {
        person: '11',
        course: '2',
        forge: ({ claims: honest }) => ({ ...honest, [`${LTI}/platformnotificationservice`]: offer }),
      });
      expect(response.status).to.equal(200);
    }
  });

  it('of a course copy prove where its links come from', async () => {
    await subscribed();
    const teacher = await testApp.launch({ person: '11', course: '2' });
    const test = await makeTest(teacher, {}, [CAPITAL]);
    const link = testApp.lms.control.addActivity('2', tool().id, {
      title: 'Тест',
      custom: `nastavnik_kind=test\nnastavnik_id=${test}`,
    });
    const course = testApp.lms.control.copyCourse('2');
    const copied = testApp.lms.control.activities(course.id).find(({ title }) => title === link.title)!;
    const open = async (): Promise<string> => {
      const { response } = await launchLink(testApp.lms, {
        person: '11',
        course: course.id,
        link: copied.id,
        forge: ({ claims: honest }) => {
          const { context_history: _, ...custom } = honest[CUSTOM] as Record<string, unknown>;
          return { ...honest, [CUSTOM]: custom };
        },
      });
      return response.url;
    };
    expect(await open()).to.contain('/links/');
    expect(await testApp.lms.control.sendCopyNotice(tool().id, course.id)).to.equal(202);
    await testApp.app.jobs.drain();
    expect(await open())
      .to.match(/\/tests\/[0-9a-f]{24}$/)
      .and.not.contain(test);
  });

  it('are processed once when repeated; unknown types are acknowledged and dropped', async () => {
    const jwt = await sign(claims());
    expect((await send(jwt)).status).to.equal(202);
    expect((await send(jwt, jwt)).status).to.equal(202);
    expect(await kept()).to.equal(1);
    const unknown = { id: 'x', timestamp: '2026-01-01T00:00:00Z', type: 'LtiSomethingNotice' };
    expect((await send(await sign(claims({ [`${LTI}/notice`]: unknown })))).status).to.equal(202);
    expect(await kept()).to.equal(1);
  });

  it('are retried when processing fails', async () => {
    const { jobs } = testApp.app;
    await jobs.stop();
    expect((await send(await sign(claims()))).status).to.equal(202);
    const origins = testApp.storage.connection.model('CourseOrigin');
    Object.assign(origins, { updateOne: () => Promise.reject(new Error('the disk is full')) });
    await jobs.drain();
    Reflect.deleteProperty(origins, 'updateOne');
    testApp.clock.advance(HOUR);
    await jobs.drain();
    expect(await origins.countDocuments({ contextId: '3', origins: '2' })).to.equal(1);
  });

  it('are refused without a reason and not stored when forged', async () => {
    const now = Math.floor(testApp.clock.now().getTime() / 1000);
    const honest = await sign(claims());
    const [head = '', body = '', signature = ''] = honest.split('.');
    const other = newSigningKey();
    const forgeries: Record<string, string> = {
      'no token': 'x',
      'no signature': `${head}.${body}.`,
      'another body': `${head}.${Buffer.from(JSON.stringify(claims())).toString('base64url')}.${signature}`,
      none: await sign(claims(), { header: { alg: 'none' }, key: privateKeyOf(other) }).catch(() => 'a.b.c'),
      'another key': await sign(claims(), { key: privateKeyOf(other) }),
      'a key of nobody': await sign(claims(), { key: privateKeyOf(other), header: { kid: 'nobody' } }),
      crit: await sign(claims(), { header: { b64: true } }),
      'another issuer': await sign(claims({ iss: 'https://evil.example' })),
      'another client': await sign(claims({ aud: 'other' })),
      'several audiences': await sign(claims({ aud: [tool().clientId, 'other'] })),
      'another azp': await sign(claims({ azp: 'other' })),
      'another deployment': await sign(claims({ [`${LTI}/deployment_id`]: 'other' })),
      'no deployment': await sign(claims({ [`${LTI}/deployment_id`]: undefined })),
      'of yesterday': await sign(claims({ iat: now - 90_000, exp: now - 3_600 })),
      'of tomorrow': await sign(claims({ iat: now + 86_400, exp: now + 90_000 })),
      'for ever': await sign(claims({ exp: now + 10_000_000 })),
      'exp as text': await sign(claims({ exp: String(now + 100) })),
      'no id': await sign(claims({ [`${LTI}/notice`]: { type: COPY } })),
      'an id that is an object': await sign(claims({ [`${LTI}/notice`]: { type: COPY, id: { $ne: '' } } })),
      'origins that are none': await sign(claims({ [`${LTI}/origin_contexts`]: '2' })),
      'another version': await sign(claims({ [`${LTI}/version`]: '1.1' })),
    };
    for (const [name, jwt] of Object.entries(forgeries)) {
      const answer = await send(honest, jwt);
      const text = await answer.text();
      expect(answer.status, `${name}: ${text}`).to.equal(403);
      expect(text, name).to.contain('lti-token-refused').and.not.contain('received');
    }
    expect(await kept()).to.equal(0);
  });

  it('of a disabled platform are refused', async () => {
    await testApp.app.lti.registrations.setState(testApp.registration.id, 'disabled');
    expect((await send(await sign(claims()))).status).to.equal(403);
  });

  it('are refused when the body is empty, too large or of another type', async () => {
    const jwt = await sign(claims());
    const many = JSON.stringify({ notices: Array.from({ length: 51 }, () => ({ jwt })) });
    for (const body of ['', '{', '[]', '{}', '{"notices":[]}', '{"notices":[{"jwt":7}]}', many]) {
      expect((await post(body)).status, body.slice(0, 30)).to.be.oneOf([400, 415]);
    }
    expect((await post(`{"notices":"${'x'.repeat(300_000)}"}`)).status).to.equal(413);
    expect(
      (await post('notices=1', { 'content-type': 'application/x-www-form-urlencoded' })).status,
    ).to.equal(415);
    expect((await fetch(`${testApp.origin}/lti/notices`)).status).to.equal(405);
    expect(await kept()).to.equal(0);
  });
});
