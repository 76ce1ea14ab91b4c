import type { Connection } from 'mongoose';
import type { Router } from 'express';
import type { Files } from '../../../infra/files/index.js';
import type { Jobs } from '../../../infra/jobs/index.js';
import type { Clock } from '../../../shared/clock.js';
import type { AttemptsStore } from '../attempts/attempts.store.js';
import type { TestsStore } from '../tests/tests.store.js';
import { createResultExportWriter, type ResultExportWriterDeps } from './result-export-writer.js';
import { addResultExportJobs } from './result-exports.jobs.js';
import { resultExportsRouter } from './result-exports.routes.js';
import { createResultExports } from './result-exports.service.js';
import { createResultExportsStore } from './result-exports.store.js';

export interface ResultExportsFeatureDeps extends Pick<ResultExportWriterDeps, 'findPeople' | 'groupNames'> {
  readonly connection: Connection;
  readonly jobs: Jobs;
  readonly files: Files;
  readonly clock: Clock;
  readonly tests: TestsStore;
  readonly attempts: AttemptsStore;
}

/** All attempts of a test as a file: pages and the background work. */
export function addResultExports({
  connection,
  jobs,
  files,
  clock,
  ...deps
}: ResultExportsFeatureDeps): Router {
  const exports = createResultExportsStore(connection);
  const writer = createResultExportWriter({ ...deps, exports, files });
  const { enqueue } = addResultExportJobs({ jobs, files, exports, writer });
  return resultExportsRouter(createResultExports({ tests: deps.tests, exports, enqueue, clock }));
}
