import type { Jobs } from '../../../infra/jobs/index.js';
import type { Organisation } from './organisation.service.js';

/** Days change at another hour in each zone. */
const HOURLY = '3 * * * *';

/** Has posts given and taken on their days. */
export function scheduleTerms(
  jobs: Pick<Jobs, 'schedule'>,
  organisation: Pick<Organisation, 'applyTerms'>,
): void {
  jobs.schedule({ name: 'apply-post-terms', cron: HOURLY, run: () => organisation.applyTerms() });
}
