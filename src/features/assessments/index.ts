import './pages.view.js';
import { Router } from 'express';
import type { Exports } from '../../infra/export/index.js';
import type { Files, UploadRule } from '../../infra/files/index.js';
import type { Events } from '../../infra/events/index.js';
import type { Locale } from '../../i18n/index.js';
import type { Jobs } from '../../infra/jobs/index.js';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { ContentKind } from '../../shared/content.js';
import type { Registry } from '../../shared/registry.js';
import type { Storage } from '../../storage/index.js';
import type { ConsultationsFeature } from '../consultations/index.js';
import type { GradebookFeature, NewGrade } from '../gradebook/index.js';
import type { LaunchFeature } from '../launch/index.js';
import { groupNames, type MembershipFeature } from '../membership/index.js';
import { attemptsRouter } from './attempts/attempts.routes.js';
import { createAttemptsService, type AttemptsService } from './attempts/attempts.service.js';
import type { AttemptsStore } from './attempts/attempts.store.js';
import { addAssessmentsJobs } from './assessments.jobs.js';
import { createAssessmentsStores } from './assessments.stores.js';
import { testKind } from './content.js';
import { createCopies } from './tests/test-copies.service.js';
import { createAssessmentsPersonalData } from './personal-data.store.js';
import { createScorePublishing } from './attempts/score-publishing.service.js';
import { previewRouter } from './attempts/preview.routes.js';
import { createPreviewService } from './attempts/preview.service.js';
import { attemptFilesRouter } from './attempts/attempt-files.routes.js';
import { createAttemptConsultations } from './attempts/consultation.service.js';
import { attemptConsultationRouter } from './attempts/consultation.routes.js';
import { answerUpload, createAttemptFiles } from './attempts/attempt-files.service.js';
import { markingRouter } from './marking/marking.routes.js';
import { createMarkingService, type MarkingService } from './marking/marking.service.js';
import { createRubrics, type Rubrics } from './marking/rubrics.service.js';
import { rubricsRouter } from './marking/rubrics.routes.js';
import type { TestMessages } from './messages/messages.service.js';
import { givenRouter } from './given/given.routes.js';
import { createGivenService } from './given/given.service.js';
import { overridesRouter } from './overrides/overrides.routes.js';
import { createOverridesService } from './overrides/overrides.service.js';
import { gradeWords } from './results/scale-words.js';
import { createSelfChecks } from './self-check/self-check.pages.js';
import type { SelfChecks } from '../directory/index.js';
import { createBankAndExchange } from './bank-and-exchange.js';
import type { BankService } from './bank/bank.service.js';
import type { Association } from './bank/sharing.service.js';
import type { QuestionFiles } from './bank/question-files.service.js';
import { questionsRouter } from './bank/questions.routes.js';
import { addRegrading, type RegradesService } from './regrading/index.js';
import { addResultPages } from './results/index.js';
import { createResultsService } from './results/results.service.js';
import { chance, type Below } from './attempts/shuffle.js';
import { testsRouter } from './tests/tests.routes.js';
import { createTestsService, type TestsService } from './tests/tests.service.js';
import type { Test } from './tests/tests.store.js';
import { createToldTests, type ToldTests } from './told.service.js';
import { createToldTestsStore } from './told.store.js';
import { todoFor, type TestTodo } from './attempts/todo.service.js';

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
export type { ClosingAttempt, ToldTest, ToldTests } from './told.service.js';
export { testMessageSent } from './messages/messages.store.js';
export { attemptMarked, attemptSubmitted } from './attempts/attempts.events.js';
export type { QuestionContent } from './bank/questions.store.js';
export { USUAL_GRID } from './review/review.js';
export { USUAL_SETTINGS, type TestSettings } from './tests/tests.store.js';
export type { TestTodo } from './attempts/todo.service.js';

export interface AssessmentsDeps {
  readonly storage: Storage;
  readonly jobs: Jobs;
  readonly events: Events;
  readonly files: Files;
  readonly exports: Exports;
  readonly clock: Clock;
  /** Is given the feature's kind of content. */
  readonly kinds: Pick<Registry<ContentKind>, 'add'>;
  readonly membership: {
    readonly people: Pick<MembershipFeature['people'], 'findMany' | 'findKept'>;
    readonly courses: Pick<MembershipFeature['courses'], 'members' | 'membership' | 'findMany'>;
    readonly groupsOf: MembershipFeature['groupsOf'];
  };
  readonly launch: {
    readonly links: Pick<LaunchFeature['links'], 'ofContent' | 'findOptional'>;
  };
  /** Associations of a teacher, with whom questions may be shared. */
  readonly associationsOf: (personId: string) => Promise<readonly Association[]>;
  readonly grades: Pick<GradebookFeature, 'queue' | 'deliveries' | 'columnChanged'>;
  /** Where a student goes with what went wrong. */
  readonly consultations: Pick<ConsultationsFeature, 'freeFor' | 'topics'>;
  /** Deals questions and answers; by chance unless given. */
  readonly below?: Below;
  /** The centre's own language, for comments in the gradebook. */
  readonly locale?: () => Promise<Locale>;
}

