import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { pino } from 'pino';
import { buildApp, type App } from '../../../src/app.js';
import { loadConfig } from '../../../src/config.js';
import { MINUTE, SECOND } from '../../../src/shared/clock.js';
import { openStorage, type Storage } from '../../../src/storage/index.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { answer, begin, makeTest, studentActor, TSAR } from './fixtures.js';

/** Longest time after which an overdue attempt is closed. */
const MOST_SECONDS = 10;

/** What waited while the tool was down. */
describe('after a restart of the tool', () => {
  let folder: string;
  let databaseUrl: string;
  let testApp: TestApp;
  let teacher: Visitor;
  let courseId: string;
  /** Address of an import. */
  let reading: string;
  let again: { readonly app: App; readonly storage: Storage };
  /** What is done over and over since the second start, with its pause. */
  const rounds: { readonly run: () => void; readonly ms: number }[] = [];

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'restart-'));
    databaseUrl = `file:${path.join(folder, 'nastavnik.db')}`;
    testApp = await startTestApp({ databaseUrl });
    teacher = await testApp.launch({ person: '11', course: '2' });
    ({ courseId } = await studentActor(testApp));
  });
  after(async () => {
    await Promise.all(again.app.workers.map((worker) => worker.stop()));
    await again.app.lti.close();
    await again.storage.close();
    await testApp.close();
    rmSync(folder, { recursive: true });
  });

  /** A process that starts on the same database. Its rounds go when the test says so. */
  async function restart(): Promise<typeof again> {
    await Promise.all(testApp.app.workers.map((worker) => worker.stop()));
    const storage = await openStorage({ url: databaseUrl, clock: testApp.clock });
    const app = buildApp({
      config: loadConfig({ DATABASE_URL: databaseUrl, LOG_LEVEL: 'silent', RATE_LIMITS: '0' }),
      secret: 'a secret for tests, long enough',
      storage,
      clock: testApp.clock,
      log: pino({ level: 'silent' }),
    });
    const usual = globalThis.setInterval;
    globalThis.setInterval = ((run: () => void, ms: number) => {
      rounds.push({ run, ms });
      return usual(() => undefined, 2 ** 30);
    }) as typeof setInterval;
    try {
      for (const worker of app.workers) worker.start();
    } finally {
      globalThis.setInterval = usual;
    }
    return { app, storage };
  }

  /** Returns when the test has a grade; the limit is that of a test. */
  async function graded(test: string): Promise<object | undefined> {
    for (;;) {
      const [grade] = await again.app.features.assessments.gradesFor(courseId, test);
      if (grade !== undefined) return grade;
      await new Promise(setImmediate);
    }
  }

  it('overdue attempts are closed at once with what had been saved, and from then on every few seconds', async () => {
    const student = await testApp.launch({ person: '101', course: '2' });
    const [early, late] = [
      await makeTest(teacher, { timeLimitMinutes: '20' }, [TSAR]),
      await makeTest(teacher, { timeLimitMinutes: '60' }, [TSAR]),
    ];
    for (const test of [early, late]) await answer(student, await begin(student, test), 1, 'Пётр');
    await testApp.app.jobs.drain();
    await Promise.all(testApp.app.workers.map((worker) => worker.stop()));
    const content = Buffer.from(`Как? {=так ~иначе}\n\n${'// 1 MB\n'.repeat(150_000)}`);
    const page = await teacher.upload('tests/import', [{ field: 'file', name: 'q.gift', content }], {});
    expect(page.body).to.include('Читаем файл');
    reading = new URL(page.url).pathname;
    testApp.clock.advance(22 * MINUTE);

    again = await restart();
    expect(await graded(early)).to.include({ scoreGiven: 1, scoreMaximum: 1 });
    expect(await again.app.features.assessments.gradesFor(courseId, late)).to.deep.equal([]);

    testApp.clock.advance(40 * MINUTE);
    const often = rounds.filter(({ ms }) => ms <= MOST_SECONDS * SECOND);
    expect(often).to.not.have.length(0);
    for (const { run } of often) run();
    expect(await graded(late)).to.include({ scoreGiven: 1, scoreMaximum: 1 });
  });

  it('a large file of questions that waited to be read is read', async () => {
    await again.app.jobs.drain();
    expect((await teacher.get(reading)).body).to.include('Готов 1 вопрос');
  });
});
