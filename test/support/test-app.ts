/**
 * The whole testApp for a test: the app on an embedded database of its own beside the demo LMS, each on a free
 * port, with one clock. Visitors come in by real launches.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino, type DestinationStream } from 'pino';
import { buildApp, type App } from '../../src/app.js';
import { loadConfig, type Config } from '../../src/config.js';
import { OWN_PARAMETERS, type Registration } from '../../src/lti/index.js';
import { createLog } from '../../src/log.js';
import type { ScryptCost } from '../../src/features/admin/index.js';
import type { Clock } from '../../src/shared/clock.js';
import type { Limits } from '../../src/web/rate-limit.js';
import { createWebServer } from '../../src/web/server.js';
import { openStorage, type Scan, type Storage, type StorageOptions } from '../../src/storage/index.js';
import { launchLink, startLms, type Browser, type BrowserOptions, type DemoLms } from './lms.js';
import { Browser as PlainBrowser } from './lms.js';
import { newEmptyDatabase, removeDatabase } from './empty-database.js';
import { giveToolKey } from './tool-key.js';
import { Visitor } from './visitor.js';

export { Visitor, type Reply } from './visitor.js';

/** Runs with real time, ahead of it by what tests have advanced; never back, for tokens would be of the future. */
export class AheadClock implements Clock {
  #ahead = 0;

  now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  advance(milliseconds: number): void {
    if (milliseconds < 0) throw new Error('this clock only goes forward');
    this.#ahead += milliseconds;
  }
}

const SECRET = 'a secret for tests, long enough';

/** Far below what is told of in development: a test's collections are small. */
const MOST_SCANNED = 45;

export interface TestAppOptions {
  /** Environment beyond what a test testApp needs. */
  readonly env?: NodeJS.ProcessEnv;
  /** A database that outlives the testApp; in memory unless given. */
  readonly databaseUrl?: string;
  /** Opens it, for tests that hold the file of the database. */
  readonly openStorage?: (options: StorageOptions) => Promise<Storage>;
  readonly logLevel?: Config['logLevel'];
  readonly passwordCost?: ScryptCost;
  /** None, unless given: most tests come from one address, and fail a great deal. */
  readonly limits?: Limits;
  /** As in a demo: the page of mails has buttons that move the clock on. */
  readonly movableClock?: true;
  /** Where lines of the log go, instead of the terminal. */
  readonly logTo?: DestinationStream;
}

export interface LaunchAs {
  /** Ids as in scripts/demo-lms/centre.ts. */
  readonly person: string;
  readonly course: string;
  /** A link of the LMS course; its home link unless given. */
  readonly link?: string;
  /** To come in with the cookies of an earlier visit. */
  readonly browser?: Browser;
  readonly browserOptions?: BrowserOptions;
}

export interface TestApp {
  /** The tool's origin, http://localhost:…; the LMS's is on 127.0.0.1, another site. */
  readonly origin: string;
  readonly app: App;
  readonly storage: Storage;
  readonly clock: AheadClock;
  readonly lms: DemoLms;
  readonly registration: Registration;
  /** Comes in as this person, by login, authentication and launch. @throws when the launch ends in an error */
  launch(as: LaunchAs): Promise<Visitor>;
  /** A visitor without a session. */
  anonymous(options?: BrowserOptions): Visitor;
  close(): Promise<void>;
}

export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const clock = new AheadClock();
  const lms = await startLms({ clock });
  // The address must be known before the app is built: it is part of every check.
  const { server, serve } = createWebServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://localhost:${port}`;

  const config = loadConfig({
    PORT: String(port),
    HOST: '127.0.0.1',
    DATABASE_URL: options.databaseUrl ?? 'file::memory:',
    ALLOW_PRIVATE_NETWORK: '1',
    LOG_LEVEL: options.logLevel ?? 'silent',
    RATE_LIMITS: options.limits === undefined ? '0' : '1',
    // Who is in a course follows from a test's launches alone.
    ROSTER_HOURS: '0',
    ...options.env,
  });
  const scans = new Map<string, Scan>();
  const log = createLog(config.logLevel, options.logTo ?? pino.destination(1));
  const build = (on: Storage): App =>
    buildApp({
      config,
      secret: SECRET,
      storage: on,
      clock,
      log,
      ...(options.limits !== undefined && { limits: options.limits }),
      ...(options.movableClock && { moveClock: (ms: number) => clock.advance(ms) }),
      // Real hashes, but not a third of a second each.
      passwordCost: options.passwordCost ?? { N: 2 ** 10, r: 8, p: 1 },
    });
  const isOwn = options.databaseUrl !== undefined || options.openStorage !== undefined;
  const empty = isOwn ? null : await newEmptyDatabase(build);
  const storage = await (options.openStorage ?? openStorage)({
    url: empty === null ? config.databaseUrl : `file:${empty}`,
    clock,
    scans: {
      above: MOST_SCANNED,
      tell: (scan) => scans.set(`${scan.collection}: ${scan.fields.join()}`, scan),
    },
  });
  const app = build(storage);
  await storage.ensureIndexes();
  await giveToolKey(storage, SECRET, clock.now());
  await app.lti.warmUp();
  serve(app.express);

  const tool = lms.control.registerTool({ url: origin });
  const registration = await app.lti.registrations.add({
    name: 'Демо',
    issuer: lms.origin,
    clientId: tool.clientId,
    authUrl: `${lms.origin}/mod/lti/auth.php`,
    tokenUrl: `${lms.origin}/mod/lti/token.php`,
    jwksUrl: `${lms.origin}/mod/lti/certs.php`,
    deployments: [tool.deploymentId],
    ownParameters: OWN_PARAMETERS,
  });
  for (const worker of app.workers) worker.start();

  return {
    origin,
    app,
    storage,
    clock,
    lms,
    registration,
    async launch({ person, course, link, browser, browserOptions }) {
      const used = browser ?? new PlainBrowser({ framedBy: lms.origin, ...browserOptions });
      const { response } = await launchLink(lms, {
        person,
        course,
        browser: used,
        ...(link !== undefined && { link }),
      });
      const key = /^\/c\/([a-z0-9]+)\//.exec(new URL(response.url).pathname)?.[1];
      if (key === undefined)
        throw new Error(`launch of ${person}: ${response.status} ${response.url}\n${response.text}`);
      return new Visitor(origin, used, key, response);
    },
    anonymous: (browserOptions = {}) => new Visitor(origin, new PlainBrowser(browserOptions), null, null),
    async close() {
      await Promise.all(app.workers.map((worker) => worker.stop()));
      await stopServer(server);
      await app.lti.close();
      await storage.close();
      if (empty !== null) await removeDatabase(empty);
      await lms.close();
      if (scans.size > 0)
        throw new Error(`queries that lack an index: ${JSON.stringify([...scans.values()])}`);
    },
  };
}

const stopServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
