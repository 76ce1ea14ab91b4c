import './pages.view.js';
import { Router } from 'express';
import type { Files, UploadRule } from '../../infra/files/index.js';
import type { Events } from '../../infra/events/index.js';
import type { Jobs } from '../../infra/jobs/index.js';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { ContentKind } from '../../shared/content.js';
import type { Registry } from '../../shared/registry.js';
import type { Storage } from '../../storage/index.js';
import type { GradebookFeature, NewGrade } from '../gradebook/index.js';
import type { LaunchFeature } from '../launch/index.js';
import type { MembershipFeature } from '../membership/index.js';
import { attemptsRouter } from './attempts/attempts.routes.js';
import { createAttemptsService, type AttemptsService } from './attempts/attempts.service.js';
import { createAttemptsStore } from './attempts/attempts.store.js';
import { addAssessmentsJobs } from './assessments.jobs.js';
import { testKind } from './content.js';
import { createCopies } from './tests/test-copies.service.js';
import { createAssessmentsPersonalData } from './personal-data.store.js';
import { createScorePublishing } from './attempts/score-publishing.service.js';
import { createPreviewService } from './attempts/preview.service.js';
import { createExchange } from './exchange/index.js';
import { questionsRouter } from './bank/questions.routes.js';
import { createQuestionsStore } from './bank/questions.store.js';
import { resultsRouter } from './results/results.routes.js';
import { createResultsService } from './results/results.service.js';
import { chance, type Below } from './attempts/shuffle.js';
import { testsRouter } from './tests/tests.routes.js';
import { createTestsService, type TestsService } from './tests/tests.service.js';
import { createTestsStore } from './tests/tests.store.js';
import { createToldTests, type ToldTests } from './told.service.js';
import { createToldTestsStore } from './told.store.js';
import { todoFor, type TestTodo } from './attempts/todo.service.js';
import { createVisitsStore } from './attempts/visits.store.js';

export { DUPLICATE_RULES, type DuplicateRule } from './exchange/import-writer.js';
export {
  FileProblem,
  FORMATS as QUESTION_FORMATS,
  readQuestions as readQuestionFile,
  type Format as QuestionFormat,
} from './exchange/read-file.js';
export { summaryOf, type Summary } from './exchange/summary.js';
export { createTerminalImport } from './exchange/terminal-import.js';
export type { Attempt } from './attempts/attempt.js';
export type { ToldTest, ToldTests } from './told.service.js';
export { attemptMarked, attemptSubmitted } from './attempts/attempts.events.js';
export type { QuestionContent } from './bank/questions.store.js';
export { USUAL_SETTINGS, type TestSettings } from './tests/tests.store.js';
export type { TestTodo } from './attempts/todo.service.js';

export interface AssessmentsDeps {
  readonly storage: Storage;
  readonly jobs: Jobs;
  readonly events: Events;
  readonly files: Files;
  readonly clock: Clock;
  /** Is given the feature's kind of content. */
  readonly kinds: Pick<Registry<ContentKind>, 'add'>;
  readonly membership: {
    readonly people: Pick<MembershipFeature['people'], 'findMany'>;
    readonly courses: Pick<MembershipFeature['courses'], 'members' | 'membership'>;
    readonly groupsOf: MembershipFeature['groupsOf'];
  };
  readonly launch: {
    readonly links: Pick<LaunchFeature['links'], 'ofContent' | 'findOptional'>;
  };
  readonly grades: Pick<GradebookFeature, 'queue' | 'deliveries' | 'columnChanged'>;
  /** Deals questions and answers; by chance unless given. */
  readonly below?: Below;
}

/** Progress tests: the question bank, tests, attempts, and their grades on the way to the gradebook. */
export interface AssessmentsFeature {
  /** `/c/:courseKey/tests` */
  readonly router: Router;
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
  /** What messages say of tests, in whatever course. */
  readonly told: ToldTests;
  readonly personalData: PersonalData;
  /** Addresses below the course that take files. */
  readonly uploads: readonly UploadRule[];
}

export function createAssessments(deps: AssessmentsDeps): AssessmentsFeature {
  const { clock, membership, launch, grades } = deps;
  const { connection } = deps.storage;
  const stores = {
    tests: createTestsStore(connection),
    questions: createQuestionsStore(connection),
    attempts: createAttemptsStore(connection),
    visits: createVisitsStore(connection),
  };
  const scorePublishing = createScorePublishing({
    ...stores,
    queue: (grade) => grades.queue(grade),
  });
  const tests = createTestsService({
    ...stores,
    clock,
    linksOf: (courseId, id) => launch.links.ofContent(courseId, { kind: 'test', id }),
  });
  const attempts = createAttemptsService({ ...stores, clock, below: deps.below ?? chance });
  const results = createResultsService({
    ...stores,
    clock,
    members: (courseId) => membership.courses.members(courseId),
    membership: (courseId, personId) => membership.courses.membership(courseId, personId),
    groupsOf: (courseId) => membership.groupsOf(courseId),
    findPeople: (ids) => membership.people.findMany(ids),
    deliveries: (courseId, personId, id) => grades.deliveries(courseId, personId, { kind: 'test', id }),
  });
  addAssessmentsJobs({
    jobs: deps.jobs,
    events: deps.events,
    attemptsStore: stores.attempts,
    testsStore: stores.tests,
    attempts,
    scorePublishing,
    findLink: (courseId, id) => launch.links.findOptional(courseId, id),
    columnChanged: (courseId, id) => grades.columnChanged(courseId, { kind: 'test', id }),
  });
  deps.kinds.add(testKind(tests, stores.tests, createCopies({ ...stores, clock })));
  const preview = createPreviewService({ tests, clock });

  const exchange = createExchange({ ...deps, questions: stores.questions, tests });

  return {
    uploads: exchange.uploads,
    router: Router().use(
      exchange.router,
      testsRouter({ tests, attempts, results, clock }),
      questionsRouter(tests),
      attemptsRouter({ attempts, preview, results, clock }),
      resultsRouter(results, clock),
    ),
    personalData: createAssessmentsPersonalData(connection),
    told: createToldTests({
      tests: createToldTestsStore(connection),
      attempts: stores.attempts,
      studentsOf: async (courseId) =>
        (await membership.courses.members(courseId))
          .filter(({ role, leftAt }) => role === 'student' && leftAt === null)
          .map(({ personId }) => personId),
    }),
    tests,
    attempts,
    todoFor: (actor) => todoFor({ attempts, results, clock }, actor),
    gradesFor: (courseId, testId) => scorePublishing.gradesFor(courseId, testId),
  };
}
