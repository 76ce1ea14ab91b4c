import type { Router } from 'express';
import type { Files } from '../../../infra/files/index.js';
import type { Clock } from '../../../shared/clock.js';
import type { PersonName } from '../../../shared/names.js';
import type { Storage } from '../../../storage/index.js';
import type { TestsService } from '../tests/tests.service.js';
import type { TestsStore } from '../tests/tests.store.js';
import { createBankService, type BankService } from './bank.service.js';
import { bankRouter } from './bank.routes.js';
import { createGivenVersions } from './given-versions.store.js';
import { createQuestionFiles, type QuestionFiles } from './question-files.service.js';
import type { QuestionsStore } from './questions.store.js';
import type { Association } from './sharing.service.js';
import { createSharesStore } from './shares.store.js';

export interface BankFeatureDeps {
  readonly storage: Storage;
  readonly files: Files;
  readonly clock: Clock;
  readonly questions: QuestionsStore;
  readonly testsStore: TestsStore;
  readonly associationsOf: (personId: string) => Promise<readonly Association[]>;
  readonly courseTitles: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Ids of those of these files that imports under way refer to. */
  readonly importsUse: (ids: readonly string[]) => Promise<readonly string[]>;
}

export interface BankFeature {
  readonly bank: BankService;
  readonly questionFiles: QuestionFiles;
  /** Whether questions are shared with the association. */
  usesAssociation(id: string): Promise<boolean>;
  /** Below `/c/:courseKey/tests`. */
  router(
    tests: Pick<TestsService, 'list' | 'addFromBank'>,
    findPeople: (ids: readonly string[]) => Promise<{ id: string; name: PersonName }[]>,
  ): Router;
}

/** The question bank of each course, with the pictures and recordings of its questions. */
export function createBank(deps: BankFeatureDeps): BankFeature {
  const { storage, files, clock, questions, testsStore } = deps;
  const shares = createSharesStore(storage.connection);
  const bank = createBankService({
    questions,
    tests: testsStore,
    shares,
    clock,
    associationsOf: deps.associationsOf,
    courseTitles: deps.courseTitles,
  });
  const questionFiles = createQuestionFiles({
    files,
    questions,
    clock,
    wasGiven: createGivenVersions(storage.connection),
    importsUse: deps.importsUse,
    isShared: (actor, refs) => bank.isShared(actor, refs),
  });
  return {
    bank,
    questionFiles,
    usesAssociation: (id) => shares.hasAny(`association:${id}`),
    router: (tests, findPeople) => bankRouter({ bank, tests, files: questionFiles, findPeople }),
  };
}
