import { hkdfSync } from 'node:crypto';
import type { Logger } from 'pino';
import type { Lti, Verdict } from '../../lti/index.js';
import type { Storage } from '../../storage/index.js';
import type { Audit } from '../audit/index.js';
import { createDeploymentsService } from './deployments.service.js';
import { LaunchLog } from './launches.service.js';
import { createLaunchesStore } from './launches.store.js';

export type { LaunchPage } from './launches.service.js';
export { MOST_PAGES } from './launches.service.js';
export type { LaunchFilter, LoggedLaunch } from './launches.store.js';

export interface LaunchesDeps {
  readonly storage: Storage;
  readonly log: Logger;
  readonly secret: string;
  readonly lti: Pick<Lti, 'registrations'>;
  readonly audit: Audit;
}

/** What came of launches: a log of the last ones, and deployments that nobody knew. For the administrator alone. */
export interface LaunchesRoom {
  /** Handed to `lti.router`. */
  hear(verdict: Verdict): void;
  /** Writes behind the answers. */
  readonly writer: { start(): void; stop(): Promise<void> };
  readonly log: Pick<LaunchLog, 'read' | 'findOptional'>;
}

export function createLaunches({ storage, log, secret, lti, audit }: LaunchesDeps): LaunchesRoom {
  const pepper = Buffer.from(hkdfSync('sha256', secret, 'nastavnik', 'launch-log', 32)).toString('base64url');
  const launchLog = new LaunchLog({ store: createLaunchesStore(storage.connection), log, pepper });
  const deployments = createDeploymentsService({ lti, audit, log });
  return {
    hear(verdict) {
      launchLog.hear(verdict);
      deployments.hear(verdict);
    },
    writer: {
      start: () => {
        launchLog.start();
      },
      async stop() {
        await Promise.all([launchLog.stop(), deployments.settle()]);
      },
    },
    log: launchLog,
  };
}
