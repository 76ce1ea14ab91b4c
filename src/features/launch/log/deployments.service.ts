import type { Logger } from 'pino';
import { CLAIM, platformName, type Lti, type Registration, type LaunchResult } from '../../../lti/index.js';
import { DomainError } from '../../../shared/errors.js';
import type { Audit } from '../../../infra/audit/index.js';

export interface DeploymentsDeps {
  readonly lti: Pick<Lti, 'registrations'>;
  readonly audit: Pick<Audit, 'append'>;
  readonly log: Logger;
}

/**
 * Handles unknown deployments after the answer to their launch: a refused one waits for an
 * administrator, an accepted one is noted.
 */
export function createDeploymentsService({ lti, audit, log }: DeploymentsDeps) {
  const busy = new Set<Promise<void>>();

  async function takeIn(registration: Registration, deployment: string): Promise<void> {
    const after = await lti.registrations.addDeployment(registration, deployment);
    if (after === null) return;
    const name = platformName(registration);
    await audit.append({
      actor: { kind: 'platform', id: registration.id, name },
      action: 'deployment-accepted',
      subject: { kind: 'platform', id: registration.id, name },
      after: { deployment },
    });
  }

  async function meet({ registration, payload, verified, refusal }: LaunchResult): Promise<void> {
    // Only what the platform has signed is worth a record.
    if (registration === undefined || verified !== true) return;
    const deployment = (payload as Record<string, unknown>)[CLAIM.deploymentId];
    if (typeof deployment !== 'string' || registration.deployments.includes(deployment)) return;
    if (refusal === null) await takeIn(registration, deployment);
    else if (refusal instanceof DomainError && refusal.code === 'lti-unknown-deployment') {
      await lti.registrations.noteUnknownDeployment(registration, deployment);
    }
  }

  return {
    record(result: LaunchResult): void {
      const meeting = meet(result)
        .catch((error: unknown) => {
          log.error({ err: error }, 'a deployment could not be noted');
        })
        .finally(() => busy.delete(meeting));
      busy.add(meeting);
    },
    async settle(): Promise<void> {
      await Promise.all(busy);
    },
  };
}
