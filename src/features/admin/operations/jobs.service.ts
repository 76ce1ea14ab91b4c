import type { Audit, AuditActor } from '../../../infra/audit/index.js';
import type { BacklogFigures, Events } from '../../../infra/events/index.js';
import type { FailedJob, JobFigures, Jobs, LaneDown } from '../../../infra/jobs/index.js';
import { notFound } from '../../../shared/errors.js';

export interface JobsPageDeps {
  readonly jobs: Pick<Jobs, 'overview' | 'lanesDown' | 'listFailed' | 'retry' | 'retryAll'>;
  readonly events: Pick<Events, 'overview'>;
  readonly audit: Pick<Audit, 'append'>;
}

export interface JobsPage {
  readonly figures: readonly JobFigures[];
  readonly lanesDown: readonly LaneDown[];
  /** Documents that wait to be made into jobs, where any do. */
  readonly backlogs: readonly BacklogFigures[];
  /** Up to a hundred of those that have failed. */
  readonly failed: readonly FailedJob[];
}

/** All background work, as the administrator sees it. */
export interface JobsPageService {
  read(): Promise<JobsPage>;
  /** @throws DomainError `not-found` if the job has not failed */
  retry(by: AuditActor, id: string): Promise<void>;
  /** Retries all failed jobs, or those of a name. Returns how many. */
  retryAll(by: AuditActor, name: string | undefined): Promise<number>;
}

const MOST_FAILED = 100;

export function createJobsPageService({ jobs, events, audit }: JobsPageDeps): JobsPageService {
  const note = (by: AuditActor, id: string, name: string, count: number): Promise<void> =>
    audit.append({
      actor: by,
      action: 'jobs-retried',
      subject: { kind: 'job', id, name },
      after: { count: String(count) },
    });

  return {
    async read() {
      const [figures, backlogs, failed] = await Promise.all([
        jobs.overview(),
        events.overview(),
        jobs.listFailed({ limit: MOST_FAILED }),
      ]);
      const waiting = backlogs.filter((backlog) => backlog.waiting > 0);
      return { figures, lanesDown: jobs.lanesDown(), backlogs: waiting, failed };
    },

    async retry(by, id) {
      if (!(await jobs.retry(id))) throw notFound();
      await note(by, id, '', 1);
    },

    async retryAll(by, name) {
      const count = await jobs.retryAll(name);
      if (count > 0) await note(by, '', name ?? '', count);
      return count;
    },
  };
}
