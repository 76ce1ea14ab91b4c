import { expect } from 'chai';
import { SMTPServer } from 'smtp-server';
import type { AddressInfo } from 'node:net';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { book, expectDone, firstSlot, offer } from '../consultations/fixtures.js';
import { personOf, wakeAlways } from './support.js';

describe('messages by SMTP', () => {
  const received: string[] = [];
  let refuse: { code: number; times: number } | null = null;
  let server: SMTPServer;
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;

  before(async () => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onRcptTo(_address, _session, done) {
        if (refuse === null || refuse.times === 0) {
          done();
          return;
        }
        refuse.times -= 1;
        done(Object.assign(new Error('not now <x@example.org>'), { responseCode: refuse.code }));
      },
      onData(stream, _session, done) {
        let text = '';
        stream.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
        stream.on('end', () => {
          received.push(text);
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as AddressInfo;
    testApp = await startTestApp({
      env: { SMTP_URL: `smtp://127.0.0.1:${port}?tls=none`, MAIL_FROM: 'Центр <tool@example.org>' },
    });
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '103', course: '2' });
    await wakeAlways(student);
  });
  after(async () => {
    await testApp.close();
    await new Promise<void>((resolve) => server.close(resolve));
  });

  /** A header with its folded lines. */
  const header = (message: string, name: string): string =>
    new RegExp(`^${name}:\\s*((?:.|\\r\\n[ \\t])*)`, 'm').exec(message)?.[1]?.replace(/\r\n\s+/g, ' ') ?? '';

  it('carry one-click unsubscribing and an invitation', async () => {
    expectDone(await book(student, await firstSlot(teacher, await offer(testApp, teacher, 3))));
    await testApp.app.jobs.drain();
    const [message = ''] = received;
    const to = (await personOf(testApp, '103')).email;
    expect(header(message, 'To')).to.contain(to);
    expect(header(message, 'List-Unsubscribe')).to.match(/^<http:\/\/localhost:\d+\/unsubscribe\/v1\.\S+>$/);
    expect(header(message, 'List-Unsubscribe-Post')).to.equal('List-Unsubscribe=One-Click');
    expect(message).to.match(/Content-Type: text\/calendar; charset=utf-8;\s*method=REQUEST/);
    expect(header(message, 'Message-ID')).to.match(/^<[0-9a-f]{40}@localhost>$/);
  });

  it('are tried again after 451, and given up after 550', async () => {
    refuse = { code: 451, times: 1 };
    expectDone(await book(student, await firstSlot(teacher, await offer(testApp, teacher, 4))));
    await testApp.app.jobs.drain();
    expect(received).to.have.length(1);
    testApp.clock.advance(120_000);
    await testApp.app.jobs.drain();
    expect(received).to.have.length(2);

    refuse = { code: 550, times: 1 };
    expectDone(await book(student, await firstSlot(teacher, await offer(testApp, teacher, 5))));
    await testApp.app.jobs.drain();
    const [failed] = await testApp.app.jobs.listFailed({ name: 'deliver-mail', limit: 5 });
    expect(failed?.error).to.contain('550').and.to.not.contain('@');
    expect(received).to.have.length(2);
    const { channels, failed: shown } = await testApp.app.features.notifications.administration.overview();
    expect(channels.length).to.be.above(3);
    expect(shown.map(({ channel }) => channel)).to.deep.equal(['mail']);
  });
});
