import type { Server } from 'node:http';
import { pino, type Logger } from 'pino';
import { buildApp, type App } from './app.js';
import { ConfigError, loadConfig, type Config } from './config.js';
import { giveYoungObjectsRoom } from './heap.js';
import { createLog } from './log.js';
import { loadSecret } from './secret.js';
import { MINUTE, systemClock } from './shared/clock.js';
import { DemoClock } from './shared/demo-clock.js';
import { openStorage, StorageError, type Scan } from './storage/index.js';
import { CONNECTION_LIMITS } from './web/connections.js';
import { createWebServer } from './web/server.js';

/** How long a stop waits for requests under way; an orchestrator kills after about this long anyway. */
const STOP_MS = 15_000;

/** How often a server that stops closes connections whose request has been answered. */
const SWEEP_MS = 50;

/** Lines of the log leave together, at the latest after this long: a write for each costs more than its request. */
const FLUSH_MS = 500;

async function main(): Promise<void> {
  const config = loadConfig();
  const lines = pino.destination({ sync: false, minLength: 4_096, periodicFlush: FLUSH_MS });
  const log = createLog(config.logLevel, lines);
  process.once('exit', () => {
    lines.flushSync();
  });
  const secret = await loadSecret(config);
  const demoClock = config.demoClock === null ? null : new DemoClock(config.demoClock);
  const clock = demoClock ?? systemClock;
  const storage = await openStorage({
    url: config.databaseUrl,
    clock,
    ...(config.warnOfScans && {
      scans: { tell: (scan: Scan) => log.warn({ scan }, 'a query reads much without an index') },
    }),
  });
  const app = buildApp({
    config,
    secret,
    storage,
    clock,
    log,
    ...(demoClock && { moveClock: (ms: number) => demoClock.advance(ms) }),
  });
  await storage.ensureIndexes();
  await prepareFiles(app, config, log);
  if (config.mail === null) log.warn('mail is off: SMTP_URL is not set');

  const { server, serve } = createWebServer(CONNECTION_LIMITS, crowded(log));
  serve(app.express);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  }).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new ConfigError(`PORT: cannot listen on ${config.host}:${config.port} (${code})`);
  });
  giveYoungObjectsRoom();
  for (const worker of app.workers) worker.start();
  log.info(
    { url: config.publicUrl, host: config.host, port: config.port, engine: storage.engine },
    'listening',
  );
  lines.flush();
  app.lti.warmUp().catch((error: unknown) => {
    log.error({ err: error }, 'no signing key could be made');
  });

  offerFirstAdministrator(app).catch((error: unknown) => {
    log.error({ err: error }, 'no link for the first administrator could be made');
  });

  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    // The timer does not hold the process; it only ends one that a stuck connection would hold.
    setTimeout(() => process.exit(1), STOP_MS).unref();
    close(app, server, () => storage.close()).then(
      () => log.info('stopped'),
      (error: unknown) => {
        log.error({ err: error }, 'stopped with an error');
        process.exitCode = 1;
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

/** Says at most once a minute that there are too many connections. */
function crowded(log: Logger): () => void {
  let toldAt = -Infinity;
  return () => {
    if (performance.now() - toldAt < MINUTE) return;
    toldAt = performance.now();
    log.warn({ most: CONNECTION_LIMITS.most }, 'too many connections: the longest idle are closed');
  };
}

/** A folder that cannot be written is an operator's mistake; a bucket may be down for a while. */
async function prepareFiles({ files: { bytes } }: App, config: Config, log: Logger): Promise<void> {
  try {
    await bytes.prepare();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (config.files.kind !== 's3') throw new ConfigError(`FILES_URL: cannot use ${bytes.place}: ${why}`);
    log.error({ err: error, place: bytes.place }, 'the storage of files cannot be used now');
  }
  if (config.files.kind === 'disk' && !config.databaseUrl.startsWith('file:')) {
    const text = config.files.chosen
      ? 'files are in a folder: several machines must share it, or use S3'
      : "files are on this machine's disk: several machines need S3 or a shared folder, set FILES_URL";
    log.warn({ folder: bytes.place }, text);
  }
}

/** While there are no administrators, each start prints a link for the first one; the newest printed counts. */
async function offerFirstAdministrator({ features: { admin } }: App): Promise<void> {
  const token = await admin.accounts.firstLink();
  if (token === null) return;
  // Not through the log: what opens the room must not travel to wherever logs are kept.
  process.stderr.write(
    `\nThere is no administrator yet. This link makes the first one; it works once, for 24 hours:\n` +
      `  ${admin.linkUrl(token)}\n\n`,
  );
}

/** Running requests and the workers' current batches are finished; nothing new is begun. */
async function close(app: App, server: Server, closeStorage: () => Promise<void>): Promise<void> {
  const served = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  server.closeIdleConnections();
  // A connection that is kept alive after its last answer would hold the stop for five seconds.
  const sweep = setInterval(() => {
    server.closeIdleConnections();
  }, SWEEP_MS);
  void served.then(() => {
    clearInterval(sweep);
  });
  await Promise.all([served, ...app.workers.map((worker) => worker.stop())]);
  // The last answers had a result as well.
  await app.features.launches.writer.stop();
  await app.lti.close();
  await closeStorage();
}

main().catch((error: unknown) => {
  // An operator's mistake is one line; a fault of ours is shown whole.
  const known = error instanceof ConfigError || error instanceof StorageError;
  process.stderr.write(`${known ? error.message : String((error as Error).stack ?? error)}\n`);
  process.exitCode = 1;
  // Whatever was opened before the mistake was found must not keep the process alive.
  setImmediate(() => process.exit(1));
});
