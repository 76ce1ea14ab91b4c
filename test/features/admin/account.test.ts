import { expect } from 'chai';
import { SECOND } from '../../../src/shared/clock.js';
import { renew, snapshotOf, type Snapshot } from '../../support/snapshot.js';
import { LOGIN, PASSWORD, startAdminApp, type AdminTestApp, type AdminVisitor } from './support.js';

const PAGE = { page: '/admin/account' };
const NEXT = 'восемь зелёных лун';

interface Sessions {
  sessions: { key: string; here: boolean; userAgent: string }[];
}

describe("an administrator's own account", () => {
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
  const inside = async (visitor: AdminVisitor): Promise<boolean> =>
    (await visitor.get('/admin')).url === `${testApp.origin}/admin`;

  it('lists its sessions, and ends one or all others', async () => {
    const [second, third] = [await testApp.enter(), await testApp.enter()];
    const { sessions } = await admin.data<Sessions>('/admin/account');
    expect(sessions).to.have.length(3);
    expect(sessions.filter(({ here }) => here)).to.have.length(1);
    const item = (await second.data<Sessions>('/admin/account')).sessions.find(({ here }) => here)?.key ?? '';
    await admin.post(`/admin/account/sessions/${item}/end`, {}, PAGE);
    expect([await inside(second), await inside(third), await inside(admin)]).to.deep.equal([
      false,
      true,
      true,
    ]);
    await admin.post('/admin/account/sessions/end-others', {}, PAGE);
    expect([await inside(third), await inside(admin)]).to.deep.equal([false, true]);
  });

  it('ends no session of another administrator', async () => {
    await testApp.make('petrov');
    const other = await testApp.enter('petrov');
    const key = (await other.data<Sessions>('/admin/account')).sessions[0]?.key ?? '';
    expect((await admin.post(`/admin/account/sessions/${key}/end`, {}, PAGE)).status).to.equal(404);
    expect(await inside(other)).to.equal(true);
  });

  it('a new password ends other sessions, and gives this one a new id', async () => {
    const other = await testApp.enter();
    const before = admin.cookie;
    const changed = await admin.post(
      '/admin/account/password',
      { current: PASSWORD, password: NEXT, repeat: NEXT },
      PAGE,
    );
    expect(changed.text).to.contain('Пароль изменён');
    expect(admin.cookie).not.to.equal(before);
    expect([await inside(other), await inside(admin)]).to.deep.equal([false, true]);
    const stale = testApp.visitor();
    stale.browser.setCookie(testApp.origin, `nastavnik_admin=${before}; Path=/admin`);
    expect(await inside(stale)).to.equal(false);
    expect((await testApp.visitor().login()).status).to.equal(401);
    await testApp.enter(LOGIN, NEXT);
  });

  it('needs the present password for it, and counts wrong ones', async () => {
    const change = (current: string) =>
      admin.post('/admin/account/password', { current, password: NEXT, repeat: NEXT }, PAGE);
    const refused = await change('wrong');
    expect(refused.status).to.equal(401);
    expect(refused.text).to.contain('Пароль не подходит');
    for (let n = 0; n < 4; n += 1) await change('wrong');
    expect((await change(PASSWORD)).status).to.equal(429);
    testApp.clock.advance(31 * SECOND);
    await testApp.enter();
  });

  it('takes no trivial one', async () => {
    const answer = await admin.post(
      '/admin/account/password',
      { current: PASSWORD, password: 'qwerty123456', repeat: 'qwerty123456' },
      PAGE,
    );
    expect(answer.status).to.equal(400);
    await testApp.enter();
  });
});
