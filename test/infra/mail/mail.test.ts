import { expect } from 'chai';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { createMail, MailError, type Mail, type MailDraft } from '../../../src/infra/mail/index.js';
import { readMailSettings } from '../../../src/infra/mail/settings.js';
import { openStorage, type Storage } from '../../../src/storage/index.js';

const PUBLIC_URL = 'https://tool.example.org';

const draft = (
  changes: Partial<MailDraft['recipient']> = {},
  subject = 'Консультация отменена',
): MailDraft => ({
  key: 'consultation-cancelled:1',
  at: new Date('2026-11-26T10:00:00Z'),
  recipient: {
    personId: 'p1',
    name: 'Смирнова Анна',
    salutation: 'Анна',
    address: 'anna@example.org',
    locale: 'ru',
    ...changes,
  },
  content: {
    subject,
    paragraphs: ['Причина:\nболезнь <преподавателя>'],
    action: { label: 'Открыть', url: 'https://tool.example.org/c/x/?a=1&b=2' },
  },
});

/** An SMTP server that takes messages unless it is told to refuse. */
async function startSmtp() {
  const received: { to: string[]; source: string }[] = [];
  const refusal: { at: 'MAIL' | 'RCPT' | 'DATA' | null; code: number } = { at: null, code: 0 };
  const refuse = (step: typeof refusal.at): Error | null =>
    refusal.at === step
      ? Object.assign(new Error('no such user anna@example.org'), { responseCode: refusal.code })
      : null;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ password }, _session, done) =>
      password === 'right' ? done(null, { user: 'tool' }) : done(new Error('wrong password')),
    onMailFrom: (_address, _session, done) => done(refuse('MAIL')),
    onRcptTo: (_address, _session, done) => done(refuse('RCPT')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const error = refuse('DATA');
        if (error === null) {
          const to = session.envelope.rcptTo.map(({ address }) => address);
          received.push({ to, source: Buffer.concat(chunks).toString('utf8') });
        }
        done(error);
      });
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return { port, received, refusal, close: () => new Promise<void>((resolve) => server.close(resolve)) };
}

