import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import type { JWK } from 'jose';
import type { Clock } from '../../src/shared/clock.js';
import { AdjustableClock } from './clock.js';
import { controlRouter } from './control-http.js';
import { LmsControl } from './control.js';
import { Faults } from './faults.js';
import { newSigningKey } from './keys.js';
import type { Lms } from './lms.js';
import type { Oddity } from './oddities.js';
import { errorPages, pagesRouter } from './pages/index.js';
import { platformRouter } from './platform/index.js';
import { ToolKeys } from './platform/tool-jwt.js';
import { AccessTokens, Launches, Sessions } from './sessions.js';
import { LmsState } from './state.js';
import { jsonFileStore, noStore, type Store } from './store.js';

export type { AuthenticationResult, LmsSession, SigningOptions } from './control.js';
export type { Fault, Service } from './faults.js';
export type { ReceivedScore } from './lms.js';
export type { Activity, Column, Course, CourseRole, Grade, Group, Person, Tool } from './model.js';
export type { NewActivity } from './platform/activities.js';
export type { Initiation } from './platform/initiation.js';
export type { ToolInput } from './platform/tools.js';
export type { Store } from './store.js';
export { ODD_ANSWERS, ODDITIES, type Oddity } from './oddities.js';
export { LmsControl } from './control.js';
export { newSigningKey } from './keys.js';
export { ALL_SCOPES, SCOPE } from './platform/scopes.js';

export interface DemoLmsOptions {
  /** 127.0.0.1 by default, so that a tool on localhost stands on another site. */
  readonly host?: string;
  /** 0, the default: any free one. */
  readonly port?: number;
  /** The issuer, when it is not simply http://host:port. No slash at the end. */
  readonly origin?: string;
  /** A path keeps the state in a JSON file; without it everything is forgotten at the end. */
  readonly store?: string | Store;
  readonly clock?: Clock;
  /** Private RSA keys with `kid`; only a new state takes them. */
  readonly keys?: readonly JWK[];
  /** See {@link Lms.strict}; true by default. */
  readonly strict?: boolean;
  /** See {@link Lms.storageTarget}; null, the default: no such thing. */
  readonly storageTarget?: string | null;
  /** See {@link Lms.managesRegistrations}; false by default. */
  readonly managesRegistrations?: boolean;
  /** How it differs from the recorded platform at first. */
  readonly oddities?: Iterable<Oddity>;
  /** Opens /control/ to all that reach the port; false by default. */
  readonly httpControl?: boolean;
}

export interface DemoLms {
  /** Known once listening, unless given. */
  readonly origin: string;
  readonly control: LmsControl;
  /** For tests that need no port. */
  readonly app: Express;
  /** @returns the origin */
  listen(): Promise<string>;
  /** Ends every connection, silent ones too. */
  close(): Promise<void>;
}

/** A small LTI 1.3 Advantage platform that behaves like the Moodle 4.4 it was modelled on. */
export function createDemoLms(options: DemoLmsOptions = {}): DemoLms {
  const { host = '127.0.0.1', port = 0 } = options;
  let { origin } = options;
  const store = typeof options.store === 'string' ? jsonFileStore(options.store) : (options.store ?? noStore);
  const clock = new AdjustableClock(options.clock);
  const lms: Lms = {
    state: new LmsState(store, () => [...(options.keys ?? [newSigningKey()])]),
    clock,
    faults: new Faults(),
    sessions: new Sessions(),
    launches: new Launches(clock),
    tokens: new AccessTokens(clock),
    toolKeys: new ToolKeys(),
    scoreLog: [],
    strict: options.strict ?? true,
    storageTarget: options.storageTarget ?? null,
    managesRegistrations: options.managesRegistrations ?? false,
    oddities: new Set(options.oddities),
    origin() {
      if (origin === undefined) throw new Error('the demo LMS has no origin before it listens');
      return origin;
    },
  };
  const control = new LmsControl(lms);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(platformRouter(lms));
  if (options.httpControl === true) app.use(controlRouter(control));
  app.use(pagesRouter(lms));
  app.use(errorPages(lms));
  const server = createServer(app);

  return {
    get origin() {
      return lms.origin();
    },
    control,
    app,
    async listen() {
      await listening(server, port, host);
      const { port: bound } = server.address() as AddressInfo;
      origin ??= `http://${host}:${bound}`;
      return origin;
    },
    close: () =>
      new Promise((resolve) => {
        if (!server.listening) {
          resolve();
          return;
        }
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const listening = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