/** Progress tests: the question bank, tests, attempts, and their grades on the way to the gradebook. */
export interface AssessmentsFeature {
  /** For materials: tests that anyone may try without a grade. */
  readonly selfChecks: SelfChecks;
  /** `/c/:courseKey/tests` */
  readonly router: Router;
  /** Writing tests without the pages: for seeds and importers. */
  readonly tests: Pick<
    TestsService,
    | 'list'
    | 'create'
    | 'createGiven'
    | 'addQuestion'
    | 'editQuestion'
    | 'addDraw'
    | 'addFromBank'
    | 'placed'
    | 'publish'
  >;
  /** The bank without the pages: for seeds. */
  readonly bank: Pick<BankService, 'change' | 'add'>;
  readonly questionFiles: Pick<QuestionFiles, 'keep'>;
  /** Whether questions of the bank are shared with the association. */
  usesAssociation(id: string): Promise<boolean>;
  /** Taking tests without the pages: for seeds. */
  readonly attempts: Pick<AttemptsService, 'start' | 'open' | 'saveForm' | 'finish' | 'takeHint'>;
  /** Marking without the pages: for seeds. */
  readonly marking: Pick<MarkingService, 'next' | 'find' | 'give'>;
  /** Criteria without the pages: for seeds. */
  readonly rubrics: Pick<Rubrics, 'save'>;
  /** Regrades without the pages: for seeds. */
  readonly regrades: Pick<RegradesService, 'plan'>;
  /** What of tests waits for the actor: for the course's front page. */
  todoFor(actor: Actor): Promise<TestTodo[]>;
  /** The current grade of every student who has finished an attempt, as the gradebook should have it. */
  gradesFor(courseId: string, testId: string): Promise<NewGrade[]>;
  /** What messages say of tests, in whatever course. */
  readonly told: ToldTests;
  /** A teacher's words about a test, for messages; null if the test is gone. */
  findMessage: TestMessages['findTold'];
  readonly personalData: PersonalData;
  /** Addresses below the course that take files. */
  readonly uploads: readonly UploadRule[];
}

export function createAssessments(deps: AssessmentsDeps): AssessmentsFeature {
  const { clock, membership, launch, grades } = deps;
  const { connection } = deps.storage;
  const stores = createAssessmentsStores(connection);
  const scorePublishing = createScorePublishing({
    ...stores,
    queue: (grade) => grades.queue(grade),
    wording: async () => gradeWords((await deps.locale?.()) ?? 'ru'),
  });
  const members = membersOf(membership);
  const overrides = createOverridesService({ ...stores, ...members });
  const forPerson = (courseId: string, personId: string, all: readonly Test[]) =>
    overrides.forPerson(courseId, personId, all);
  const tests = createTestsService({
    ...stores,
    clock,
    forPerson,
    linksOf: (courseId, id) => launch.links.ofContent(courseId, { kind: 'test', id }),
  });
  const attempts = createAttemptsService({ ...stores, clock, forPerson, below: deps.below ?? chance });
  const results = createResultsService({
    ...stores,
    clock,
    ...members,
    findPeople: (ids) => membership.people.findKept(ids),
    deliveries: (courseId, personId, id) => grades.deliveries(courseId, personId, { kind: 'test', id }),
  });
  const marking = createMarkingService({ ...stores, clock });
  const rubrics = createRubrics(stores);
  const given = createGivenService({ results, attempts: stores.attempts, clock });
  const attemptFiles = createAttemptFiles({ attempts, attemptsStore: stores.attempts, files: deps.files });
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
  const attemptConsultations = createAttemptConsultations({
    attempts,
    attemptsStore: stores.attempts,
    freeFor: (actor, limit) => deps.consultations.freeFor(actor, limit),
    clock,
  });
  deps.consultations.topics.add(attemptConsultations);
  const { jobs, events, files, exports } = deps;
  const resultPages = addResultPages({
    ...{ ...stores, connection, events, jobs, files, exports, clock, results },
    findPeople: members.findPeople,
    groupNames: (courseId) => groupNames(membership, courseId),
  });
  const { regrades, router: regradePages } = addRegrading({
    ...{ ...stores, connection, jobs, events, clock, results },
    testPages: tests,
  });
  const preview = createPreviewService({ tests, clock });
  const selfChecks = createSelfChecks({ tests, preview, clock });

  const { bank, questionFiles, ...bankAndExchange } = createBankAndExchange(deps, stores, tests);

  return {
    uploads: [...bankAndExchange.uploads, answerUpload],
    router: Router().use(
      // Most requests are saves of answers: no other address is tried for them.
      attemptsRouter({ attempts, results, clock }),
      bankAndExchange.router,
      givenRouter(given, tests),
      testsRouter({ tests, attempts, results, clock }),
      questionsRouter(tests, questionFiles),
      rubricsRouter(rubrics),
      markingRouter({ marking }),
      regradePages,
      overridesRouter(overrides),
      attemptFilesRouter(attemptFiles),
      previewRouter(preview, clock),
      attemptConsultationRouter(attemptConsultations),
      resultPages.router,
    ),
    personalData: createAssessmentsPersonalData(connection),
    told: toldTests(deps, stores.attempts),
    findMessage: (id) => resultPages.messages.findTold(id),
    tests,
    bank,
    questionFiles,
    usesAssociation: (id) => bankAndExchange.usesAssociation(id),
    selfChecks,
    attempts,
    marking,
    rubrics,
    regrades,
    todoFor: (actor) => todoFor({ attempts, results, clock }, actor),
    gradesFor: (courseId, testId) => scorePublishing.gradesFor(courseId, testId),
  };
}

const membersOf = (membership: AssessmentsDeps['membership']) => ({
  members: (courseId: string) => membership.courses.members(courseId),
  membership: (courseId: string, personId: string) => membership.courses.membership(courseId, personId),
  groupsOf: (courseId: string) => membership.groupsOf(courseId),
  findPeople: (ids: readonly string[]) => membership.people.findMany(ids),
});

const toldTests = ({ storage, membership, clock }: AssessmentsDeps, attempts: AttemptsStore): ToldTests =>
  createToldTests({
    tests: createToldTestsStore(storage.connection),
    attempts,
    clock,
    studentsOf: async (courseId) =>
      (await membership.courses.members(courseId))
        .filter(({ role, leftAt }) => role === 'student' && leftAt === null)
        .map(({ personId }) => personId),
  });
