import { expect } from 'chai';
import type { Registration } from '../../../../src/lti/index.js';
import type { DomainError } from '../../../../src/shared/errors.js';
import { startLms } from '../../../support/lms.js';
import { startTestApp, type TestApp, type Visitor } from '../../../support/test-app.js';
import { registrationFixture, type LoggedEntry, type RegistrationFixture } from './support.js';

describe('a registration that is renewed in its place', () => {
  let testApp: TestApp;
  let fixture: RegistrationFixture;
  let before: Registration;
  beforeEach(async () => {
    testApp = await startTestApp();
    fixture = registrationFixture(testApp);
    const { registrations } = testApp.app.lti;
    // As it was registered long ago and maintained since.
    const added = await registrations.add({
      ...testApp.registration,
      authUrl: `${testApp.lms.origin}/old/auth`,
      frameOrigins: ['https://frames.example.org'],
    });
    const named = await registrations.edit(added, { ...added, name: 'Портал', unknownDeployments: 'accept' });
    before = await registrations.setRoles(named, [
      { uri: 'http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor', role: 'teacher' },
    ]);
  });
  afterEach(() => testApp.close());

  /** Where the LMS sends its administrator's browser. @param toolId of the tool to change; a new one otherwise */
  async function begin(toolId?: string, of = before): Promise<string> {
    const { url } = await testApp.app.features.registration.inviteToRenew(of);
    return testApp.lms.control.registrationUrl(url, toolId);
  }
  const oldTool = () => testApp.lms.control.tools()[0]!;
  const newest = (): Promise<LoggedEntry> => fixture.newest();
  /** Looks, and presses the button. */
  async function press(address: string, browser: Visitor = fixture.browser()) {
    const shown = await browser.get(fixture.pathOf(address));
    expect(shown.status, shown.body).to.equal(200);
    return browser.submit('/lti/register', fixture.formOf(shown.body));
  }

  it('shows what is now and what will be, and changes nothing yet', async () => {
    const page = await fixture.browser().get(fixture.pathOf(await begin(oldTool().id)));
    expect(page.status).to.equal(200);
    expect(page.body).to.contain('Портал').and.contain(before.clientId);
    expect(page.body).to.contain(`<del>${testApp.lms.origin}/old/auth</del>`);
    expect(page.body).to.contain(`<ins>${testApp.lms.origin}/mod/lti/auth.php</ins>`);
    expect(page.body).to.match(/token\.php\s+<span[^>]*>\(прежний\)/);
    expect(page.body).to.contain('СДО этого не сообщила').and.contain('передавать оценки в журнал оценок');
    expect(page.body).not.to.match(/registration\.[a-z]/);
    expect(await fixture.registration(before.id)).to.deep.equal(before);
  });

  it('takes new addresses and services; what is the administrator’s stays', async () => {
    const done = await press(await begin(oldTool().id));
    expect(done.status, done.body).to.equal(200);
    expect(done.body).to.contain('Обновлено').and.contain('org.imsglobal.lti.close');
    const after = await fixture.registration(before.id);
    const { updatedAt: _then, ...settings } = before as Registration & { updatedAt: Date };
    expect(after.scopes).to.include('https://purl.imsglobal.org/spec/lti-ags/scope/score');
    expect(after).to.deep.include({
      ...settings,
      product: 'moodle',
      authUrl: `${testApp.lms.origin}/mod/lti/auth.php`,
      scopes: after.scopes,
      configurationUrl: `${testApp.lms.origin}/mod/lti/openid-configuration.php`,
    });
    expect(await fixture.all()).to.have.length(1);
    const entry = await newest();
    expect(entry.action).to.equal('platform-changed');
    expect(entry.actor).to.include({ kind: 'platform', name: testApp.lms.origin });
    expect(entry.before).to.deep.include({ authUrl: `${testApp.lms.origin}/old/auth` });
    expect(entry.after).to.not.have.property('clientId');
  });

  it('takes another client id: people and courses are the same ones', async () => {
    await press(await begin(oldTool().id));
    const student = await testApp.launch({ person: '101', course: '2' });
    const done = await press(await begin());
    expect(done.status, done.body).to.equal(200);
    const after = await fixture.registration(before.id);
    const tool = testApp.lms.control.tools()[1]!;
    expect(after).to.include({ clientId: tool.clientId, name: 'Портал', state: 'active' });
    expect(after.deployments).to.deep.equal([...before.deployments, tool.deploymentId]);
    expect(done.body, 'the former one is named').to.contain(before.clientId);
    expect((await newest()).after).to.include({ clientId: tool.clientId });

    const keyIn = async (toolId: string): Promise<string | null> => {
      testApp.lms.control.activateTool(toolId);
      const link = testApp.lms.control.addActivity('2', toolId, { title: 'Наставник' });
      return (await testApp.launch({ person: '101', course: '2', link: link.id })).key;
    };
    expect(await keyIn(tool.id), 'the course is the same one').to.equal(student.key);
    // And once more.
    expect((await press(await begin(undefined, after))).status).to.equal(200);
    expect(await keyIn(testApp.lms.control.tools()[2]!.id)).to.equal(student.key);
    expect(await testApp.app.features.membership.personQueries.searchPeople([], 0, 10)).to.have.property(
      'total',
      1,
    );
  });

  it('a token of the former client id is used no more', async () => {
    const asked = (): number => testApp.lms.control.faults.calls.token;
    const send = (registration: Registration) =>
      testApp.app.lti.scores.sendScore(
        { registration, scopes: null },
        `${testApp.lms.origin}/mod/lti/services.php/2/lineitems/1/lineitem`,
        { userId: '101', scoreGiven: 1, scoreMaximum: 2, timestamp: testApp.clock.now() },
      );
    await send(before);
    await send(before);
    expect(asked()).to.equal(1);
    await press(await begin(oldTool().id));
    await press(await begin());
    const after = await fixture.registration(before.id);
    expect(after.clientId).not.to.equal(before.clientId);
    await send(after);
    expect(asked()).to.equal(2);
  });

  it('a deployment that is not the successor takes over no course', async () => {
    await press(await begin(oldTool().id));
    const student = await testApp.launch({ person: '101', course: '2' });
    await press(await begin());
    const tool = testApp.lms.control.tools()[1]!;
    // One of another tenant, say: its course 2 is another course.
    testApp.lms.control.changeTool(tool.id, { deploymentId: '77' });
    testApp.lms.control.activateTool(tool.id);
    const link = testApp.lms.control.addActivity('2', tool.id, { title: 'Наставник' });
    const other = await testApp.launch({ person: '101', course: '2', link: link.id });
    expect(other.key).not.to.equal(student.key);
  });

  it('a client id of another registration is refused, of a removed one too; the link stays good', async () => {
    const other = await fixture.connect();
    const otherTool = testApp.lms.control.tools().find(({ clientId }) => clientId === other.clientId)!;
    const address = await begin(otherTool.id);
    for (const state of ['active', 'removed'] as const) {
      await testApp.app.lti.registrations.setState(other.id, state);
      const refused = await press(address);
      expect(refused.status).to.equal(409);
      expect(refused.body).to.contain('registration-client-taken');
      expect(await fixture.registration(before.id)).to.deep.equal(before);
    }
    const own = new URL(await testApp.lms.control.registrationUrl(testApp.origin, oldTool().id));
    const mended = new URL(address);
    mended.searchParams.set('registration_token', own.searchParams.get('registration_token')!);
    expect((await press(mended.href)).status).to.equal(200);
  });

  it('another platform cannot use its link, and is asked for nothing', async () => {
    const otherLms = await startLms({ clock: testApp.clock });
    try {
      const { url } = await testApp.app.features.registration.inviteToRenew(before);
      const address = await otherLms.control.registrationUrl(url);
      for (const answer of [
        await fixture.browser().get(fixture.pathOf(address)),
        await fixture.browser().submit('/lti/register', fixture.fieldsOf(address)),
      ]) {
        expect(answer.status).to.equal(409);
        expect(answer.body).to.contain('lti-registration-other-issuer').and.contain(otherLms.origin);
      }
      expect(otherLms.control.tools()).to.deep.equal([]);
      expect(await fixture.registration(before.id)).to.deep.equal(before);
    } finally {
      await otherLms.close();
    }
  });

  it('does nothing that was not shown: unseen, or changed since', async () => {
    const address = await begin(oldTool().id);
    const unseen = await fixture.browser().submit('/lti/register', fixture.fieldsOf(address));
    expect(unseen.status).to.equal(409);
    const shown = await fixture.browser().get(fixture.pathOf(address));
    await testApp.app.lti.registrations.add({ ...before, authUrl: `${testApp.lms.origin}/other/auth` });
    const stale = await fixture.browser().submit('/lti/register', fixture.formOf(shown.body));
    expect(stale.status).to.equal(409);
    expect(stale.body).to.contain('registration-stale');
    expect((await fixture.registration(before.id)).authUrl).to.equal(`${testApp.lms.origin}/other/auth`);
  });

  it('a disabled one stays disabled; of a removed one the link is dead', async () => {
    await testApp.app.lti.registrations.setState(before.id, 'disabled');
    const done = await press(await begin(oldTool().id));
    expect(done.body).to.contain('отключена');
    expect((await fixture.registration(before.id)).state).to.equal('disabled');
    const address = await begin(oldTool().id);
    await testApp.app.lti.registrations.setState(before.id, 'removed');
    expect((await fixture.browser().get(fixture.pathOf(address))).status).to.equal(404);
    expect((await fixture.browser().submit('/lti/register', fixture.fieldsOf(address))).status).to.equal(404);
  });

  it('accepts one of two concurrent renewals, and tells the other', async () => {
    const { registrations } = testApp.app.lti;
    const before = testApp.registration;
    const won = await registrations.renew(before, { clientId: 'first', deployment: '71' });
    const lost = await registrations
      .renew(before, { clientId: 'second', deployment: '72' })
      .then(String, (error: unknown) => (error as DomainError).code);
    expect(lost).to.equal('registration-stale');
    // Nor is it granted what the former client id was.
    const late = await registrations
      .renew(before, { scopes: ['late'] })
      .then(String, (error: unknown) => (error as DomainError).code);
    expect(late).to.equal('registration-stale');
    expect(await fixture.registration(before.id)).to.deep.equal(won);
  });

  it('a link renews once, however many press at once', async () => {
    const address = await begin(oldTool().id);
    const fields = fixture.formOf((await fixture.browser().get(fixture.pathOf(address))).body);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => fixture.browser().submit('/lti/register', fields)),
    );
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 404, 404, 404, 404]);
  });
});
