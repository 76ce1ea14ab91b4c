import type { Jobs } from '../../../infra/jobs/index.js';
import { DAY, HOUR, MINUTE } from '../../../shared/clock.js';
import type { RetentionService } from './retention.service.js';

/** Half past midnight in UTC: in the zones of Russia it is night or early morning. */
const NIGHTLY = '30 0 * * *';
const AFTER_MIDNIGHT_MS = 30 * MINUTE;

/** When records are removed next. */
export const nextNight = (now: Date): Date =>
  new Date(Math.floor((now.getTime() - AFTER_MIDNIGHT_MS) / DAY) * DAY + DAY + AFTER_MIDNIGHT_MS);

/** Removes each night what is older than its age. */
export function addRetentionJob(
  jobs: Pick<Jobs, 'schedule'>,
  retention: Pick<RetentionService, 'sweep'>,
): void {
  jobs.schedule({
    name: 'remove-old-records',
    cron: NIGHTLY,
    timeoutMs: HOUR,
    run: () => retention.sweep(),
  });
}
