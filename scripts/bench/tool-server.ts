/** The built tool as a child process, for benchmarks that ask it over HTTP. */
import { measured, type Measured } from './measured.js';

export interface ToolServerOptions {
  /** Of the database. */
  readonly url: string;
  readonly port: number;
  readonly secret: string;
  /** Drops what it writes to stderr. */
  readonly quiet?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts it; resolves once it answers. @throws Error if it ends, or does not answer within half a minute */
export async function startTool({
  url,
  port,
  secret,
  quiet = false,
  env,
}: ToolServerOptions): Promise<Measured> {
  const server = measured(
    'dist/bundle/main.js',
    {
      PORT: String(port),
      HOST: '127.0.0.1',
      PUBLIC_URL: `http://localhost:${port}`,
      DATABASE_URL: url,
      SECRET: secret,
      ALLOW_PRIVATE_NETWORK: '1',
      RATE_LIMITS: '0',
      LOG_LEVEL: 'error',
      NODE_ENV: 'production',
      ...env,
    },
    { quiet },
  );
  for (let tries = 0; tries < 600; tries += 1) {
    if (server.child.exitCode !== null) throw new Error('the server ended');
    const up = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
    if (up?.ok) return server;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the server does not answer');
}
