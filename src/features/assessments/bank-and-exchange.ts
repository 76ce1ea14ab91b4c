import { Router } from 'express';
import type { UploadRule } from '../../infra/files/index.js';
import { createBank } from './bank/index.js';
import type { BankService } from './bank/bank.service.js';
import { questionUpload, type QuestionFiles } from './bank/question-files.service.js';
import type { QuestionsStore } from './bank/questions.store.js';
import { createExchange } from './exchange/index.js';
import { createImportsStore } from './exchange/imports.store.js';
import type { AssessmentsDeps } from './index.js';
import type { TestsService } from './tests/tests.service.js';
import type { TestsStore } from './tests/tests.store.js';

export interface BankAndExchange {
  readonly bank: BankService;
  readonly questionFiles: QuestionFiles;
  /** Whether questions are shared with the association. */
  usesAssociation(id: string): Promise<boolean>;
  /** Below `/c/:courseKey/tests`. */
  readonly router: Router;
  readonly uploads: readonly UploadRule[];
}

/** The question bank of each course, with import and export of questions. */
export function createBankAndExchange(
  deps: AssessmentsDeps,
  stores: { readonly questions: QuestionsStore; readonly tests: TestsStore },
  tests: TestsService,
): BankAndExchange {
  const { people, courses } = deps.membership;
  const { connection } = deps.storage;
  const imports = createImportsStore(connection);
  const { bank, questionFiles, ...feature } = createBank({
    ...deps,
    questions: stores.questions,
    testsStore: stores.tests,
    courseTitles: async (ids) => new Map((await courses.findMany(ids)).map(({ id, title }) => [id, title])),
    importsUse: (ids) => imports.mediaInUse(ids),
  });
  const exchange = createExchange({
    ...deps,
    imports,
    media: questionFiles,
    bank,
    questions: stores.questions,
    tests,
  });
  return {
    bank,
    questionFiles,
    usesAssociation: (id) => feature.usesAssociation(id),
    router: Router().use(
      exchange.router,
      feature.router(tests, (ids) => people.findMany(ids)),
    ),
    uploads: [...exchange.uploads, questionUpload],
  };
}
