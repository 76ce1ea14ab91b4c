import { z } from 'zod';
import type { Files } from '../../../infra/files/index.js';
import { defineJob, defineLane, exponential, type Jobs } from '../../../infra/jobs/index.js';
import { maySeeResults } from '../assessments.policy.js';
import { EXPORT_OWNER, type ResultExportWriter } from './result-export-writer.js';
import type { ResultExportsStore } from './result-exports.store.js';

const MEGABYTE = 1024 * 1024;
const MOST_TRIES = 3;

/** One at a time: each holds all attempts of a test in memory. */
const lane = defineLane({ name: 'result-exports', limit: 1 });

export interface ResultExportJobsDeps {
  readonly jobs: Jobs;
  readonly files: Pick<Files, 'defineOwner'>;
  readonly exports: ResultExportsStore;
  readonly writer: ResultExportWriter;
}

/** Files with results are written by a job, which another process does again when its process is killed. */
export function addResultExportJobs({ jobs, files, exports, writer }: ResultExportJobsDeps): {
  readonly enqueue: (exportId: string) => Promise<void>;
} {
  files.defineOwner({
    kind: EXPORT_OWNER,
    maxFiles: 1,
    maxBytes: 100 * MEGABYTE,
    // Those who may see the results of the course may read a file with them.
    mayRead: async (actor, { id }) =>
      actor !== null && maySeeResults(actor) && (await exports.hasFile(actor.courseId, id)),
    inUse: (found) => exports.filesInUse(found.map(({ id }) => id)),
  });

  const exportResults = jobs.register(
    defineJob({
      name: 'export-results',
      payload: z.object({ exportId: z.string() }),
      key: ({ exportId }) => exportId,
      lane,
      retry: exponential({ attempts: MOST_TRIES }),
      run: ({ payload }) => writer.write(payload.exportId),
      async onFailure({ payload }, { nextAt }) {
        if (nextAt === null) await writer.fail(payload.exportId);
      },
    }),
  );

  return {
    async enqueue(exportId) {
      await jobs.enqueue(exportResults, { exportId });
    },
  };
}
