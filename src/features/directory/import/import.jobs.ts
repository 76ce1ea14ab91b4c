import { z } from 'zod';
import { defineJob, type Jobs } from '../../../infra/jobs/index.js';
import { MINUTE } from '../../../shared/clock.js';
import type { ImportJobs, ImportService } from './import.service.js';

/** Adds the background work of long imports. */
export function addImportJobs(
  jobs: Pick<Jobs, 'register' | 'enqueue'>,
  service: () => Pick<ImportService, 'write' | 'takeBack'>,
): ImportJobs {
  const job = jobs.register(
    defineJob({
      name: 'import-people',
      payload: z.object({ importKey: z.string(), undoes: z.boolean().default(false) }),
      key: ({ importKey, undoes }) => (undoes ? `${importKey}.undo` : importKey),
      timeoutMs: 30 * MINUTE,
      run: ({ payload: { importKey, undoes } }) =>
        undoes ? service().takeBack(importKey) : service().write(importKey),
    }),
  );
  return {
    async write(importKey) {
      await jobs.enqueue(job, { importKey, undoes: false });
    },
    async undo(importKey) {
      await jobs.enqueue(job, { importKey, undoes: true });
    },
  };
}
