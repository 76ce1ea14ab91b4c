import { expect } from 'chai';
import { renew, snapshotOf, type Snapshot } from '../../support/snapshot.js';
import { LOGIN, PASSWORD, startAdminApp, type AdminTestApp, type AdminVisitor } from './support.js';

const OTHER = 'Petrov';
const OTHERS = 'четыре жёлтых слона под мостом';

describe('administrators, by one of them', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  let other: AdminVisitor;
  let otherId: string;
  let ownId: string;
  let kept: Snapshot;
  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    await testApp.make(OTHER, OTHERS);
    kept = await snapshotOf(testApp);
  });
  beforeEach(async () => {
    await renew(testApp, kept);
    admin = await testApp.enter();
    other = await testApp.enter(OTHER, OTHERS);
    const { admins } = await admin.data<{ admins: { id: string; login: string }[] }>('/admin/administrators');
    otherId = admins.find(({ login }) => login === OTHER)!.id;
    ownId = admins.find(({ login }) => login === LOGIN)!.id;
  });
  after(() => testApp.close());

  const post = (path: string, current = PASSWORD) =>
    admin.post(`/admin/administrators/${path}`, { current }, { page: '/admin' });
  const linkIn = (text: string): string => /value="[^"]*setup\?token=([\w-]+)"/.exec(text)?.[1] ?? '';
  const isIn = async (visitor: AdminVisitor): Promise<boolean> =>
    (await visitor.get('/admin', { accept: 'application/json' })).status === 200;
  const latest = async (): Promise<string> =>
    (await admin.data<{ entries: { action: string }[] }>('/admin/audit')).entries[0]!.action;

  it('are invited by a link that is shown once', async () => {
    const { text } = await post('invite');
    const token = linkIn(text);
    expect(token).not.to.equal('');
    expect(await latest()).to.equal('link-made');
    const third = testApp.visitor();
    const password = 'пять синих птиц над крышей';
    const fields = { token, login: 'Sidorov', password, repeat: password };
    expect((await third.post('/admin/setup', fields)).url).to.contain('accountMade');
    expect(await isIn(await testApp.enter('Sidorov', password))).to.equal(true);
  });

  it('are disabled and enabled, and their sessions end', async () => {
    expect((await post(`${otherId}/disable`)).url).to.contain('staffDisabled');
    expect(await isIn(other)).to.equal(false);
    expect((await testApp.visitor().login(OTHER, OTHERS)).url).to.contain('/login');
    expect((await post(`${otherId}/password`)).status, 'no link for a disabled one').to.equal(409);
    await post(`${otherId}/enable`);
    expect(await isIn(await testApp.enter(OTHER, OTHERS))).to.equal(true);
    expect(await latest()).to.equal('login');
  });

  it('have their sessions ended, and get a new password by a link', async () => {
    expect((await post(`${otherId}/end-sessions`)).url).to.contain('staffEnded');
    expect(await isIn(other)).to.equal(false);
    expect(await latest()).to.equal('sessions-ended');
    const token = linkIn((await post(`${otherId}/forget`)).text);
    const password = 'шесть зелёных рыб в пруду';
    const fields = { token, login: OTHER, password, repeat: password };
    expect((await testApp.visitor().post('/admin/setup', fields)).status).to.equal(200);
    expect(await isIn(await testApp.enter(OTHER, password))).to.equal(true);
  });

  it('are left alone without the own password', async () => {
    for (const path of [
      'invite',
      ...['disable', 'end-sessions', 'password', 'forget'].map((item) => `${otherId}/${item}`),
    ]) {
      const wrong = await post(path, 'не тот пароль');
      expect(wrong.status, path).to.be.oneOf([400, 401, 403, 422, 429]);
      expect(linkIn(wrong.text)).to.equal('');
    }
    expect(await isIn(other)).to.equal(true);
  });

  it('refuses to disable oneself or an unknown account', async () => {
    expect((await post(`${ownId}/disable`)).status).to.equal(409);
    expect(await isIn(admin)).to.equal(true);
    expect((await post(`${'0'.repeat(24)}/disable`)).status).to.equal(404);
    expect((await admin.get('/admin/administrators/x')).status).to.equal(400);
  });
});
