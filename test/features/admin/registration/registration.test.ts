import { expect } from 'chai';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTestApp, type TestApp, type Visitor } from '../../../support/test-app.js';

const DAY_MS = 86_400_000;

describe('dynamic registration', () => {
  let testApp: TestApp;
  beforeEach(async () => {
    testApp = await startTestApp();
  });
  afterEach(() => testApp.close());

  /** Where the LMS sends its administrator's browser, with our link. */
  async function begin(expected = ''): Promise<string> {
    const { url } = await testApp.app.features.registration.invite(expected);
    return testApp.lms.control.registrationUrl(url);
  }
  const browser = (): Visitor => testApp.anonymous({ framedBy: testApp.lms.origin });
  const fieldsOf = (address: string): Record<string, string> =>
    Object.fromEntries(new URL(address).searchParams);
  const pathOf = (address: string): string => address.slice(testApp.origin.length);
  const all = () => testApp.app.lti.registrations.list();
  /** The LMS's tools that were not there from the start. */
  const newTools = () =>
    testApp.lms.control.tools().filter(({ clientId }) => clientId !== testApp.registration.clientId);

  it('shows who asks and for what, and changes nothing yet', async () => {
    const page = await browser().get(pathOf(await begin()));
    expect(page.status).to.equal(200);
    expect(page.body).to.include(testApp.lms.origin).and.include('отчество');
    expect(page.body).to.include('список участников курса').and.include('передавать оценки в журнал оценок');
    // A text that is missing is shown as its key.
    expect(page.body).to.not.match(/registration\.[a-z]/);
    expect(page.headers.get('content-security-policy')).to.contain(testApp.lms.origin);
    expect(await all()).to.have.lengthOf(1);
    expect(newTools()).to.deep.equal([]);
  });

  it('registers each with the other; an unknown platform waits for approval', async () => {
    const address = await begin();
    const done = await browser().submit('/lti/register', fieldsOf(address));
    expect(done.status).to.equal(200);
    expect(done.body).to.include('org.imsglobal.lti.close').and.include('Осталось одобрить');
    expect(done.body)
      .to.include('Остался один шаг')
      .and.match(/<img\s[^>]*moodle-chooser\.ru\.svg/);
    const [, made] = await all();
    const [tool] = newTools();
    expect(made).to.include({ state: 'pending', clientId: tool?.clientId, issuer: testApp.lms.origin });
    expect(made?.deployments).to.deep.equal([tool?.deploymentId]);
    expect(tool?.state).to.equal('pending');
    expect(tool?.custom ?? '').to.include('middle_name=$Person.name.middle');
  });

  it('a platform that is expected may launch at once', async () => {
    const done = await browser().submit('/lti/register', fieldsOf(await begin(testApp.lms.origin)));
    expect(done.status).to.equal(200);
    expect((await all())[1]?.state).to.equal('active');
    const [tool] = newTools();
    testApp.lms.control.activateTool(tool!.id);
    const link = testApp.lms.control.addActivity('2', tool!.id, { title: 'Наставник' });
    const student = await testApp.launch({ person: '101', course: '2', link: link.id });
    expect(student.landing?.status).to.equal(200);
  });

  it('one that is connected is not touched by an unknown platform', async () => {
    await browser().submit('/lti/register', fieldsOf(await begin(testApp.lms.origin)));
    const [, connected] = await all();
    const { registrations } = testApp.app.lti;
    const again = registrations.addFromPlatform(
      { ...connected!, jwksUrl: 'http://127.0.0.1:1/stolen', deployments: ['9'] },
      'pending',
    );
    await again.then(
      () => expect.fail('was taken in'),
      (error: unknown) => expect(error).to.include({ code: 'registration-exists' }),
    );
    expect((await all())[1]).to.deep.equal(connected);
  });

  it('a link works once, however many press at once', async () => {
    const fields = fieldsOf(await begin());
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => browser().submit('/lti/register', fields)),
    );
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 404, 404, 404, 404]);
    expect(await all()).to.have.lengthOf(2);
  });

  it('a link works for a day', async () => {
    const { url } = await testApp.app.features.registration.invite('');
    testApp.clock.advance(DAY_MS);
    const address = await testApp.lms.control.registrationUrl(url);
    expect((await browser().get(pathOf(address))).status).to.equal(404);
    expect((await browser().submit('/lti/register', fieldsOf(address))).status).to.equal(404);
  });

  it('sends no request without a link', async () => {
    let asked = 0;
    const platform = createServer((_req, res) => {
      asked += 1;
      res.end('{}');
    });
    await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = platform.address() as AddressInfo;
      const address = new URL(await begin());
      address.searchParams.set('openid_configuration', `http://127.0.0.1:${port}/`);
      expect((await browser().get(pathOf(address.href))).status, 'with a link').to.equal(502);
      expect(asked).to.equal(1);
      address.searchParams.set('invitation', 'guessed');
      expect((await browser().get(pathOf(address.href))).status).to.equal(404);
      expect((await browser().submit('/lti/register', fieldsOf(address.href))).status).to.equal(404);
      expect(asked).to.equal(1);
    } finally {
      platform.close();
    }
  });

  it('a refusal is shown in the platform’s words, and the link stays good', async () => {
    const address = await begin();
    const refused = await browser().submit('/lti/register', { ...fieldsOf(address), registration_token: '' });
    expect(refused.status).to.equal(502);
    expect(refused.body).to.include('missing_registration_token');
    expect(await all()).to.have.lengthOf(1);
    expect((await browser().submit('/lti/register', fieldsOf(address))).status).to.equal(200);
  });

  it('accepts an issuer from its own host only', async () => {
    const address = new URL(await begin());
    const elsewhere = new URL(address.searchParams.get('openid_configuration')!);
    elsewhere.hostname = 'localhost';
    address.searchParams.set('openid_configuration', elsewhere.href);
    const refused = await browser().get(pathOf(address.href));
    expect(refused.status).to.equal(400);
    expect(refused.body).to.include('lti-registration-platform');
  });

  it('another site cannot press the button', async () => {
    const fields = fieldsOf(await begin());
    const sent = await fetch(new URL('/lti/register', testApp.origin), {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields),
    });
    expect(sent.status).to.equal(403);
    expect(await all()).to.have.lengthOf(1);
  });

  it('doubled, missing and huge parameters are clear 4xx', async () => {
    const address = await begin();
    for (const broken of [
      `${address}&invitation=x`,
      `${testApp.origin}/lti/register?invitation=x`,
      `${address}${'x'.repeat(12_000)}`,
    ]) {
      expect((await browser().get(pathOf(broken))).status).to.be.within(400, 431);
    }
  });
});
