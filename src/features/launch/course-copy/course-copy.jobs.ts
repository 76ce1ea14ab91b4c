import { z } from 'zod';
import { defineJob, exponential, type Jobs } from '../../../infra/jobs/index.js';
import type { ContextCopyNotice } from '../../../lti/index.js';
import { DAY, HOUR, MINUTE } from '../../../shared/clock.js';
import type { OriginsStore } from './course-copy-sources.store.js';

const payload = z.object({
  registrationId: z.string(),
  deploymentId: z.string(),
  noticeId: z.string(),
  contextId: z.string(),
  origins: z.array(z.string()).readonly(),
});

/**
 * Registers the job that notes which courses a course was copied from. Returns what enqueues it: a notice that has
 * come before is dropped, for the 30 days in which finished jobs are known; no token lives that long.
 */
export function createContextCopyJob(
  jobs: Jobs,
  origins: Pick<OriginsStore, 'note'>,
): (notice: ContextCopyNotice) => Promise<void> {
  const noteContextCopy = jobs.register(
    defineJob({
      name: 'note-context-copy',
      payload,
      key: ({ registrationId, noticeId }) => `${registrationId}:${noticeId}`,
      retry: exponential({ first: MINUTE, factor: 2, upTo: 3 * HOUR, giveUp: 4 * DAY }),
      run: ({ payload: notice }) => origins.note(notice, notice.origins),
    }),
  );
  return async (notice) => {
    await jobs.enqueueOnce(noteContextCopy, notice);
  };
}
