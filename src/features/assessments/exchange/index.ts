import { Router } from 'express';
import type { Files, UploadRule } from '../../../infra/files/index.js';
import type { Jobs } from '../../../infra/jobs/index.js';
import type { Clock } from '../../../shared/clock.js';
import type { Storage } from '../../../storage/index.js';
import type { QuestionsStore } from '../bank/questions.store.js';
import type { TestsService } from '../tests/tests.service.js';
import { exportRouter } from './export.routes.js';
import { addImportJobs } from './import.jobs.js';
import { importRouter, questionsUpload } from './import.routes.js';
import { createImportService } from './import.service.js';
import { createImportWriter } from './import-writer.js';
import { createImportsStore } from './imports.store.js';

export interface ExchangeDeps {
  readonly storage: Storage;
  readonly jobs: Jobs;
  readonly files: Files;
  readonly clock: Clock;
  readonly questions: QuestionsStore;
  readonly tests: TestsService;
}

/** Import and export of questions: below `/c/:courseKey/tests`. */
export function createExchange({ storage, jobs, files, clock, questions, tests }: ExchangeDeps): {
  router: Router;
  uploads: readonly UploadRule[];
} {
  const imports = createImportsStore(storage.connection);
  const writer = createImportWriter({ imports, questions, tests, clock });
  const background = addImportJobs({ jobs, files, imports, questions, writer });
  const service = createImportService({ imports, questions, tests, writer, background, clock });
  return {
    router: Router().use(importRouter(service), exportRouter(tests, clock)),
    uploads: [questionsUpload],
  };
}
