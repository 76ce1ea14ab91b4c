import { hkdfSync } from 'node:crypto';
import type { Logger } from 'pino';
import type { Lti, LaunchResult } from '../../../lti/index.js';
import type { Storage } from '../../../storage/index.js';
import type { Audit } from '../../../infra/audit/index.js';
import { createDeploymentsService } from './deployments.service.js';
import { LaunchLog } from './launches.service.js';
import { createLaunchesStore } from './launches.store.js';

export type { LaunchPage } from './launches.service.js';
export { MAX_PAGES } from './launches.service.js';
export type { LaunchFilter, LoggedLaunch } from './launches.store.js';

export interface LaunchLogDeps {
  readonly storage: Storage;
  readonly log: Logger;
  readonly secret: string;
  readonly lti: Pick<Lti, 'registrations'>;
  readonly audit: Audit;
}

/** The log of the last launches, and unknown deployments. For administrators only. */
export interface LaunchLogFeature {
  /** Handed to `lti.router`. */
  record(result: LaunchResult): void;
  /** Writes behind the answers. */
  readonly writer: { start(): void; stop(): Promise<void> };
  readonly log: Pick<LaunchLog, 'read' | 'readAll' | 'findOptional'>;
}

export function createLaunchLog({ storage, log, secret, lti, audit }: LaunchLogDeps): LaunchLogFeature {
  const pepper = Buffer.from(hkdfSync('sha256', secret, 'nastavnik', 'launch-log', 32)).toString('base64url');
  const launchLog = new LaunchLog({ store: createLaunchesStore(storage.connection), log, pepper });
  const deployments = createDeploymentsService({ lti, audit, log });
  return {
    record(result) {
      launchLog.record(result);
      deployments.record(result);
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
