import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEngine } from '../../src/storage/embedded/driver.js';
import { Engine } from '../../src/storage/embedded/engine.js';
import { EmbeddedStorage } from '../../src/storage/embedded/open.js';
import { openDatabase } from '../../src/storage/embedded/open-file.js';
import type { Sqlite } from '../../src/storage/embedded/sqlite.js';
import { newToken } from '../../src/shared/ids.js';
import { systemClock } from '../../src/shared/clock.js';
import { launchLink } from '../support/lms.js';
import { startTestApp, type TestApp, type Visitor } from '../support/test-app.js';
import type { Stage } from './attacked.js';
import { setStage } from './stage.js';
import { LOGIN, PASSWORD, AdminVisitor, TERMINAL } from '../features/admin/support.js';

/** What SQLite answers when the disk is full it answers as well above `max_page_count`. */
describe('a tool whose disk is full', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'nastavnik-full-'));
  let db: Sqlite;
  let testApp: TestApp;
  let stage: Stage;
  let admin: AdminVisitor;

  before(async () => {
    testApp = await startTestApp({
      openStorage: async ({ clock = systemClock }) => {
        db = await openDatabase(join(folder, 'full.db'));
        const engine = new Engine(db, 'full', clock);
        return new EmbeddedStorage(await connectEngine(engine), engine, []);
      },
    });
    stage = await setStage(testApp);
    const token = await testApp.app.features.admin.accounts.invite(TERMINAL);
    admin = new AdminVisitor(testApp.origin);
    await admin.post('/admin/setup', { token, login: LOGIN, password: PASSWORD, repeat: PASSWORD });
    await admin.login();
    await testApp.app.jobs.drain();
    await testApp.app.jobs.stop();
    // Sessions would be written as seen now.
    testApp.clock.advance(11 * 60_000);
    await fill();
  });
  afterEach(() => db.exec('PRAGMA query_only = OFF'));
  after(async () => {
    await testApp.close();
    rmSync(folder, { recursive: true });
  });

  async function fill(): Promise<void> {
    db.exec(`PRAGMA max_page_count = ${Number(db.value('PRAGMA page_count'))}`);
    const rows = testApp.storage.connection.collection('filling');
    for (const size of [50_000, 3_000, 300, 30]) {
      for (let full = false; !full;)
        full = await rows.insertOne({ text: 'x'.repeat(size) }).then(
          () => false,
          () => true,
        );
    }
  }

  const linksOf = ({ body, url }: { body: string; url: string }): string[] =>
    [...body.matchAll(/<a\b[^>]*?href="([^"#]*)"/g)]
      .map(([, address = '']) => new URL(address.replaceAll('&amp;', '&'), url))
      .filter(({ origin, pathname, search }) => {
        if (origin !== testApp.origin || search.includes('lang=')) return false;
        return /^\/(?:c|admin)\b/.test(pathname) && !/export$|\/files\/|\.ics$|\.vcf$|\.csv$/.test(pathname);
      })
      .map(({ pathname, search }) => pathname + search);

  /** Every page that the first page leads to in two steps. */
  async function read(visitor: Pick<Visitor, 'get'>, first: string): Promise<number> {
    const failed: string[] = [];
    const known = new Set<string>();
    let paths = [first];
    for (let step = 0; step < 3; step += 1) {
      const next: string[] = [];
      for (const path of paths) {
        const kind = path.replace(/\?.*/, '').replace(/[0-9a-f]{24}/g, 'ID');
        if (known.has(kind)) continue;
        known.add(kind);
        const page = await visitor.get(path);
        if (page.status !== 200) failed.push(`${page.status} ${path}`);
        next.push(...linksOf(page));
      }
      paths = next;
    }
    expect(failed).to.deep.equal([]);
    return known.size;
  }

  it('shows every page that is read, also if nothing at all can be written', async () => {
    db.exec('PRAGMA query_only = ON');
    const { student, teacher } = stage.visitors;
    expect(await read(student, `/c/${student.key}/`)).to.be.above(10);
    expect(await read(teacher, `/c/${teacher.key}/`)).to.be.above(20);
    const get = async (path: string) => {
      const { text, ...page } = await admin.get(path);
      return { ...page, body: text };
    };
    expect(await read({ get }, '/admin')).to.be.above(15);
    for (const path of ['/teachers', '/sitemap.xml', '/healthz', '/readyz', '/admin/login'])
      expect((await testApp.anonymous().get(path)).status, path).to.equal(200);
  });

  it('answers writes with 503 in words, and a form can be sent again with all that was entered', async () => {
    const { student } = stage.visitors;
    const text = 'Можно ли решать другим способом? '.repeat(100).trim();
    const refused = await student.submit('questions/new', { to: 'course', text, key: newToken() });
    expect(refused.status, refused.body.slice(-900)).to.equal(503);
    expect(Number(refused.headers.get('retry-after'))).to.be.above(0);
    expect(refused.body).to.contain('Сейчас ничего нельзя сохранить').and.to.contain('Отправить ещё раз');
    expect(refused.body).to.contain(`name="text" value="${text}"`);
    const again = await student.json('POST', 'questions/new', { to: 'course', text, key: newToken() });
    expect(again.status).to.equal(503);
    expect(again.data).to.include({ code: 'database-full' });
  });

  it('says so at a launch and at the login of administrators', async () => {
    db.exec('PRAGMA query_only = ON');
    const { response } = await launchLink(testApp.lms, { person: '135', course: '3', follow: false });
    expect(response.status).to.equal(503);
    expect(response.text).to.contain('База данных сейчас недоступна');
    const visitor = new AdminVisitor(testApp.origin);
    const login = await visitor.login(LOGIN, PASSWORD);
    expect(login.status).to.equal(503);
    expect(login.text).not.to.contain(PASSWORD);
  });

  it('works again when there is space', async () => {
    db.exec('PRAGMA max_page_count = 1000000');
    const { student } = stage.visitors;
    const asked = await student.submit('questions/new', { to: 'course', text: 'И ещё', key: newToken() });
    expect(asked.url).to.match(/questions\/[0-9a-f]{24}/);
  });
});
