import { expect } from 'chai';
import type { Registration } from '../../../src/lti/index.js';
import type { DomainError } from '../../../src/shared/errors.js';
import { startLms } from '../../support/lms.js';
import { startHouse, type House, type Visitor } from '../../support/house.js';
import { registrationDesk, type LoggedEntry, type RegistrationDesk } from './support.js';

describe('a registration that is renewed in its place', () => {
  let house: House;
  let desk: RegistrationDesk;
  let before: Registration;
  beforeEach(async () => {
    house = await startHouse();
    desk = registrationDesk(house);
    const { registrations } = house.app.lti;
    // As somebody registered it long ago, and looked after it since.
    const added = await registrations.add({
      ...house.registration,
      authUrl: `${house.lms.origin}/old/auth`,
      frameOrigins: ['https://frames.example.org'],
    });
    const named = await registrations.edit(added, { ...added, name: 'Портал', unknownDeployments: 'accept' });
    before = await registrations.setRoles(named, [
      { uri: 'http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor', role: 'teacher' },
    ]);
  });
  afterEach(() => house.close());

  /** Where the LMS sends its administrator's browser. @param toolId of the tool to change; a new one otherwise */
  async function begin(toolId?: string, of = before): Promise<string> {
    const { url } = await house.app.rooms.registration.inviteToRenew(of);
    return house.lms.control.registrationUrl(url, toolId);
  }
  const oldTool = () => house.lms.control.tools()[0]!;
  const newest = (): Promise<LoggedEntry> => desk.newest();
  /** Looks, and presses the button. */
  async function press(address: string, browser: Visitor = desk.browser()) {
    const shown = await browser.get(desk.pathOf(address));
    expect(shown.status, shown.body).to.equal(200);
    return browser.submit('/lti/register', desk.formOf(shown.body));
  }

  it('shows what is now and what will be, and changes nothing yet', async () => {
    const page = await desk.browser().get(desk.pathOf(await begin(oldTool().id)));
    expect(page.status).to.equal(200);
    expect(page.body).to.contain('Портал').and.contain(before.clientId);
    expect(page.body).to.contain(`<del>${house.lms.origin}/old/auth</del>`);
    expect(page.body).to.contain(`<ins>${house.lms.origin}/mod/lti/auth.php</ins>`);
    expect(page.body).to.match(/token\.php <span[^>]*>\(прежний\)/);
    expect(page.body).to.contain('система этого не сообщала').and.contain('отправлять оценки в журнал');
    expect(page.body).not.to.match(/registration\.[a-z]/);
    expect(await desk.one(before.id)).to.deep.equal(before);
  });

  it('takes new addresses and services; what is the administrator’s stays', async () => {
    const done = await press(await begin(oldTool().id));
    expect(done.status, done.body).to.equal(200);
    expect(done.body).to.contain('Обновлено').and.contain('org.imsglobal.lti.close');
    const after = await desk.one(before.id);
    const { updatedAt: _then, ...settings } = before as Registration & { updatedAt: Date };
    expect(after.scopes).to.include('https://purl.imsglobal.org/spec/lti-ags/scope/score');
    expect(after).to.deep.include({
      ...settings,
      authUrl: `${house.lms.origin}/mod/lti/auth.php`,
      scopes: after.scopes,
      configurationUrl: `${house.lms.origin}/mod/lti/openid-configuration.php`,
    });
    expect(await desk.all()).to.have.length(1);
    const entry = await newest();
    expect(entry.action).to.equal('platform-changed');
    expect(entry.actor).to.include({ kind: 'platform', name: house.lms.origin });
    expect(entry.before).to.deep.include({ authUrl: `${house.lms.origin}/old/auth` });
    expect(entry.after).to.not.have.property('clientId');
  });

  it('takes another client id: people and courses are the same ones', async () => {
    await press(await begin(oldTool().id));
    const student = await house.launch({ person: '101', course: '2' });
    const done = await press(await begin());
    expect(done.status, done.body).to.equal(200);
    const after = await desk.one(before.id);
    const tool = house.lms.control.tools()[1]!;
    expect(after).to.include({ clientId: tool.clientId, name: 'Портал', state: 'active' });
    expect(after.deployments).to.deep.equal([...before.deployments, tool.deploymentId]);
    expect(done.body, 'the former one is named').to.contain(before.clientId);
    expect((await newest()).after).to.include({ clientId: tool.clientId });

    const keyIn = async (toolId: string): Promise<string | null> => {
      house.lms.control.activateTool(toolId);
      const link = house.lms.control.addActivity('2', toolId, { title: 'Наставник' });
      return (await house.launch({ person: '101', course: '2', link: link.id })).key;
    };
    expect(await keyIn(tool.id), 'the course is the same one').to.equal(student.key);
    // And once more.
    expect((await press(await begin(undefined, after))).status).to.equal(200);
    expect(await keyIn(house.lms.control.tools()[2]!.id)).to.equal(student.key);
    expect(await house.app.rooms.launch.census.searchPeople([], 0, 10)).to.have.property('total', 1);
  });

  it('a token of the former client id is used no more', async () => {
    const asked = (): number => house.lms.control.faults.calls.token;
    const send = (registration: Registration) =>
      house.app.lti.ags.sendScore(
        { registration, scopes: null },
        `${house.lms.origin}/mod/lti/services.php/2/lineitems/1/lineitem`,
        { userId: '101', scoreGiven: 1, scoreMaximum: 2, timestamp: house.clock.now() },
      );
    await send(before);
    await send(before);
    expect(asked()).to.equal(1);
    await press(await begin(oldTool().id));
    await press(await begin());
    const after = await desk.one(before.id);
    expect(after.clientId).not.to.equal(before.clientId);
    await send(after);
    expect(asked()).to.equal(2);
  });

  it('a deployment that is not the successor takes over no course', async () => {
    await press(await begin(oldTool().id));
    const student = await house.launch({ person: '101', course: '2' });
    await press(await begin());
    const tool = house.lms.control.tools()[1]!;
    // One of another tenant, say: its course 2 is another course.
    house.lms.control.changeTool(tool.id, { deploymentId: '77' });
    house.lms.control.activateTool(tool.id);
    const link = house.lms.control.addActivity('2', tool.id, { title: 'Наставник' });
    const other = await house.launch({ person: '101', course: '2', link: link.id });
    expect(other.key).not.to.equal(student.key);
  });

  it('a client id of another registration is refused, of a removed one too; the link stays good', async () => {
    const other = await desk.connect();
    const otherTool = house.lms.control.tools().find(({ clientId }) => clientId === other.clientId)!;
    const address = await begin(otherTool.id);
    for (const state of ['active', 'removed'] as const) {
      await house.app.lti.registrations.setState(other.id, state);
      const refused = await press(address);
      expect(refused.status).to.equal(409);
      expect(refused.body).to.contain('registration-client-taken');
      expect(await desk.one(before.id)).to.deep.equal(before);
    }
    const own = new URL(await house.lms.control.registrationUrl(house.origin, oldTool().id));
    const mended = new URL(address);
    mended.searchParams.set('registration_token', own.searchParams.get('registration_token')!);
    expect((await press(mended.href)).status).to.equal(200);
  });

  it('another platform cannot use its link, and is asked for nothing', async () => {
    const stranger = await startLms({ clock: house.clock });
    try {
      const { url } = await house.app.rooms.registration.inviteToRenew(before);
      const address = await stranger.control.registrationUrl(url);
      for (const answer of [
        await desk.browser().get(desk.pathOf(address)),
        await desk.browser().submit('/lti/register', desk.fieldsOf(address)),
      ]) {
        expect(answer.status).to.equal(409);
        expect(answer.body).to.contain('lti-registration-other-issuer').and.contain(stranger.origin);
      }
      expect(stranger.control.tools()).to.deep.equal([]);
      expect(await desk.one(before.id)).to.deep.equal(before);
    } finally {
      await stranger.close();
    }
  });

  it('does nothing that was not shown: unseen, or changed since', async () => {
    const address = await begin(oldTool().id);
    const unseen = await desk.browser().submit('/lti/register', desk.fieldsOf(address));
    expect(unseen.status).to.equal(409);
    const shown = await desk.browser().get(desk.pathOf(address));
    await house.app.lti.registrations.add({ ...before, authUrl: `${house.lms.origin}/other/auth` });
    const stale = await desk.browser().submit('/lti/register', desk.formOf(shown.body));
    expect(stale.status).to.equal(409);
    expect(stale.body).to.contain('registration-stale');
    expect((await desk.one(before.id)).authUrl).to.equal(`${house.lms.origin}/other/auth`);
  });

  it('a disabled one stays disabled; of a removed one the link is dead', async () => {
    await house.app.lti.registrations.setState(before.id, 'disabled');
    const done = await press(await begin(oldTool().id));
    expect(done.body).to.contain('отключена');
    expect((await desk.one(before.id)).state).to.equal('disabled');
    const address = await begin(oldTool().id);
    await house.app.lti.registrations.setState(before.id, 'removed');
    expect((await desk.browser().get(desk.pathOf(address))).status).to.equal(404);
    expect((await desk.browser().submit('/lti/register', desk.fieldsOf(address))).status).to.equal(404);
  });

  it('of two that renew at once by links of their own one is told so, and what the other got stands whole', async () => {
    const { registrations } = house.app.lti;
    const before = house.registration;
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
    expect(await desk.one(before.id)).to.deep.equal(won);
  });

  it('a link renews once, however many press at once', async () => {
    const address = await begin(oldTool().id);
    const fields = desk.formOf((await desk.browser().get(desk.pathOf(address))).body);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => desk.browser().submit('/lti/register', fields)),
    );
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 404, 404, 404, 404]);
  });
});
