import { SMTPServer } from 'smtp-server';
import type { AddressInfo } from 'node:net';

/** A mail server on this machine that keeps what it takes. */
export interface MailServer {
  readonly url: string;
  readonly received: { readonly messageId: string; readonly to: string; readonly text: string }[];
  close(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  const received: MailServer['received'] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const to = session.envelope.rcptTo.map(({ address }) => address).join();
        received.push({ messageId: /^Message-ID:\s*(\S+)/im.exec(text)?.[1] ?? '', to, text });
        done();
      });
    },
  });
  // A killed process leaves its connection open.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}?tls=none`,
    received,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
