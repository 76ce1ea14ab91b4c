import { Router } from 'express';
import type { Exports } from '../../../infra/export/index.js';
import type { Files, UploadRule } from '../../../infra/files/index.js';
import type { Jobs } from '../../../infra/jobs/index.js';
import type { Clock } from '../../../shared/clock.js';
import type { BankService } from '../bank/bank.service.js';
import type { QuestionFiles } from '../bank/question-files.service.js';
import type { QuestionsStore } from '../bank/questions.store.js';
import type { TestsService } from '../tests/tests.service.js';
import { createExportService } from './export.service.js';
import { exportRouter } from './export.routes.js';
import { addImportJobs } from './import.jobs.js';
import { importRouter, questionsUpload } from './import.routes.js';
import { createImportService } from './import.service.js';
import { createImportWriter } from './import-writer.js';
import type { ImportsStore } from './imports.store.js';
import { questionFiles } from './question-files.export.js';

export interface ExchangeDeps {
  readonly jobs: Jobs;
  readonly files: Files;
  readonly clock: Clock;
  readonly questions: QuestionsStore;
  readonly tests: TestsService;
  readonly bank: Pick<BankService, 'list'>;
  readonly imports: ImportsStore;
  readonly exports: Pick<Exports, 'ask' | 'define' | 'find'>;
  readonly media: QuestionFiles;
}

/** Import and export of questions: below `/c/:courseKey/tests`. */
export function createExchange(deps: ExchangeDeps): {
  router: Router;
  uploads: readonly UploadRule[];
} {
  const { jobs, files, clock, questions, tests, imports, media } = deps;
  const writer = createImportWriter({ imports, questions, tests, clock });
  const background = addImportJobs({ jobs, files, imports, questions, writer, media });
  const service = createImportService({ imports, questions, tests, writer, background, media, clock });
  const exportService = createExportService(deps);
  deps.exports.define(questionFiles(exportService, media));
  return {
    router: Router().use(
      importRouter(service),
      exportRouter({ service: exportService, exports: deps.exports, clock }),
    ),
    uploads: [questionsUpload],
  };
}
