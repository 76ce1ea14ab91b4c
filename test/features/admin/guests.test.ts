import { expect } from 'chai';
import { HOUR, MINUTE, SECOND } from '../../../src/shared/clock.js';
import { CLAIM } from '../../../src/lti/index.js';
import { administrator } from '../../../scripts/demo-lms/centre.js';
import { fixture, launchLink, startLms, Browser } from '../../support/lms.js';
import { Visitor } from '../../support/test-app.js';
import { differences, renew, snapshotOf, type Snapshot } from '../../support/snapshot.js';
import { AdminVisitor, PASSWORD, startAdminApp, type AdminTestApp } from './support.js';

const VOCABULARY = 'http://purl.imsglobal.org/vocab/lis/v2';
const OF_THE_PLATFORM = [`${VOCABULARY}/system/person#Administrator`, `${VOCABULARY}/system/person#SysAdmin`];
const ADMIN = administrator.id;
const SETTING = '/admin/settings/administrators';

describe('an administrator of an LMS in the administration', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  let kept: Snapshot;
  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    kept = await snapshotOf(testApp);
  });
  beforeEach(async () => {
    await renew(testApp, kept);
    admin = await testApp.enter();
  });
  after(() => testApp.close());

  /** What the page of this setting would send. */
  async function admit(ids: readonly string[], by = admin, more: Record<string, string> = {}) {
    const { version } = await by.data<{ version: string }>(SETTING);
    const body = new URLSearchParams({
      csrf: await by.csrf('/admin'),
      version,
      current: PASSWORD,
      ...more,
    });
    for (const id of ids) body.append('platform', id);
    return by.browser.request(`${testApp.origin}${SETTING}`, {
      method: 'POST',
      body: body.toString(),
      from: testApp.origin,
    });
  }
  const open = async (): Promise<void> => {
    const saved = await admit([testApp.registration.id]);
    expect(saved.url, saved.text).to.contain('settingsSaved');
  };

  async function comeWith(roles: readonly string[], person = ADMIN, browser?: Browser): Promise<Visitor> {
    const { browser: used, response } = await launchLink(testApp.lms, {
      person,
      course: '2',
      ...(browser && { browser }),
      forge: ({ claims }) => ({ ...claims, [CLAIM.roles]: [...roles] }),
    });
    const key = /^\/c\/([a-z0-9]+)\//.exec(new URL(response.url).pathname)?.[1] ?? '';
    return new Visitor(testApp.origin, used, key, response);
  }
  const come = (): Promise<Visitor> => testApp.launch({ person: ADMIN, course: '2' });
  const seesTheWay = async (visitor: Visitor): Promise<boolean> =>
    (await visitor.get('')).body.includes(`/c/${visitor.key}/administration"`);
  const codeFor = async (visitor: Visitor): Promise<string> => {
    const page = await visitor.submit('administration');
    expect(page.status, page.body).to.equal(200);
    expect(page.body).to.contain('action="/admin/enter"').and.contain('target="_blank"');
    return /name="code" value="([\w-]{32})"/.exec(page.body)?.[1] ?? '';
  };
  const bring = (code: string, visitor = testApp.visitor(), from = testApp.origin) =>
    visitor.browser.post(`${testApp.origin}/admin/enter`, { code }, { from });
  const enter = async (visitor?: Visitor): Promise<AdminVisitor> => {
    const guest = testApp.visitor();
    const page = await bring(await codeFor(visitor ?? (await come())), guest);
    expect(page.url, page.text).to.equal(`${testApp.origin}/admin`);
    return guest;
  };
  const statusOf = async (visitor: AdminVisitor): Promise<number> =>
    (await visitor.get('/admin', { accept: 'application/json' })).status;
  const log = async () =>
    (
      await admin.data<{
        entries: {
          action: string;
          actor: { kind: string; id: string; name: string };
          changes: { field: string; before: string; after: string }[];
        }[];
      }>('/admin/audit')
    ).entries;

  describe('comes in', () => {
    it('where an administrator has ticked the platform, and not before', async () => {
      const visitor = await come();
      expect(await seesTheWay(visitor)).to.equal(false);
      expect((await visitor.submit('administration')).status).to.equal(403);
      await open();
      expect(await seesTheWay(visitor)).to.equal(true);
      const guest = await enter(visitor);
      const page = await guest.get('/admin?lang=en');
      expect(page.text).to.contain('Лазарев О. И., from an LMS');
      expect(await statusOf(guest)).to.equal(200);
    });

    it('by the roles that the recorded Moodle sends its administrator, and by each of those that count', async () => {
      await open();
      const recorded = fixture('launch-admin').claims[CLAIM.roles] as string[];
      for (const roles of [recorded, ...OF_THE_PLATFORM.map((item) => [item])]) {
        expect(await seesTheWay(await comeWith(roles)), roles.join()).to.equal(true);
      }
    });

    it('gets a separate, shorter session under the name from the LMS', async () => {
      await open();
      const guest = await enter();
      await guest.post(`/admin/platforms/${testApp.registration.id}/test`, {}, { page: '/admin' });
      const [tested, login] = await log();
      for (const entry of [tested!, login!]) {
        expect(entry.actor).to.include({ kind: 'platform-admin', name: 'Лазарев Олег Игоревич' });
      }
      expect([tested!.action, login!.action]).to.deep.equal(['platform-tested', 'login']);
      expect(login!.changes).to.deep.equal([{ field: 'platform', before: '', after: 'Демо' }]);
      expect((await admin.get('/admin/audit?lang=ru')).text).to.match(
        /администратор СДО\s+Лазарев Олег Игоревич/,
      );
      expect(JSON.stringify(await snapshotOfSessions())).not.to.contain('Лазарев');
      testApp.clock.advance(14 * MINUTE);
      expect(await statusOf(guest)).to.equal(200);
      testApp.clock.advance(16 * MINUTE);
      expect(await statusOf(guest), 'idle').to.equal(401);

      const busy = await enter();
      for (let minutes = 0; minutes < 120; minutes += 12) {
        expect(await statusOf(busy), `${minutes}`).to.equal(200);
        testApp.clock.advance(12 * MINUTE);
      }
      expect(await statusOf(busy), 'however busy').to.equal(401);
    });

    it('and leaves', async () => {
      await open();
      const guest = await enter();
      await guest.post('/admin/logout', {}, { page: '/admin' });
      expect(await statusOf(guest)).to.equal(401);
      expect((await log())[0]).to.deep.include({ action: 'logout' });
    });
  });

  const snapshotOfSessions = () => testApp.storage.connection.model('AdminSession').find().lean();

  describe('the setting', () => {
    it('asks for the password, notes who is let in, and refuses a stale form', async () => {
      const refused = await admit([testApp.registration.id], admin, { current: 'not the password' });
      expect(refused.status).to.equal(401);
      expect(await seesTheWay(await come())).to.equal(false);
      expect((await admit(['0'.repeat(24)])).status).to.equal(400);
      await open();
      expect((await log())[0]).to.deep.include({
        action: 'administrators-admitted',
        changes: [{ field: 'platforms', before: '', after: 'Демо' }],
      });
      const stale = await admit([], admin, { version: '0' });
      expect(stale.status).to.equal(409);
      expect(await seesTheWay(await come())).to.equal(true);
    });

    it('holds for the platform’s keys; with other keys it must be decided again', async () => {
      await open();
      const visitor = await come();
      const guest = await enter(visitor);
      await testApp.storage.connection
        .model('Registration')
        .updateOne({ _id: testApp.registration.id }, { $set: { jwksUrl: 'https://other.example/keys' } });
      testApp.clock.advance(3 * SECOND);
      expect(await seesTheWay(visitor)).to.equal(false);
      expect(await statusOf(guest)).to.equal(401);
      const { platforms } = await admin.data<{ platforms: { admitted: boolean }[] }>(SETTING);
      expect(platforms.map(({ admitted }) => admitted)).to.deep.equal([false]);
    });
  });

  describe('the keys', () => {
    const rekey = (jwksUrl: string) =>
      testApp.storage.connection
        .model('Registration')
        .updateOne({ _id: testApp.registration.id }, { $set: { jwksUrl } });

    it('that were put in another’s place while the form was open are not let in with it', async () => {
      await open();
      const { version } = await admin.data<{ version: string }>(SETTING);
      await rekey('https://evil.example/keys');
      const saved = await admit([testApp.registration.id], admin, { version });
      expect(saved.status).to.equal(409);
      const { platforms } = await admin.data<{ platforms: { admitted: boolean }[] }>(SETTING);
      expect(platforms.map(({ admitted }) => admitted)).to.deep.equal([false]);
    });

    it('ends a session whose signing keys are no longer the platform’s', async () => {
      await open();
      const { jwksUrl } = testApp.registration;
      await rekey(`${jwksUrl}?others`);
      testApp.clock.advance(3 * SECOND);
      const visitor = await come();
      expect(await seesTheWay(visitor)).to.equal(false);
      await rekey(jwksUrl);
      testApp.clock.advance(3 * SECOND);
      expect(await seesTheWay(visitor)).to.equal(false);
      expect((await visitor.submit('administration')).status).to.equal(403);
      expect(await seesTheWay(await come())).to.equal(true);
    });

    it('are shown, and the client id: two of one name and issuer are not alike', async () => {
      const { issuer, name, authUrl, tokenUrl } = testApp.registration;
      const jwksUrl = 'https://evil.example/keys';
      await testApp.app.lti.registrations.add({
        ...{ issuer, name, authUrl, tokenUrl, jwksUrl, clientId: 'another', deployments: ['1'] },
      });
      const page = (await admin.get(SETTING)).text;
      for (const shown of [testApp.registration.clientId, testApp.registration.jwksUrl, 'another', jwksUrl]) {
        expect(page).to.contain(`>${shown}<`);
      }
    });
  });

  describe('attacks', () => {
    it('a student, a teacher, and administrators of a course or a part of the platform do not come in', async () => {
      await open();
      const nobodies: string[][] = [
        [`${VOCABULARY}/membership#Learner`],
        [`${VOCABULARY}/membership#Instructor`],
        [`${VOCABULARY}/membership#Administrator`, `${VOCABULARY}/membership#Manager`],
        [`${VOCABULARY}/membership/Administrator#SystemAdministrator`],
        [`${VOCABULARY}/system/person#AccountAdmin`, `${VOCABULARY}/system/person#User`],
        [`${VOCABULARY}/institution/person#Staff`],
        // Canvas, for an administrator of a part of it.
        [`${VOCABULARY}/institution/person#Administrator`, `${VOCABULARY}/membership#Learner`],
        [`${VOCABULARY}/institution/person#Administrator`, `${VOCABULARY}/membership#Instructor`],
        ['Administrator', 'institution/person#Administrator', 'urn:lti:sysrole:ims/lis/SysAdmin'],
        [`${OF_THE_PLATFORM[0]}x`, `https://evil.example/${OF_THE_PLATFORM[0]}`],
        [OF_THE_PLATFORM[0]!.toUpperCase()],
      ];
      for (const roles of nobodies) {
        const visitor = await comeWith(roles);
        expect(await seesTheWay(visitor), roles.join()).to.equal(false);
        expect((await visitor.submit('administration')).status, roles.join()).to.equal(403);
      }
      expect(await testApp.storage.connection.model('AdminCode').countDocuments()).to.equal(0);
      expect(await snapshotOfSessions()).to.have.length(1);
    });

    it('a role that is said here to be an administrator’s is none of the platform', async () => {
      await open();
      const page = `/admin/platforms/${testApp.registration.id}/roles`;
      const { version } = await admin.data<{ version: string }>(page);
      const saved = await admin.post(
        page,
        { uri: 'membership#Instructor', role: 'administrator', version },
        { page: '/admin' },
      );
      expect(saved.url).to.contain('rolesSaved');
      const teacher = await comeWith([`${VOCABULARY}/membership#Instructor`], '11');
      expect((await teacher.get('?lang=en')).body).to.match(/Administrator\s*<\/p>/);
      expect(await seesTheWay(teacher)).to.equal(false);
      expect((await teacher.submit('administration')).status).to.equal(403);
    });

    it('an administrator of another platform does not', async () => {
      const other = await startLms({ clock: testApp.clock });
      try {
        const tool = other.control.registerTool({ url: testApp.origin });
        await testApp.app.lti.registrations.add({
          issuer: other.origin,
          clientId: tool.clientId,
          authUrl: `${other.origin}/mod/lti/auth.php`,
          tokenUrl: `${other.origin}/mod/lti/token.php`,
          jwksUrl: `${other.origin}/mod/lti/certs.php`,
          deployments: [tool.deploymentId],
        });
        await open();
        const { response, browser } = await launchLink(other, { person: ADMIN, course: '2' });
        const key = /^\/c\/([a-z0-9]+)\//.exec(new URL(response.url).pathname)?.[1] ?? '';
        const visitor = new Visitor(testApp.origin, browser, key, response);
        expect(await seesTheWay(visitor)).to.equal(false);
        expect((await visitor.submit('administration')).status).to.equal(403);
      } finally {
        await other.close();
      }
    });

    it('the newest launch decides in all courses who is an administrator', async () => {
      await open();
      const visitor = await come();
      await comeWith([`${VOCABULARY}/membership#Instructor`], ADMIN, visitor.browser);
      expect(await seesTheWay(visitor)).to.equal(false);
      expect((await visitor.submit('administration')).status).to.equal(403);
    });

    it('nor does the platform’s word last longer than an hour', async () => {
      await open();
      const visitor = await come();
      testApp.clock.advance(HOUR + MINUTE);
      expect(await seesTheWay(visitor)).to.equal(false);
      expect((await visitor.submit('administration')).status).to.equal(403);
    });

    it('student view gives no access to the administration', async () => {
      await open();
      const visitor = await come();
      await visitor.submit('view-as', { person: '' });
      expect(await seesTheWay(visitor)).to.equal(false);
      expect((await visitor.json('POST', 'administration')).status).to.equal(403);
    });

    it('a code works once, in whichever browser, and of many at once for one', async () => {
      await open();
      const visitor = await come();
      const code = await codeFor(visitor);
      const answers = await Promise.all(Array.from({ length: 10 }, () => bring(code)));
      expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
      for (const refused of answers.filter(({ status }) => status !== 200)) {
        expect(refused.status).to.equal(403);
        expect(refused.text).to.contain('admin-code-over');
      }
      expect(await snapshotOfSessions()).to.have.length(2);
      expect((await bring(code)).status).to.equal(403);
    });

    it('nor after two minutes, nor one that was made up', async () => {
      await open();
      const code = await codeFor(await come());
      testApp.clock.advance(2 * MINUTE + SECOND);
      expect((await bring(code)).status).to.equal(403);
      expect((await bring('A'.repeat(32))).status).to.equal(403);
      expect((await bring('')).status).to.equal(400);
      const shapes: unknown[] = [{ $ne: '' }, ['x'], null];
      for (const shape of shapes) {
        const answer = await fetch(`${testApp.origin}/admin/enter`, {
          method: 'POST',
          headers: { origin: testApp.origin, 'content-type': 'application/json', accept: 'application/json' },
          body: JSON.stringify({ code: shape }),
        });
        expect(answer.status, JSON.stringify(shape)).to.equal(400);
      }
    });

    it('refuses a code that is posted from another origin', async () => {
      await open();
      const code = await codeFor(await come());
      const victim = await testApp.enter();
      for (const from of ['https://evil.example', testApp.lms.origin]) {
        expect((await bring(code, victim, from)).status, from).to.equal(403);
      }
      const bare = await fetch(`${testApp.origin}/admin/enter`, {
        method: 'POST',
        body: new URLSearchParams({ code }),
      });
      expect(bare.status, 'no origin at all').to.equal(403);
      expect((await victim.get('/admin?lang=en')).text).not.to.contain('from an LMS');
      // None of it has used the code up.
      expect((await bring(code)).status).to.equal(200);
    });

    it('no code is made from another page, nor without the token', async () => {
      await open();
      const visitor = await come();
      expect((await visitor.submit('administration', {}, { csrf: 'x'.repeat(32) })).status).to.equal(403);
      const foreign = await visitor.browser.post(
        visitor.address('administration'),
        { csrf: await visitor.csrf() },
        { from: 'https://evil.example' },
      );
      expect(foreign.status).to.equal(403);
      expect(await testApp.storage.connection.model('AdminCode').countDocuments()).to.equal(0);
    });

    it('starts with a new session id and a cookie for the administration only', async () => {
      await open();
      const visitor = await come();
      const prepared = testApp.visitor();
      await prepared.get('/admin/login');
      const before = prepared.cookie;
      await bring(await codeFor(visitor), prepared);
      expect(prepared.cookie).to.be.a('string').and.not.equal(before);
      expect(visitor.browser.cookieNames(testApp.origin)).not.to.include('nastavnik_admin');
      expect((await prepared.browser.get(visitor.address(''))).status, 'no course by it').to.equal(401);
    });

    it('accounts, passwords, second factors and this way in are not theirs to touch', async () => {
      await open();
      const guest = await enter();
      const [account] = (await admin.data<{ admins: { id: string }[] }>('/admin/administrators')).admins;
      const csrf = await guest.csrf('/admin');
      const before = await snapshotOf(testApp);
      const item = `/admin/administrators/${account!.id}`;
      for (const path of [
        '/admin/administrators',
        item,
        '/admin/account',
        '/admin/account/password',
        SETTING,
      ]) {
        expect((await guest.get(path)).status, path).to.equal(403);
      }
      for (const path of [
        ...['/admin/administrators/invite', `${item}/password`, `${item}/forget`, `${item}/disable`],
        ...[`${item}/enable`, `${item}/end-sessions`, '/admin/account/password', '/admin/account/totp'],
        ...['/admin/account/totp/confirm', '/admin/account/totp/recovery', '/admin/account/totp/off'],
        ...['/admin/account/sessions/end-others', SETTING, '/admin/login/code'],
      ]) {
        const fields = { current: PASSWORD, version: '1', platform: testApp.registration.id, code: '000000' };
        const answer = await guest.post(path, { ...fields, password: 'x', repeat: 'x' }, { csrf });
        expect(answer.status, path).to.be.oneOf([401, 403]);
      }
      // What stands in the other form for it is nothing there.
      const { values } = await guest.data<{ values: Record<string, string> }>('/admin/settings');
      const saved = await guest.post(
        '/admin/settings',
        { ...values, nameRu: 'От гостя', administrators: '[]', platform: '' },
        { csrf },
      );
      expect(saved.url).to.contain('settingsSaved');
      expect((await log())[0]).to.deep.include({ action: 'settings-changed' });
      expect((await log())[0]!.actor.kind).to.equal('platform-admin');
      const { platforms } = await admin.data<{ platforms: { admitted: boolean }[] }>(SETTING);
      expect(platforms.map(({ admitted }) => admitted)).to.deep.equal([true]);
      const changed = differences(before, await snapshotOf(testApp)).filter((name) => !HARMLESS.has(name));
      expect(changed).to.deep.equal(['centre']);
      for (const hidden of ['/admin/administrators', '/admin/account"']) {
        expect((await guest.get('/admin/settings')).text).not.to.contain(hidden);
      }
    });

    const HARMLESS = new Set(['admin_sessions', 'audit', 'login_tries', 'people', 'memberships', 'rosters']);

    for (const [what, close, reopen] of [
      ['the setting is switched off', () => admit([]), () => admit([testApp.registration.id])],
      [
        'the platform is disabled',
        () => admin.post(`/admin/platforms/${testApp.registration.id}/disable`, {}, { page: '/admin' }),
        () => admin.post(`/admin/platforms/${testApp.registration.id}/enable`, {}, { page: '/admin' }),
      ],
    ] as const) {
      it(`when ${what}, sessions and codes are over, and do not come back with it`, async () => {
        await open();
        const visitor = await come();
        const guest = await enter(visitor);
        const idle = await enter(visitor);
        const code = await codeFor(visitor);
        await close();
        expect(await statusOf(guest)).to.equal(401);
        expect((await bring(code)).status).to.equal(403);
        await reopen();
        for (const session of [guest, idle]) expect(await statusOf(session)).to.equal(401);
        expect((await bring(code)).status).to.equal(403);
        expect(await statusOf(await enter())).to.equal(200);
      });
    }

    it('ends a session that starts while the platform is being disabled', async () => {
      await open();
      const code = await codeFor(await come());
      const platform = `/admin/platforms/${testApp.registration.id}`;
      const model = testApp.storage.connection.model('AdminSession');
      const create = model.create.bind(model);
      const guest = testApp.visitor();
      // Between the look at the platform and the write of the session.
      (model as { create: unknown }).create = async (row: object) => {
        model.create = create;
        await admin.post(`${platform}/disable`, {}, { page: '/admin' });
        return (await create(row)) as object;
      };
      expect((await bring(code, guest)).status).to.equal(403);
      await admin.post(`${platform}/enable`, {}, { page: '/admin' });
      expect(await statusOf(guest)).to.equal(401);
      expect(await model.countDocuments({ personId: { $ne: '' } })).to.equal(0);
    });

    it('when another process switches it off, they are over within seconds', async () => {
      await open();
      const visitor = await come();
      const guest = await enter(visitor);
      const code = await codeFor(visitor);
      await testApp.storage.connection
        .model('Centre')
        .updateOne({ _id: 'centre' }, { $set: { administrators: [] }, $inc: { version: 1 } });
      testApp.clock.advance(3 * SECOND);
      expect(await statusOf(guest)).to.equal(401);
      expect((await bring(code)).status).to.equal(403);
    });

    it('when the person is erased, they are over at once', async () => {
      await open();
      const visitor = await come();
      const guest = await enter(visitor);
      const code = await codeFor(visitor);
      const person = await testApp.storage.connection
        .model('Person')
        .findOne({ sub: ADMIN })
        .lean<{ _id: unknown }>();
      // By their own hand, even.
      const erased = await guest.post(
        `/admin/people/${String(person!._id)}/erase`,
        { sure: 'on' },
        { page: '/admin' },
      );
      await testApp.app.jobs.drain();
      expect(erased.url, erased.text).to.contain('/admin/login');
      expect(await statusOf(guest)).to.equal(401);
      expect((await bring(code)).status).to.equal(403);
      // The log says that a person did it, and no longer who.
      expect((await admin.get('/admin/audit')).text).not.to.contain('Лазарев');
    });

    it('cannot be used inside a frame: its cookie is not sent there', async () => {
      await open();
      const code = await codeFor(await come());
      const framed = new AdminVisitor(testApp.origin, new Browser({ framedBy: testApp.lms.origin }));
      await bring(code, framed);
      expect(framed.cookie).to.equal(undefined);
      expect(await statusOf(framed)).to.equal(401);
    });
  });
});
