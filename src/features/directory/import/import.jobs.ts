import { z } from 'zod';
import { defineJob, type Jobs } from '../../../infra/jobs/index.js';
import { MINUTE } from '../../../shared/clock.js';
import type { ImportService } from './import.service.js';

/** Has long imports written in the background. Returns what puts one in. */
export function addImportJob(
  jobs: Pick<Jobs, 'register' | 'enqueue'>,
  service: () => Pick<ImportService, 'write'>,
): (key: string) => Promise<void> {
  const job = jobs.register(
    defineJob({
      name: 'import-people',
      payload: z.object({ importKey: z.string() }),
      key: ({ importKey }) => importKey,
      timeoutMs: 30 * MINUTE,
      run: ({ payload }) => service().write(payload.importKey),
    }),
  );
  return async (importKey) => {
    await jobs.enqueue(job, { importKey });
  };
}
