import { expect } from 'chai';
import { createAdminsStore } from '../../../src/features/admin/accounts/admins.store.js';
import { createLoginService } from '../../../src/features/admin/accounts/login.service.js';
import { createPasswords } from '../../../src/features/admin/accounts/passwords.js';
import { createAdminSessionsStore } from '../../../src/features/admin/accounts/sessions.store.js';
import { createTriesStore } from '../../../src/features/admin/accounts/tries.store.js';
import { HOUR, ManualClock, MINUTE, SECOND } from '../../../src/shared/clock.js';
import { openStorage } from '../../../src/storage/index.js';
import { renew, snapshotOf, type Snapshot } from '../../support/snapshot.js';
import { LOGIN, PASSWORD, startAdminApp, TERMINAL, type AdminTestApp, type AdminVisitor } from './support.js';

/** Returns the statuses of wrong passwords, each from an address of its own choice. */
async function strangers(
  testApp: AdminTestApp,
  count: number,
  address: (at: number) => string,
  login: string,
): Promise<number[]> {
  const statuses: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const { status } = await testApp
      .visitor()
      .post('/admin/login', { login, password: 'no' }, { headers: { 'x-forwarded-for': address(at) } });
    statuses.push(status);
  }
  return statuses;
}

describe("the administrator's login", () => {
  let testApp: AdminTestApp;
  let kept: Snapshot;
  before(async () => {
    // Without the header of a proxy an address is that of the connection.
    testApp = await startAdminApp({ env: { TRUST_PROXY: '1' } });
    await testApp.make();
    kept = await snapshotOf(testApp);
  });
  beforeEach(() => renew(testApp, kept));
  after(() => testApp.close());

  interface Audited {
    action: string;
    actor: { kind: string; name: string };
    subject: { name: string };
  }
  const audited = async (): Promise<Audited[]> => {
    const inside = await testApp.enter();
    return (await inside.data<{ entries: Audited[] }>('/admin/audit')).entries;
  };

  it('accepts the password with the login in any letter case', async () => {
    const visitor = testApp.visitor();
    expect((await visitor.get('/admin')).url).to.equal(`${testApp.origin}/admin/login`);
    const entered = await visitor.login('iVANOVA');
    expect(entered.url).to.equal(`${testApp.origin}/admin`);
    expect(entered.text).to.contain(LOGIN).and.to.contain('Обзор');
  });

  it('gives unknown logins, wrong passwords and disabled accounts one answer', async () => {
    await testApp.make('petrov', 'сорок тысяч братьев');
    await testApp.app.features.admin.accounts.setDisabled('petrov', true, TERMINAL);
    const answers = [
      await testApp.visitor().login('nobody', PASSWORD),
      await testApp.visitor().login(LOGIN, 'another password'),
      await testApp.visitor().login('petrov', 'сорок тысяч братьев'),
    ];
    const shown = answers.map(({ status, text }) => ({
      status,
      text: text.replace(/nonce="[^"]+"|content="[^"]+"|value="[^"]+"/g, ''),
    }));
    expect(shown[0]?.status).to.equal(401);
    expect(shown[1]).to.deep.equal(shown[0]);
    expect(shown[2]).to.deep.equal(shown[0]);
  });

  it('works as hard for a login that is not there', async () => {
    const clock = new ManualClock('2026-11-23T10:00:00Z');
    const storage = await openStorage({ url: 'file::memory:', clock });
    try {
      const admins = createAdminsStore(storage.connection);
      const real = createPasswords({ N: 2 ** 10, r: 8, p: 1 });
      const work: string[] = [];
      const service = createLoginService({
        admins,
        sessions: createAdminSessionsStore(storage.connection),
        tries: createTriesStore(storage.connection),
        passwords: {
          hash: (password) => real.hash(password),
          verify: (password, hash) => (work.push('derived'), real.verify(password, hash)),
          pretend: (password) => (work.push('derived'), real.pretend(password)),
        },
        totp: { accept: () => Promise.resolve(false) },
        guests: { who: () => Promise.resolve(null) },
        audit: { append: () => Promise.resolve() },
        clock,
      });
      await storage.ensureIndexes();
      await admins.invite('link', clock.now(), new Date(clock.now().getTime() + HOUR));
      await admins.name('link', clock.now(), { login: LOGIN, passwordHash: await real.hash(PASSWORD) });
      for (const login of [LOGIN, 'nobody']) {
        const attempt = { login, password: 'wrong', address: '203.0.113.1', browser: null };
        const refused = await service.check(attempt).catch((error: unknown) => error);
        expect(refused).to.include({ code: 'admin-login-refused' });
      }
      expect(work).to.deep.equal(['derived', 'derived']);
    } finally {
      await storage.close();
    }
  });

  it('keeps the login in the form, and never the password', async () => {
    const { text } = await testApp.visitor().login('somebody', 'wrong-password-123');
    expect(text).to.contain('value="somebody"').and.not.to.contain('wrong-password-123');
  });

  describe('pauses', () => {
    const tries = async (login: string, count: number): Promise<number[]> => {
      const statuses: number[] = [];
      for (let n = 0; n < count; n += 1) statuses.push((await testApp.visitor().login(login, 'no')).status);
      return statuses;
    };

    for (const login of [LOGIN, 'nobody-of-this-name']) {
      it(`grow with failures of ${login}`, async () => {
        expect(await tries(login, 6)).to.deep.equal([401, 401, 401, 401, 401, 429]);
        const refused = await testApp.visitor().login(login);
        expect(refused.status).to.equal(429);
        expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 30);
        testApp.clock.advance(31 * SECOND);
        expect(await tries(login, 2)).to.deep.equal([401, 429]);
        testApp.clock.advance(31 * SECOND);
        expect(await tries(login, 1), 'twice as long').to.deep.equal([429]);
        testApp.clock.advance(30 * SECOND);
        expect(await tries(login, 1)).to.deep.equal([401]);
      });
    }

    it('end with a right password, and the count starts again', async () => {
      await tries(LOGIN, 4);
      await testApp.enter();
      expect(await tries(LOGIN, 4)).to.deep.equal([401, 401, 401, 401]);
      await testApp.enter();
    });

    it('hold for tries that come together', async () => {
      const visitors = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const visitor = testApp.visitor();
          return { visitor, csrf: await visitor.csrf() };
        }),
      );
      const answers = await Promise.all(
        visitors.map(({ visitor, csrf }, index) =>
          // Were more than five looked at, the right one, sent last, would be among them.
          visitor.post(
            '/admin/login',
            { login: LOGIN, password: index < 19 ? `wrong ${index}` : 'wrong, the last' },
            { csrf, follow: false },
          ),
        ),
      );
      expect(answers.filter(({ status }) => status === 401)).to.have.length(5);
      expect(answers.filter(({ status }) => status === 429)).to.have.length(15);
    });

    it('of an address count its failures alone, over all logins', async () => {
      for (let n = 0; n < 5; n += 1) await testApp.enter();
      const statuses: number[] = [];
      for (let n = 0; n < 41; n += 1) statuses.push((await testApp.visitor().login(`x${n}`, 'no')).status);
      expect(statuses.slice(0, 40).every((status) => status === 401)).to.equal(true);
      expect(statuses[40]).to.equal(429);
      expect((await testApp.visitor().login()).status, 'whoever comes from there').to.equal(429);
      testApp.clock.advance(HOUR + MINUTE);
      await testApp.enter();
    });
  });

  describe('strangers', () => {
    const wrong = (count: number, address: (at: number) => string, login = LOGIN) =>
      strangers(testApp, count, address, login);
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    const enters = async (visitor: AdminVisitor, address: string): Promise<number> =>
      (
        await visitor.post(
          '/admin/login',
          { login: LOGIN, password: PASSWORD },
          { follow: false, ...from(address) },
        )
      ).status;

    it('of another network lock out no administrator', async () => {
      expect(await wrong(6, () => '203.0.113.1')).to.deep.equal([401, 401, 401, 401, 401, 429]);
      expect(await enters(testApp.visitor(), '203.0.113.1')).to.equal(429);
      expect(await enters(testApp.visitor(), '198.51.100.7')).to.equal(303);
    });

    it('of the same network lock out no administrator in a browser that has signed in before', async () => {
      const known = testApp.visitor();
      expect(await enters(known, '203.0.113.1')).to.equal(303);
      await known.post('/admin/logout', {}, { page: '/admin' });
      await wrong(6, () => '203.0.113.1');
      await wrong(50, () => '203.0.113.1', 'other');
      expect(await enters(testApp.visitor(), '203.0.113.1')).to.equal(429);
      expect(await enters(known, '203.0.113.1')).to.equal(303);
    });

    it('of many networks have a hundred tries at one login together', async () => {
      const statuses = await wrong(101, (at) => `203.0.113.${at}`);
      expect(statuses.slice(0, 100)).to.deep.equal(Array(100).fill(401));
      expect(statuses[100]).to.equal(429);
    });

    it('cannot make a browser known, nor use the mark of another login or secret', async () => {
      const known = testApp.visitor();
      await enters(known, '203.0.113.1');
      const [name, value] = /(nastavnik_known_[^=]+)=([^;]+)/
        .exec(known.browser.cookieHeader(`${testApp.origin}/admin`))!
        .slice(1) as [string, string];
      const [account, id, signature] = value.split('.') as [string, string, string];
      await wrong(6, () => '203.0.113.1');
      for (const forged of [
        `${account}.${id}.${signature.split('').reverse().join('')}`,
        `${account}.${'x'.repeat(32)}.${signature}`,
        `${'x'.repeat(43)}.${id}.${signature}`,
        `${account}.${id}`,
      ]) {
        const visitor = testApp.visitor();
        visitor.browser.setCookie(testApp.origin, `${name}=${forged}; Path=/admin`);
        expect(await enters(visitor, '203.0.113.1'), forged).to.equal(429);
      }
    });

    it('a browser that is known has five tries of its own', async () => {
      const known = testApp.visitor();
      await enters(known, '203.0.113.1');
      await known.post('/admin/logout', {}, { page: '/admin' });
      const statuses: number[] = [];
      for (let n = 0; n < 6; n += 1)
        statuses.push((await known.post('/admin/login', { login: LOGIN, password: 'no' })).status);
      expect(statuses).to.deep.equal([401, 401, 401, 401, 401, 429]);
    });

    it('stop no signed-in administrator from confirming the own password', async () => {
      const inside = testApp.visitor();
      await enters(inside, '203.0.113.1');
      await wrong(6, () => '203.0.113.1');
      const started = await inside.post(
        '/admin/account/totp',
        { current: PASSWORD },
        { page: '/admin/account/totp', follow: false, ...from('203.0.113.1') },
      );
      expect(started.status).to.equal(303);
    });
  });

  describe('cookie', () => {
    it('goes to /admin alone, out of reach of scripts and frames', async () => {
      const visitor = testApp.visitor();
      const csrf = await visitor.csrf();
      const answer = await visitor.post(
        '/admin/login',
        { login: LOGIN, password: PASSWORD },
        { csrf, follow: false },
      );
      expect(answer.status).to.equal(303);
      const [session, known, ...rest] = answer.headers.getSetCookie();
      expect(session).to.equal(
        `nastavnik_admin=${visitor.cookie}; Path=/admin; HttpOnly; Secure; SameSite=Lax`,
      );
      expect(known).to.match(
        /^nastavnik_known_.*; Max-Age=34560000; Path=\/admin; .*HttpOnly; Secure; SameSite=Lax$/,
      );
      expect(rest).to.deep.equal([]);
    });

    it('is another after the login: an id planted before opens nothing (fixation)', async () => {
      const victim = testApp.visitor();
      await victim.get('/admin/login');
      const planted = victim.cookie ?? '';
      await victim.login();
      expect(victim.cookie).not.to.equal(planted);
      const attacker = testApp.visitor();
      attacker.browser.setCookie(testApp.origin, `nastavnik_admin=${planted}; Path=/admin`);
      expect((await attacker.get('/admin')).url).to.equal(`${testApp.origin}/admin/login`);
    });

    it('of a session before the login ends with it', async () => {
      const visitor = await testApp.enter();
      const before = visitor.cookie ?? '';
      await testApp.make('petrov', 'сорок тысяч братьев');
      const csrf = await visitor.csrf('/admin');
      await visitor.post('/admin/login', { login: 'petrov', password: 'сорок тысяч братьев' }, { csrf });
      const other = testApp.visitor();
      other.browser.setCookie(testApp.origin, `nastavnik_admin=${before}; Path=/admin`);
      expect((await other.get('/admin')).url).to.equal(`${testApp.origin}/admin/login`);
    });

    it('opens nothing after signing out', async () => {
      const visitor = await testApp.enter();
      const before = visitor.cookie ?? '';
      await visitor.post('/admin/logout', {}, { page: '/admin' });
      const other = testApp.visitor();
      other.browser.setCookie(testApp.origin, `nastavnik_admin=${before}; Path=/admin`);
      expect((await other.get('/admin')).url).to.equal(`${testApp.origin}/admin/login`);
    });
  });

  describe('session', () => {
    const inside = async (visitor: { get(path: string): Promise<{ url: string }> }): Promise<boolean> =>
      (await visitor.get('/admin')).url === `${testApp.origin}/admin`;

    it('ends when left alone for half an hour, and lives while it is used', async () => {
      const visitor = await testApp.enter();
      for (let n = 0; n < 4; n += 1) {
        testApp.clock.advance(29 * MINUTE);
        expect(await inside(visitor)).to.equal(true);
      }
      testApp.clock.advance(31 * MINUTE);
      expect(await inside(visitor)).to.equal(false);
    });

    it('ends after twelve hours, however busy', async () => {
      const visitor = await testApp.enter();
      for (let n = 0; n < 29; n += 1) {
        testApp.clock.advance(24 * MINUTE);
        expect(await inside(visitor), `after ${n + 1} × 24 min`).to.equal(true);
      }
      testApp.clock.advance(25 * MINUTE);
      expect(await inside(visitor)).to.equal(false);
    });

    it('ends when the account is disabled', async () => {
      const visitor = await testApp.enter();
      await testApp.app.features.admin.accounts.setDisabled(LOGIN, true, TERMINAL);
      expect(await inside(visitor)).to.equal(false);
      expect((await testApp.visitor().login()).status).to.equal(401);
    });

    it('of a disabled account stays shut, even if its row were left', async () => {
      const visitor = await testApp.enter();
      const admins = testApp.storage.connection.model('Admin');
      await admins.updateMany({}, { $set: { disabled: true } });
      expect(await inside(visitor)).to.equal(false);
    });

    it('is stored as a digest, so that a database reader cannot use it', async () => {
      const visitor = await testApp.enter();
      const rows = await testApp.storage.connection.model('AdminSession').find().lean();
      expect(JSON.stringify(rows)).not.to.contain(visitor.cookie ?? 'none');
    });
  });

  describe('beside the sessions of courses', () => {
    it('a course session opens no page of the administration', async () => {
      const course = await testApp.launch({ person: '11', course: '2' });
      const value = course.browser.cookie(testApp.origin, 'nastavnik') ?? '';
      expect((await course.get('/admin')).url).to.equal(`${testApp.origin}/admin/login`);
      for (const name of ['nastavnik', 'nastavnik_admin']) {
        const visitor = testApp.visitor();
        visitor.browser.setCookie(testApp.origin, `${name}=${value}; Path=/`);
        const sid = /^s%3A([\w-]+)\./.exec(value)?.[1] ?? 'none';
        if (name === 'nastavnik_admin') {
          visitor.browser.setCookie(testApp.origin, `${name}=${sid}; Path=/`);
        }
        expect((await visitor.get('/admin')).url).to.equal(`${testApp.origin}/admin/login`);
      }
    });

    it("the administrator's cookie opens no course under any name", async () => {
      const { key } = await testApp.launch({ person: '11', course: '2' });
      const admin = await testApp.enter();
      for (const name of ['nastavnik_admin', 'nastavnik']) {
        const visitor = testApp.visitor();
        visitor.browser.setCookie(testApp.origin, `${name}=${admin.cookie}; Path=/`);
        expect((await visitor.get(`/c/${key}/`)).status).to.equal(401);
      }
    });
  });

  describe('guards', () => {
    it('changes need the token of this very session', async () => {
      const visitor = await testApp.enter();
      const other = await testApp.enter();
      for (const csrf of ['', 'wrong', await other.csrf('/admin')]) {
        const answer = await visitor.post('/admin/logout', {}, { csrf });
        expect(answer.status, csrf).to.equal(403);
      }
      expect((await visitor.get('/admin')).url).to.equal(`${testApp.origin}/admin`);
    });

    it('the login form carries a token too, against login CSRF', async () => {
      const visitor = testApp.visitor();
      const answer = await visitor.post('/admin/login', { login: LOGIN, password: PASSWORD }, { csrf: '' });
      expect(answer.status).to.equal(403);
      const elsewhere = await testApp.visitor().csrf();
      expect(
        (await visitor.post('/admin/login', { login: LOGIN, password: PASSWORD }, { csrf: elsewhere }))
          .status,
      ).to.equal(403);
    });

    it('changes from another origin are refused', async () => {
      const visitor = await testApp.enter();
      const answer = await visitor.browser.post(
        `${testApp.origin}/admin/logout`,
        { csrf: await visitor.csrf('/admin') },
        { from: 'https://evil.example.org' },
      );
      expect(answer.status).to.equal(403);
    });

    it('forbids caching and framing of every page', async () => {
      const visitor = await testApp.enter();
      const pages = ['/admin', '/admin/account', '/admin/platforms', '/admin/nowhere', '/admin/login'];
      for (const path of pages) {
        for (const accept of ['text/html', 'application/json']) {
          const response = await visitor.browser.get(`${testApp.origin}${path}`, {
            follow: false,
            headers: { accept },
          });
          expect(response.headers.get('content-security-policy'), path).to.contain("frame-ancestors 'none'");
          expect(response.headers.get('x-frame-options')).to.equal('DENY');
          expect(response.headers.get('cache-control')).to.equal('no-store');
        }
      }
    });

    it('answers and changes nothing without a login', async () => {
      const visitor = testApp.visitor();
      for (const path of ['/admin', '/admin/people', '/admin/audit', '/admin/platforms', '/admin/account']) {
        const json = await visitor.get(path, { accept: 'application/json' });
        expect(json.status, path).to.equal(401);
        expect((await visitor.get(path)).url).to.equal(`${testApp.origin}/admin/login`);
      }
      const change = await visitor.post(`/admin/platforms/${testApp.registration.id}/disable`);
      expect(change.status).to.equal(401);
      expect(await testApp.app.lti.registrations.isActive(testApp.registration.id)).to.equal(true);
    });

    it('doubled and odd fields are a 4xx', async () => {
      const visitor = testApp.visitor();
      const csrf = await visitor.csrf();
      for (const body of ['login=a&login=b&password=c', 'login[$ne]=a&password=c', 'login=a', '']) {
        const answer = await visitor.browser.request(`${testApp.origin}/admin/login`, {
          method: 'POST',
          body: `${body}&csrf=${csrf}`,
          from: testApp.origin,
        });
        expect(answer.status, body).to.equal(400);
      }
    });
  });

  it('every login, failed and not, is in the audit log; what was typed is not', async () => {
    await testApp.visitor().login('my-password-in-the-wrong-field', 'x');
    await testApp.visitor().login(LOGIN, 'wrong');
    const entries = await audited();
    expect(entries.slice(0, 3).map(({ action, subject }) => [action, subject.name])).to.deep.equal([
      ['login', LOGIN],
      ['login-failed', LOGIN],
      ['login-failed', 'm•••'],
    ]);
    expect(JSON.stringify(entries)).not.to.contain('wrong-field');
  });
});
