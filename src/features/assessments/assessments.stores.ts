import type { Connection } from 'mongoose';
import { createAttemptsStore } from './attempts/attempts.store.js';
import { createVisitsStore } from './attempts/visits.store.js';
import { createQuestionsStore } from './bank/questions.store.js';
import { createRubricsStore } from './marking/rubrics.store.js';
import { createOverridesStore } from './overrides/overrides.store.js';
import { createTestsStore } from './tests/tests.store.js';

/** The collections that most parts of the feature read. */
export const createAssessmentsStores = (connection: Connection) => ({
  tests: createTestsStore(connection),
  questions: createQuestionsStore(connection),
  attempts: createAttemptsStore(connection),
  visits: createVisitsStore(connection),
  overrides: createOverridesStore(connection),
  rubrics: createRubricsStore(connection),
});
