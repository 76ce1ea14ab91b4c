import { expect } from 'chai';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { SECOND } from '../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../support/test-app.js';
import { book, bookingOf, expectDone, firstSlot, offer } from '../features/consultations/fixtures.js';
import { startMailServer, type MailServer } from '../features/notifications/mail-server.js';
import { listOf, personOf } from '../features/notifications/support.js';
import { startHalting, type Halt, type Halting } from './halting.js';
import { newFolder, until } from './run.js';

/** Longer than a killed process's leases last. */
const LEASE_OVER_MS = 15 * SECOND;

/** A process of its own makes messages, and is killed with SIGKILL between two of its steps. This one goes on. */
describe('messages of a process that is killed', function () {
  this.timeout(120_000);
  let folder: string;
  let databaseUrl: string;
  let mail: MailServer;
  let testApp: TestApp;
  let teacher: Visitor;
  let running: Halting | undefined;
  let ahead = 3;

  before(async () => {
    folder = await newFolder();
    databaseUrl = `file:${path.join(folder, 'nastavnik.db')}`;
    mail = await startMailServer();
    testApp = await startTestApp({ databaseUrl, env: { SMTP_URL: mail.url, MAIL_FROM: 'tool@example.org' } });
    // Here work is done when a test says so.
    await testApp.app.jobs.stop();
    teacher = await testApp.launch({ person: '11', course: '2' });
  });
  after(async () => {
    if (running?.child.exitCode === null && running.child.signalCode === null) await running.kill();
    await testApp.close();
    await mail.close();
    await rm(folder, { recursive: true, force: true });
  });

  const start = (halts: readonly Halt[]): Halting =>
    (running = startHalting({
      origin: testApp.origin,
      databaseUrl,
      secret: 'a secret for tests, long enough',
      env: { SMTP_URL: mail.url, MAIL_FROM: 'tool@example.org' },
      halts,
    }));
  /** Books a slot of its own. Returns the booking's id and how the student is reached. */
  async function booked(
    sub: string,
    title: string,
  ): Promise<{ id: string; personId: string; email: string }> {
    const student = await testApp.launch({ person: sub, course: '2' });
    const slot = await firstSlot(teacher, await offer(testApp, teacher, ahead++, { title }));
    expectDone(await book(student, slot));
    const { id: personId, email } = await personOf(testApp, sub);
    return { id: (await bookingOf(student, slot)).id, personId, email };
  }
  const mailsTo = (address: string) => mail.received.filter(({ to }) => to === address);
  async function goOn(): Promise<void> {
    // The killed process lived in real time.
    testApp.clock.advance(Date.now() - testApp.clock.now().getTime() + LEASE_OVER_MS);
    await testApp.app.jobs.drain();
  }

  it('between the mail server’s yes and the note of it, go again under the same Message-ID', async () => {
    const { id: subjectId, personId, email } = await booked('105', 'После ответа');
    // First of all: later this clock is ahead of that process's. Its job is there already: what causes it would halt at its own note.
    const { notifier, kinds } = testApp.app.features.notifications;
    const kind = kinds().find(({ name }) => name === 'booking-made')!;
    await notifier.notify(kind, [{ subjectId, personId, courseId: '' }], new Date());
    const killed = start([{ work: 'jobs', collection: 'jobs', containing: '"state":"done"' }]);
    await until('the mail is taken', () => mailsTo(email).length > 0);
    await killed.kill();
    await goOn();
    const [first, second, ...more] = mailsTo(email);
    expect(second?.messageId).to.equal(first?.messageId);
    expect(more).to.deep.equal([]);
    await goOn();
    expect(mailsTo(email), 'noted by now').to.have.length(2);
  });

  it('before the row of the list, or before the job of its channel, are made once by another', async () => {
    const beforeRow = await booked('103', 'До строки');
    const beforeJob = await booked('104', 'До задания');
    const killed = start([
      { work: 'jobs', collection: 'notifications', containing: `"subjectId":"${beforeRow.id}"` },
      { work: 'jobs', collection: 'jobs', containing: `"key":"booking-made:${beforeJob.id}` },
    ]);
    await killed.halted;
    await killed.kill();
    expect(mailsTo(beforeJob.email)).to.have.length(0);
    await goOn();
    for (const { email } of [beforeRow, beforeJob]) expect(mailsTo(email), email).to.have.length(1);
    const rows = (await listOf(testApp, teacher)).map(({ subject }) => subject);
    expect(rows.filter((row) => row.includes(': До '))).to.have.members([
      'Новая запись: До строки',
      'Новая запись: До задания',
    ]);
  });
});
