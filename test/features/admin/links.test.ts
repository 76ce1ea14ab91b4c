import { expect } from 'chai';
import { DAY, SECOND } from '../../../src/shared/clock.js';
import { renew, snapshotOf, type Snapshot } from '../../support/snapshot.js';
import { LOGIN, PASSWORD, startAdminApp, TERMINAL, type AdminTestApp } from './support.js';

describe('one-time links of administrators', () => {
  let testApp: AdminTestApp;
  const accounts = () => testApp.app.features.admin.accounts;
  const form = (token: string, more: Record<string, string> = {}) => ({
    token,
    login: LOGIN,
    password: PASSWORD,
    repeat: PASSWORD,
    ...more,
  });
  let kept: Snapshot;
  before(async () => {
    testApp = await startAdminApp();
    kept = await snapshotOf(testApp);
  });
  beforeEach(() => renew(testApp, kept));
  after(() => testApp.close());

  it('the first start gives one, which makes the first administrator', async () => {
    const token = await accounts().firstLink();
    const url = testApp.app.features.admin.linkUrl(token ?? '');
    const visitor = testApp.visitor();
    expect((await visitor.get(new URL(url).pathname + new URL(url).search)).text).to.contain(
      'Новый администратор',
    );
    const made = await visitor.post('/admin/setup', form(token ?? ''));
    expect(made.text).to.contain('Учётная запись готова');
    expect((await visitor.login()).url).to.equal(`${testApp.origin}/admin`);
    expect(await accounts().firstLink(), 'with an administrator there is none').to.equal(null);
  });

  it('one printed at an earlier start ends with a newer one, and with the first account', async () => {
    const old = await accounts().firstLink();
    const newer = await accounts().firstLink();
    expect((await testApp.visitor().post('/admin/setup', form(old ?? ''))).status).to.equal(410);
    await testApp.make('petrov');
    expect((await testApp.visitor().post('/admin/setup', form(newer ?? ''))).status).to.equal(410);
    expect(await accounts().list()).to.have.length(1);
  });

  it('used by several at the same moment makes one account', async () => {
    const token = await accounts().invite(TERMINAL);
    const visitors = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const visitor = testApp.visitor();
        return { visitor, csrf: await visitor.csrf() };
      }),
    );
    const answers = await Promise.all(
      visitors.map(({ visitor, csrf }, index) =>
        visitor.post('/admin/setup', form(token, { login: `admin-${index}` }), { csrf, follow: false }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([
      303,
      ...Array.from({ length: 7 }, () => 410),
    ]);
    expect(await accounts().list()).to.have.length(1);
  });

  it('looking at its page uses nothing up', async () => {
    const token = await accounts().invite(TERMINAL);
    for (let n = 0; n < 3; n += 1) {
      expect((await testApp.visitor().get(`/admin/setup?token=${token}`)).status).to.equal(200);
    }
    expect((await testApp.visitor().post('/admin/setup', form(token))).url).to.contain('accountMade');
  });

  it('ends after 24 hours', async () => {
    const token = await accounts().invite(TERMINAL);
    testApp.clock.advance(DAY - 10 * SECOND);
    expect((await testApp.visitor().get(`/admin/setup?token=${token}`)).status).to.equal(200);
    testApp.clock.advance(11 * SECOND);
    expect((await testApp.visitor().get(`/admin/setup?token=${token}`)).status).to.equal(410);
    expect((await testApp.visitor().post('/admin/setup', form(token))).status).to.equal(410);
  });

  it('is stored as a digest', async () => {
    const token = await accounts().invite(TERMINAL);
    const rows = await testApp.storage.connection.model('Admin').find().lean();
    expect(JSON.stringify(rows)).not.to.contain(token);
  });

  it('stays good when the form is filled in wrongly; input is kept, passwords are not', async () => {
    const token = await accounts().invite(TERMINAL);
    const visitor = testApp.visitor();
    const wrong = [
      [{ password: 'short', repeat: 'short' }, 'Нужно не меньше 12 знаков'],
      [{ password: 'Password123456', repeat: 'Password123456' }, 'легко подобрать'],
      [{ password: `${LOGIN}${LOGIN}`, repeat: `${LOGIN}${LOGIN}` }, 'легко подобрать'],
      [{ repeat: 'another' }, 'Пароли не совпадают'],
      [{ login: '<b>' }, 'Буквы, цифры'],
    ] as const;
    for (const [fields, problem] of wrong) {
      const again = await visitor.post('/admin/setup', form(token, fields));
      expect(again.status).to.equal(400);
      expect(again.text).to.contain(problem).and.not.to.contain(PASSWORD);
      expect(again.text).to.contain(
        'login' in fields ? 'value="&lt;b&gt;"' : `value="${LOGIN}"`,
        'the login is kept',
      );
    }
    expect((await visitor.post('/admin/setup', form(token))).url).to.contain('accountMade');
  });

  it('refuses a taken login in any letter case, beside its field', async () => {
    await testApp.make();
    const token = await accounts().invite(TERMINAL);
    const again = await testApp.visitor().post('/admin/setup', form(token, { login: LOGIN.toUpperCase() }));
    expect(again.status).to.equal(400);
    expect(again.text).to.contain('Такое название уже есть');
    expect(await accounts().list()).to.have.length(1);
  });

  describe('for a new password', () => {
    const NEXT = 'восемь зелёных лун';
    beforeEach(() => testApp.make());

    it('sets it, ends all sessions, and ends a pause', async () => {
      const inside = await testApp.enter();
      for (let n = 0; n < 6; n += 1) await testApp.visitor().login(LOGIN, 'no');
      const token = await accounts().offerPassword(LOGIN, false, TERMINAL);
      const made = await testApp.visitor().post('/admin/setup', { token, password: NEXT, repeat: NEXT });
      expect(made.text).to.contain('Пароль изменён');
      expect((await inside.get('/admin')).url).to.contain('/admin/login');
      expect((await testApp.visitor().login()).status, 'the old one').to.equal(401);
      await testApp.enter(LOGIN, NEXT);
    });

    it('works once', async () => {
      const token = await accounts().offerPassword(LOGIN, false, TERMINAL);
      const fields = { token, password: NEXT, repeat: NEXT };
      await testApp.visitor().post('/admin/setup', fields);
      expect((await testApp.visitor().post('/admin/setup', fields)).status).to.equal(410);
    });

    it('cannot be turned into an account, nor the account’s name be changed by it', async () => {
      const token = await accounts().offerPassword(LOGIN, false, TERMINAL);
      await testApp.visitor().post('/admin/setup', { token, login: 'mallory', password: NEXT, repeat: NEXT });
      expect((await accounts().list()).map(({ login }) => login)).to.deep.equal([LOGIN]);
    });

    it('is not made for a disabled account, and ends when it is disabled', async () => {
      const token = await accounts().offerPassword(LOGIN, false, TERMINAL);
      await accounts().setDisabled(LOGIN, true, TERMINAL);
      const answer = await testApp.visitor().post('/admin/setup', { token, password: NEXT, repeat: NEXT });
      expect(answer.status).to.equal(410);
      const refused = await accounts()
        .offerPassword(LOGIN, false, TERMINAL)
        .then(
          () => null,
          (error: unknown) => error,
        );
      expect(refused).to.include({ code: 'admin-account-disabled' });
    });
  });
});
