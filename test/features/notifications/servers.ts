import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as a provider sees it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Told {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is a text; 'never' answers nothing. */
  readonly body: unknown;
}

/** A provider on this machine: it answers what a test tells it, in turn, and remembers what it was sent. */
export interface Provider {
  readonly url: string;
  readonly seen: Seen[];
  answer(...answers: Told[]): void;
  /** What it says when nothing else is told. */
  usual: Told;
  close(): Promise<void>;
}

export async function startProvider(usual: Told): Promise<Provider> {
  const seen: Seen[] = [];
  const waiting: Told[] = [];
  const server: Server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      seen.push({ method: req.method ?? '', path: req.url ?? '', headers: req.headers, body });
      const told = waiting.shift() ?? provider.usual;
      if (told.body === 'never') return;
      const text = typeof told.body === 'string' ? told.body : JSON.stringify(told.body);
      res.writeHead(told.status ?? 200, { 'content-type': 'application/json', ...told.headers });
      res.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider: Provider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    usual,
    answer: (...answers) => void waiting.push(...answers),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return provider;
}