describe('mail', () => {
  let storage: Storage;
  let smtp: Awaited<ReturnType<typeof startSmtp>>;
  const mails: Mail[] = [];
  const mailBy = (url: string): Mail => {
    const mail = createMail({
      key: Buffer.alloc(32),
      storage,
      publicUrl: PUBLIC_URL,
      settings: readMailSettings(url, 'Центр «Наставник» <tool@example.org>'),
      sender: () => Promise.resolve('Центр'),
    });
    mails.push(mail);
    return mail;
  };
  const failure = async (mail: Mail): Promise<MailError> => {
    const error: unknown = await mail.deliver(await mail.compose(draft())).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(MailError);
    return error as MailError;
  };

  before(async () => {
    storage = await openStorage({ url: 'file::memory:' });
    smtp = await startSmtp();
  });
  beforeEach(() => {
    smtp.received.length = 0;
    smtp.refusal.at = null;
  });
  after(async () => {
    for (const mail of mails) mail.close();
    await smtp.close();
    await storage.close();
  });
  const server = (login = ''): string => `smtp://${login}127.0.0.1:${smtp.port}`;

  it('reaches the recipient as text and HTML in the language of the recipient', async () => {
    const mail = mailBy(server());
    await mail.deliver(await mail.compose(draft()));
    const [message] = smtp.received;
    expect(message?.to).to.deep.equal(['anna@example.org']);
    expect(message?.source).to.match(/^Auto-Submitted: auto-generated\r$/m);
    expect(message?.source).to.match(/^Content-Language: ru\r$/m);
    expect(message?.source).to.match(/^Content-Type: multipart\/alternative/m);
    const { text, html } = await mail.compose(draft());
    expect(text).to.contain('Здравствуйте, Анна!').and.to.contain('болезнь <преподавателя>');
    expect(html).to.contain('болезнь &lt;преподавателя&gt;').and.to.contain('?a=1&amp;b=2');
    // Programs for mail drop style sheets.
    expect(html)
      .to.match(/<body style="margin: 0; padding: 16px;[^"]+">/)
      .and.to.not.contain('<style');
    expect(html).to.contain('<div style="max-width: 560px;">');
    expect(html, 'an element without its style').to.not.match(/style="(undefined)?"/);
    const english = await mail.compose(draft({ locale: 'en' }));
    expect(english.text).to.contain('Hello, Анна,').and.to.contain('There is no need to reply');
  });

  it('bears the same Message-ID when it is sent again, and another for another key', async () => {
    const mail = mailBy(server());
    await mail.deliver(await mail.compose(draft()));
    await mail.deliver(await mail.compose(draft()));
    const ids = smtp.received.map(
      ({ source }) => /^Message-ID: (<[0-9a-f]{40}@tool\.example\.org>)\r$/m.exec(source)?.[1],
    );
    expect(ids[0]).to.be.a('string').and.to.equal(ids[1]);
    const other = await mail.compose({ ...draft(), key: 'consultation-cancelled:2' });
    expect(other.messageId).to.not.equal(ids[0]);
  });

  it('lets no line end of a name or a subject begin a header, and refuses addresses that hold one', async () => {
    const mail = mailBy(server());
    const name = 'Анна\r\nBcc: evil@example.org';
    await mail.deliver(
      await mail.compose(draft({ name, salutation: name }, 'Тема\r\nX-Evil: 1\r\n\r\nbody')),
    );
    const [message] = smtp.received;
    expect(message?.to).to.deep.equal(['anna@example.org']);
    expect(message?.source).to.not.match(/^(Bcc|X-Evil):/im);
    for (const address of [
      'a@b.ru\r\nBcc: c@d.ru',
      'a@b.ru, c@d.ru',
      'Анна <a@b.ru>',
      'a b@c.ru',
      '',
      'anna',
    ]) {
      const refusal: unknown = await mail.compose(draft({ address })).catch((error: unknown) => error);
      expect(refusal, address).to.be.instanceOf(RangeError);
    }
  });

  for (const [at, code, final] of [
    ['RCPT', 550, true],
    ['RCPT', 451, false],
    ['DATA', 554, true],
    ['DATA', 452, false],
    ['MAIL', 550, false],
  ] as const) {
    it(`is refused ${final ? 'for good' : 'for now'} by ${code} to ${at}, without addresses in the words`, async () => {
      smtp.refusal.at = at;
      smtp.refusal.code = code;
      const error = await failure(mailBy(server()));
      expect(error.final).to.equal(final);
      expect(error.message).to.contain(String(code)).and.to.not.contain('anna');
    });
  }

  it('can be tried again after a wrong password, and when nothing listens', async () => {
    expect((await failure(mailBy(server('tool:wrong@')))).final).to.equal(false);
    expect((await failure(mailBy('smtp://127.0.0.1:1'))).final).to.equal(false);
  });

  it('sends no password to a server without TLS unless it is on this machine', async () => {
    const mail = mailBy(server('tool:right@'));
    await mail.deliver(await mail.compose(draft()));
    expect(smtp.received).to.have.length(1);
    expect(readMailSettings('smtp://u:p@mail.example.org', 'a@b.ru')).to.include({
      encryption: 'starttls',
      port: 587,
    });
    expect((await failure(mailBy(`${server('tool:right@')}?tls=require`))).message).to.match(
      /^ETLS|STARTTLS/,
    );
  });

  it('stays in the outbox of a demo, a message sent again once', async () => {
    const mail = mailBy('outbox:');
    await mail.deliver(await mail.compose(draft()));
    await mail.deliver(await mail.compose(draft()));
    const kept = await mail.outbox?.list(10);
    expect(kept?.map(({ subject, to }) => [subject, to.address])).to.deep.equal([
      ['Консультация отменена', 'anna@example.org'],
    ]);
    expect(smtp.received).to.have.length(0);
  });

  it('is off without settings, and delivers nothing', async () => {
    const mail = createMail({
      key: Buffer.alloc(32),
      storage,
      publicUrl: PUBLIC_URL,
      settings: null,
      sender: () => Promise.resolve(''),
    });
    expect(mail.mode).to.equal('off');
    await mail.deliver(await mail.compose(draft()));
    expect(smtp.received).to.have.length(0);
  });
});

describe('settings of mail', () => {
  for (const [url, from, words] of [
    ['http://mail.example.org', 'a@b.ru', 'SMTP_URL: must be like'],
    ['smtp://mail.example.org', undefined, 'MAIL_FROM: is needed'],
    ['smtp://mail.example.org', 'nobody', 'MAIL_FROM: must be an address'],
    ['smtp://mail.example.org', 'A <a@b.ru>\r\nBcc: <c@d.ru>', 'MAIL_FROM: must be an address'],
    ['smtp://mail.example.org?debug=true', 'a@b.ru', 'SMTP_URL: may be followed by'],
    ['smtp://u:100%@mail.example.org', 'a@b.ru', 'SMTP_URL: a % in'],
  ] as const) {
    it(`says: ${words} (${url})`, () => {
      expect(() => readMailSettings(url, from)).to.throw(words);
    });
  }

  it('reads a name with the address of the sender', () => {
    expect(readMailSettings('smtps://mail.example.org', '"Центр" <a@b.ru>')).to.deep.include({
      from: { name: 'Центр', address: 'a@b.ru' },
      encryption: 'tls',
      port: 465,
    });
  });
});
