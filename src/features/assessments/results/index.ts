import { Router } from 'express';
import type { Connection } from 'mongoose';
import type { Events } from '../../../infra/events/index.js';
import type { Exports } from '../../../infra/export/index.js';
import type { Files } from '../../../infra/files/index.js';
import type { Jobs } from '../../../infra/jobs/index.js';
import type { Clock } from '../../../shared/clock.js';
import type { AttemptsStore } from '../attempts/attempts.store.js';
import type { QuestionsStore } from '../bank/questions.store.js';
import { testMessagesRouter } from '../messages/messages.routes.js';
import { createTestMessages, type TestMessages } from '../messages/messages.service.js';
import { createTestMessagesStore } from '../messages/messages.store.js';
import { addResultExports, type ResultExportsFeatureDeps } from '../result-exports/index.js';
import { statisticsRouter } from '../statistics/statistics.routes.js';
import { createStatisticsService } from '../statistics/statistics.service.js';
import type { TestsStore } from '../tests/tests.store.js';
import { createQuestionAnswers } from './question-answers.service.js';
import { questionAnswersRouter } from './question-answers.routes.js';
import { resultsRouter } from './results.routes.js';
import type { ResultsService } from './results.service.js';
import { sheetRouter } from './sheet.routes.js';

export interface ResultPagesDeps extends Pick<ResultExportsFeatureDeps, 'findPeople' | 'groupNames'> {
  readonly connection: Connection;
  readonly events: Events;
  readonly jobs: Jobs;
  readonly files: Files;
  readonly exports: Exports;
  readonly clock: Clock;
  readonly results: ResultsService;
  readonly tests: TestsStore;
  readonly attempts: AttemptsStore;
  readonly questions: QuestionsStore;
}

/** What teachers do with the results of a test: the list, statistics, files, the sheet to print, and messages. */
export function addResultPages(deps: ResultPagesDeps): {
  readonly router: Router;
  readonly messages: TestMessages;
} {
  const { connection, events, results, clock } = deps;
  const store = createTestMessagesStore(connection);
  events.watch(store.model);
  const messages = createTestMessages({ messages: store, tests: deps.tests, results, clock });
  return {
    messages,
    router: Router().use(
      statisticsRouter(createStatisticsService(deps), deps.exports),
      resultsRouter(results, deps.exports),
      questionAnswersRouter(createQuestionAnswers(deps)),
      sheetRouter(results, clock),
      addResultExports(deps),
      testMessagesRouter(messages, results),
    ),
  };
}
