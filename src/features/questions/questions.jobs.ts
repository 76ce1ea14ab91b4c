import type { Jobs } from '../../infra/jobs/index.js';
import type { EscalationService } from './escalation.service.js';

/** Overdue questions are looked for this often. */
const EVERY_TEN_MINUTES = '*/10 * * * *';

export function addQuestionsJobs(jobs: Pick<Jobs, 'schedule'>, escalation: EscalationService): void {
  jobs.schedule({
    name: 'escalate-questions',
    cron: EVERY_TEN_MINUTES,
    run: () => escalation.escalateDue(),
  });
}
