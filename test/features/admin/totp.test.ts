import { expect } from 'chai';
import { Secret, TOTP } from 'otpauth';
import { LTI_SEALED } from '../../../src/lti/index.js';
import { ADMIN_SEALED } from '../../../src/features/admin/index.js';
import { createSealer } from '../../../src/shared/sealing.js';
import { reseal } from '../../../src/storage/tools/index.js';
import { MINUTE, SECOND } from '../../../src/shared/clock.js';
import { renew, snapshotOf, type Snapshot } from '../../support/snapshot.js';
import { LOGIN, PASSWORD, startAdminApp, TERMINAL, type AdminTestApp, type AdminVisitor } from './support.js';

const PAGE = { page: '/admin/account' };

describe('the second factor of an administrator', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  /** Base32, as a person would type it. */
  let key: string;
  let recovery: string[];

  /** The code that a telephone shows, whose clock is this far ahead. */
  const code = (ahead = 0): string =>
    new TOTP({ secret: Secret.fromBase32(key) }).generate({
      timestamp: testApp.clock.now().getTime() + ahead,
    });
  const inside = async (visitor: AdminVisitor): Promise<boolean> =>
    (await visitor.get('/admin')).url === `${testApp.origin}/admin`;
  /** The password is given; the code is owed. */
  async function half(): Promise<AdminVisitor> {
    const visitor = testApp.visitor();
    expect((await visitor.login()).url).to.equal(`${testApp.origin}/admin/login/code`);
    return visitor;
  }
  const give = (visitor: AdminVisitor, given: string) =>
    visitor.post('/admin/login/code', { code: given }, { page: '/admin/login/code' });
  /** Codes are used up by their half minutes. */
  const nextCode = (): void => testApp.clock.advance(31 * SECOND);

  let kept: Snapshot;
  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    kept = await snapshotOf(testApp);
  });
  beforeEach(async () => {
    await renew(testApp, kept);
    admin = await testApp.enter();
    const page = await admin.post('/admin/account/totp', { current: PASSWORD }, PAGE);
    key = /<code class="long">([A-Z2-7 ]+)</.exec(page.text)?.[1]?.replaceAll(' ', '') ?? '';
    expect(page.text).to.contain('<svg').and.to.contain('otpauth://totp/');
    const on = await admin.post('/admin/account/totp/confirm', { code: code() }, PAGE);
    recovery = [...on.text.matchAll(/<li><code>([a-z0-9-]{19})</g)].map(([, found]) => found ?? '');
    nextCode();
  });
  after(() => testApp.close());

  it('gives ten recovery codes when it is set up, kept as digests, and stores the key sealed', async () => {
    expect(new Set(recovery).size).to.equal(10);
    const rows = JSON.stringify(await testApp.storage.connection.model('Admin').find().lean());
    expect(rows).not.to.contain(key);
    for (const item of recovery)
      expect(rows).not.to.contain(item).and.not.to.contain(item.replaceAll('-', ''));
  });

  it('opens after the testApp has been given a new secret', async () => {
    const [from, to] = ['a secret for tests, long enough', 'another secret, long enough too'].map(
      createSealer,
    );
    const { resealed } = await reseal(testApp.storage, [...LTI_SEALED, ...ADMIN_SEALED], from!, to!);
    expect(resealed, 'the key of the second factor among them').to.be.at.least(2);
    const row = await testApp.storage.connection.model('Admin').findOne().lean<{ totp: string }>();
    expect(to!.open(row?.totp ?? '', 'admin-totp')).to.contain(key);
  });

  it('is asked for after the password, which alone opens nothing', async () => {
    const visitor = await half();
    expect(await inside(visitor)).to.equal(false);
    for (const path of ['/admin', '/admin/people', '/admin/account']) {
      expect((await visitor.get(path, { accept: 'application/json' })).status).to.equal(401);
    }
    const before = visitor.cookie;
    expect((await give(visitor, code())).url).to.equal(`${testApp.origin}/admin`);
    expect(visitor.cookie, 'a new id once more').not.to.equal(before);
  });

  it('takes no code twice, in the same half minute or from a clock that is behind', async () => {
    const used = code();
    expect((await give(await half(), used)).url).to.equal(`${testApp.origin}/admin`);
    expect((await give(await half(), used)).status, 'replayed').to.equal(401);
    expect((await give(await half(), code(-30 * SECOND))).status, 'older than the last').to.equal(401);
    nextCode();
    expect((await give(await half(), code())).url).to.equal(`${testApp.origin}/admin`);
  });

  it('takes a code once of several tries at the same moment', async () => {
    const used = code();
    const visitors = await Promise.all(
      [1, 2, 3, 4].map(async () => {
        const visitor = await half();
        return { visitor, csrf: await visitor.csrf('/admin/login/code') };
      }),
    );
    const answers = await Promise.all(
      visitors.map(({ visitor, csrf }) =>
        visitor.post('/admin/login/code', { code: used }, { csrf, follow: false }),
      ),
    );
    expect(answers.filter(({ status }) => status === 303)).to.have.length(1);
  });

  it('allows for clocks half a minute apart, and no more', async () => {
    expect((await give(await half(), code(90 * SECOND))).status).to.equal(401);
    expect((await give(await half(), code(30 * SECOND))).url).to.equal(`${testApp.origin}/admin`);
  });

  it('cannot be guessed: failures make pauses, and the password does not end them', async () => {
    const visitor = await half();
    const csrf = await visitor.csrf('/admin/login/code');
    const wrong = code() === '000000' ? '000001' : '000000';
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      statuses.push((await visitor.post('/admin/login/code', { code: wrong }, { csrf })).status);
    }
    expect(statuses).to.deep.equal([401, 401, 401, 401, 401, 429]);
    testApp.clock.advance(31 * SECOND);
    await visitor.login();
    const again = await give(visitor, wrong);
    expect(again.status).to.equal(401);
    expect((await give(visitor, wrong)).status, 'paused again at once').to.equal(429);
  });

  it('is awaited for five minutes', async () => {
    const visitor = await half();
    const csrf = await visitor.csrf('/admin/login/code');
    testApp.clock.advance(5 * MINUTE + SECOND);
    const answer = await visitor.post('/admin/login/code', { code: code() }, { csrf });
    expect(answer.status).to.equal(401);
  });

  it('can be stood in for by a recovery code, once', async () => {
    const [item = ''] = recovery;
    expect((await give(await half(), item.toUpperCase().replaceAll('-', ' '))).url).to.equal(
      `${testApp.origin}/admin`,
    );
    expect((await give(await half(), item)).status).to.equal(401);
    expect((await give(await half(), recovery[1] ?? '')).url).to.equal(`${testApp.origin}/admin`);
    const { account } = await admin.data<{ account: { recoveryLeft: number } }>('/admin/account');
    expect(account.recoveryLeft).to.equal(8);
  });

  it('gets new recovery codes for the password; the old ones end', async () => {
    expect((await admin.post('/admin/account/totp/recovery', { current: 'wrong' }, PAGE)).status).to.equal(
      401,
    );
    const page = await admin.post('/admin/account/totp/recovery', { current: PASSWORD }, PAGE);
    expect(page.text.match(/<li><code>/g)).to.have.length(10);
    expect((await give(await half(), recovery[0] ?? '')).status).to.equal(401);
  });

  it('is turned off by the password alone, not by a session', async () => {
    const refused = await admin.post('/admin/account/totp/off', { current: 'wrong' }, PAGE);
    expect(refused.status).to.equal(401);
    expect(refused.text).to.contain('Пароль не подходит');
    await half();
    await admin.post('/admin/account/totp/off', { current: PASSWORD }, PAGE);
    await testApp.enter();
  });

  it('stays with a new password by link, unless the link says that it is lost', async () => {
    const { accounts } = testApp.app.features.admin;
    const reset = async (forget: boolean, password: string) => {
      const token = await accounts.offerPassword(LOGIN, forget, TERMINAL);
      await testApp.visitor().post('/admin/setup', { token, password, repeat: password });
      return testApp.visitor().login(LOGIN, password);
    };
    expect((await reset(false, 'восемь зелёных лун')).url).to.equal(`${testApp.origin}/admin/login/code`);
    expect((await reset(true, 'девять жёлтых звёзд')).url).to.equal(`${testApp.origin}/admin`);
  });

  it('once on, ends the sessions that came in without it', async () => {
    await admin.post('/admin/account/totp/off', { current: PASSWORD }, PAGE);
    const other = await testApp.enter();
    const page = await admin.post('/admin/account/totp', { current: PASSWORD }, PAGE);
    key = /<code class="long">([A-Z2-7 ]+)</.exec(page.text)?.[1]?.replaceAll(' ', '') ?? '';
    await admin.post('/admin/account/totp/confirm', { code: code() }, PAGE);
    expect(await inside(other)).to.equal(false);
    expect(await inside(admin)).to.equal(true);
  });
});
