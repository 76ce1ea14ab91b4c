import { Router } from 'express';
import type { Logger } from 'pino';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import type { Estate } from '../../shared/estate.js';
import type { ContentKind } from '../../shared/content.js';
import type { Queue } from '../../shared/queue.js';
import type { Storage } from '../../storage/index.js';
import type { GradesRoom, NewGrade } from '../grades/index.js';
import type { LaunchRoom } from '../launch/index.js';
import { attemptsRouter } from './attempts.routes.js';
import { createAttemptsService, type AttemptsService } from './attempts.service.js';
import { createAttemptsStore } from './attempts.store.js';
import { AttemptsWorker } from './attempts.worker.js';
import { createColumnsService } from './columns.service.js';
import { testKind } from './content.js';
import { createCopies } from './copies.service.js';
import { createAssessmentsEstate } from './estate.store.js';
import { createHandInService } from './handin.service.js';
import { createPreviewService } from './preview.service.js';
import { questionsRouter } from './questions.routes.js';
import { createQuestionsStore } from './questions.store.js';
import { resultsRouter } from './results.routes.js';
import { createResultsService } from './results.service.js';
import { chance, type Below } from './shuffle.js';
import { testsRouter } from './tests.routes.js';
import { createTestsService, type TestsService } from './tests.service.js';
import { createTestsStore } from './tests.store.js';
import { todoFor, type TestTodo } from './todo.service.js';
import { createVisitsStore } from './visits.store.js';

export type { Attempt } from './attempt.js';
export type { QuestionContent } from './questions.store.js';
export type { TestSettings } from './tests.store.js';
export type { TestTodo } from './todo.service.js';

export interface AssessmentsDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Logger;
  readonly launch: Pick<LaunchRoom, 'people' | 'courses'> & {
    readonly links: Pick<LaunchRoom['links'], 'ofContent'>;
  };
  readonly grades: Pick<GradesRoom, 'queue' | 'deliveries' | 'columnChanged'>;
  /** Deals questions and answers; by chance unless given. */
  readonly below?: Below;
}

/** Progress tests: the question bank, tests, attempts, and their grades on the way to the gradebook. */
export interface AssessmentsRoom {
  /** `/c/:courseKey/tests` */
  readonly router: Router;
  readonly kind: ContentKind;
  /** Closes overdue attempts and hands in grades that were left behind. */
  readonly worker: AttemptsWorker;
  /** Writing tests without the pages: for seeds and importers. */
  readonly tests: Pick<
    TestsService,
    'list' | 'create' | 'addQuestion' | 'addFromBank' | 'placed' | 'publish'
  >;
  /** Taking tests without the pages: for seeds. */
  readonly attempts: Pick<AttemptsService, 'start' | 'open' | 'saveForm' | 'finish'>;
  /** What of tests waits for the actor: for the course's front page. */
  todoFor(actor: Actor): Promise<TestTodo[]>;
  /** The current grade of every student who has finished an attempt, as the gradebook should have it. */
  gradesFor(courseId: string, testId: string): Promise<NewGrade[]>;
  /** Hands in all grades of a test once more: a gradebook column has become known. Survives a kill. */
  handInAgain(courseId: string, testId: string): Promise<void>;
  readonly estate: Estate;
  /** Grades that are worked out and not on their way yet. */
  queue(): Promise<Queue>;
}

export function createAssessments(deps: AssessmentsDeps): AssessmentsRoom {
  const { clock, log, launch, grades } = deps;
  const { connection } = deps.storage;
  const stores = {
    tests: createTestsStore(connection),
    questions: createQuestionsStore(connection),
    attempts: createAttemptsStore(connection),
    visits: createVisitsStore(connection),
  };
  const handIn = createHandInService({ ...stores, queue: (grade) => grades.queue(grade), clock, log });
  const tests = createTestsService({
    ...stores,
    handIn,
    clock,
    linksOf: (courseId, id) => launch.links.ofContent(courseId, { kind: 'test', id }),
  });
  const attempts = createAttemptsService({ ...stores, handIn, clock, below: deps.below ?? chance });
  const results = createResultsService({
    ...stores,
    clock,
    members: (courseId) => launch.courses.members(courseId),
    membership: (courseId, personId) => launch.courses.membership(courseId, personId),
    findPeople: (ids) => launch.people.findMany(ids),
    deliveries: (courseId, personId, id) => grades.deliveries(courseId, personId, { kind: 'test', id }),
  });
  const columns = createColumnsService({
    tests: stores.tests,
    changed: (courseId, id) => grades.columnChanged(courseId, { kind: 'test', id }),
    clock,
  });
  const preview = createPreviewService({ tests, clock });

  return {
    router: Router().use(
      testsRouter({ tests, attempts, results, clock }),
      questionsRouter(tests),
      attemptsRouter({ attempts, preview, results, clock }),
      resultsRouter(results),
    ),
    estate: createAssessmentsEstate(connection),
    kind: testKind(tests, stores.tests, createCopies({ ...stores, clock })),
    worker: new AttemptsWorker({ attempts, handIn, columns, log }),
    tests,
    attempts,
    todoFor: (actor) => todoFor({ attempts, results, clock }, actor),
    queue: () => stores.attempts.queue(),
    gradesFor: (courseId, testId) => handIn.gradesFor(courseId, testId),
    handInAgain: (courseId, testId) => handIn.again(courseId, testId),
  };
}
