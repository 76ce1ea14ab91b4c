/** A mail server and a Telegram that take no more than so many messages a second, and remember what they took. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** What was taken: when, and how often each message. */
export class Taken {
  readonly #counts = new Map<string, number>();
  #firstAt = 0;
  #lastAt = 0;

  note(key: string): void {
    const now = performance.now();
    if (this.#counts.size === 0) this.#firstAt = now;
    if (!this.#counts.has(key)) this.#lastAt = now;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  get different(): number {
    return this.#counts.size;
  }

  get doubles(): number {
    let sum = 0;
    for (const count of this.#counts.values()) sum += count - 1;
    return sum;
  }

  /** Different messages per second, from the first to the last. */
  get rate(): number {
    return ((this.#counts.size - 1) * 1_000) / (this.#lastAt - this.#firstAt);
  }

  get lastAt(): number {
    return this.#lastAt;
  }
}

export interface LimitedServer {
  readonly port: number;
  readonly taken: Taken;
  /** How often the limit was exceeded and said no. */
  readonly refused: () => number;
  close(): void;
}

/** Takes one message per interval: the next waits, as at a relay that limits its rate. */
export async function startSmtp(perSecond: number): Promise<LimitedServer> {
  const taken = new Taken();
  let nextAt = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const now = performance.now();
        const turn = Math.max(now, nextAt);
        nextAt = turn + 1_000 / perSecond;
        setTimeout(() => {
          const text = Buffer.concat(chunks).toString('utf8');
          taken.note(/^Message-ID:\s*(\S+)/im.exec(text)?.[1] ?? '');
          done();
        }, turn - now);
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const close = (): void => {
    server.close();
  };
  return { port, taken, refused: () => 0, close };
}

/** Answers 429 with `retry_after` to what exceeds the limit of the last second. */
export async function startTelegram(perSecond: number): Promise<LimitedServer> {
  const taken = new Taken();
  const recent: number[] = [];
  let refused = 0;
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const now = performance.now();
      while (recent[0] !== undefined && now - recent[0] >= 1_000) recent.shift();
      const many = recent.length >= perSecond;
      const answer = many
        ? { ok: false, error_code: 429, description: 'Too Many Requests', parameters: { retry_after: 1 } }
        : { ok: true, result: { message_id: taken.different + 1 } };
      if (many) refused += 1;
      else {
        recent.push(now);
        const { chat_id: chat } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { chat_id?: string };
        taken.note(chat ?? '');
      }
      res.writeHead(many ? 429 : 200, { 'content-type': 'application/json' });
      res.end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, taken, refused: () => refused, close: () => server.close() };
}
