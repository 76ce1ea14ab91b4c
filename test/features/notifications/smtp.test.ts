import { expect } from 'chai';
import { createHash, createVerify, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SMTPServer } from 'smtp-server';
import type { AddressInfo } from 'node:net';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { book, expectDone, firstSlot, offer } from '../consultations/fixtures.js';
import { personOf, stateOf, wakeAlways } from './support.js';

describe('messages by SMTP', () => {
  const received: string[] = [];
  const envelopes: string[] = [];
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let refuse: { code: number; times: number } | null = null;
  let server: SMTPServer;
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;

  before(async () => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onMailFrom(address, _session, done) {
        envelopes.push(address.address);
        done();
      },
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
      env: {
        SMTP_URL: `smtp://127.0.0.1:${port}?tls=none`,
        MAIL_FROM: 'Центр <tool@example.org>',
        MAIL_BOUNCES: 'bounces@tool.example.org',
        DKIM_SELECTOR: 'nastavnik',
        DKIM_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      },
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

  it('are the only ones until the administrator switches other channels on; foreign ones carry no text then', async () => {
    const { channels } = await testApp.app.features.notifications.administration.overview();
    expect(channels.filter(({ enabled }) => enabled)).to.deep.equal([]);
    const carrying = Object.fromEntries(channels.map(({ name, content }) => [name, content]));
    expect(carrying).to.deep.equal({
      ...{ max: 'full', vk: 'full', sms: 'full' },
      ...{ telegram: 'notice', whatsapp: 'notice' },
    });
  });

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

  it('are signed with the key of the sender’s domain', () => {
    const message = received[0] ?? '';
    expect(header(message, 'DKIM-Signature')).to.contain('d=example.org').and.contain('s=nastavnik');
    expect(isSigned(message, publicKey)).to.equal(true);
    expect(isSigned(message.replace('Центр', 'Другой').replace('Date:', 'Date: x'), publicKey)).to.equal(
      false,
    );
  });

  describe('come back', () => {
    const report = (to: string, status: string, action = 'failed'): string =>
      [
        `To: ${to}`,
        'Subject: Undelivered Mail Returned to Sender',
        'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
        '',
        '--b',
        'Content-Type: message/delivery-status',
        '',
        'Reporting-MTA: dns; mx.example.org',
        '',
        'Final-Recipient: rfc822; ann@example.org',
        `Action: ${action}`,
        `Status: ${status}`,
        'Diagnostic-Code: smtp; 550 5.1.1 <ann@example.org>:',
        ' no such user',
        '--b--',
      ].join('\r\n');
    const comeBack = async (message: string): Promise<number> =>
      (await fetch(`${testApp.origin}/hooks/mail`, { method: 'POST', body: message })).status;
    const mailed = async (title: string, ahead: number): Promise<number> => {
      const before = received.length;
      expectDone(
        await book(student, await firstSlot(teacher, await offer(testApp, teacher, ahead, { title }))),
      );
      await testApp.app.jobs.drain();
      return received.length - before;
    };

    it('to an address that names the person and is signed', () => {
      expect(envelopes[0]).to.match(/^bounces\+p[0-9a-f]{24}-[0-9a-f]{16}@tool\.example\.org$/);
    });

    it('and are believed under that address alone', async () => {
      const forged = envelopes[0]!.replace(/-[0-9a-f]{16}/, '-0123456789abcdef');
      expect(await comeBack(report(forged, '5.1.1'))).to.equal(401);
      expect(await comeBack('no message at all')).to.equal(401);
      expect(await comeBack(`To: ${envelopes[0]}`)).to.equal(204);
      for (const status of ['4.2.2', '5.2.2', '5.7.1'])
        expect(await comeBack(report(envelopes[0]!, status))).to.equal(204);
      expect(await comeBack(report(envelopes[0]!, '5.1.1', 'delayed'))).to.equal(204);
      expect(await mailed('Ещё доходит', 6)).to.equal(1);
    });

    it('so that a mailbox that is gone is sent nothing more, until the person tries again', async () => {
      // Servers on the way may change the case.
      expect(await comeBack(report(envelopes[0]!.toUpperCase(), '5.1.1'))).to.equal(204);
      expect(await mailed('Не доходит', 7)).to.equal(0);
      expect(await stateOf(student, 'mail')).to.equal('broken');
      const page = await student.get('notifications/preferences');
      expect(page.body).to.contain('возвращаются').and.contain('Проверить снова');
      await student.submit('notifications/preferences/channels/mail/unlink');
      expect(await mailed('Снова доходит', 8)).to.equal(1);
    });
  });
});

/** Verifies a signature as a receiver does: relaxed canonicalization of headers and body (RFC 6376, 3.4.2 and 3.4.4). */
function isSigned(message: string, key: KeyObject): boolean {
  const at = message.indexOf('\r\n\r\n');
  const headers = message
    .slice(0, at)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const of = (name: string): string =>
    headers.find((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`)) ?? '';
  const relaxed = (line: string): string => {
    const colon = line.indexOf(':');
    return `${line.slice(0, colon).toLowerCase().trim()}:${line
      .slice(colon + 1)
      .replace(/[ \t]+/g, ' ')
      .trim()}`;
  };
  const signature = of('DKIM-Signature');
  const tag = (name: string): string =>
    (new RegExp(`(?:^|[;:\\s])${name}=([^;]*)`).exec(signature)?.[1] ?? '').replace(/\s/g, '');
  const body = message
    .slice(at + 4)
    .split('\r\n')
    .map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''))
    .join('\r\n')
    .replace(/(\r\n)*$/, '\r\n');
  if (createHash('sha256').update(body).digest('base64') !== tag('bh')) return false;
  const signed = [
    ...tag('h')
      .split(':')
      .filter((name) => of(name) !== '')
      .map((name) => relaxed(of(name))),
    relaxed(signature).replace(/([;\s])b=[^;]*/, '$1b='),
  ].join('\r\n');
  return createVerify('RSA-SHA256').update(signed).verify(key, tag('b'), 'base64');
}
