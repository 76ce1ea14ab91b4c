import { Router, type Request } from 'express';
import type { Events } from '../../infra/events/index.js';
import { createAttachments, type Files, type UploadRule } from '../../infra/files/index.js';
import type { AnswerRules } from '../../infra/settings/index.js';
import type { Jobs } from '../../infra/jobs/index.js';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import type { PersonalData } from '../../shared/personal-data.js';
import { afterWorkingHours } from '../../shared/working-hours.js';
import type { Storage } from '../../storage/index.js';
import { openPages } from '../../web/context.js';
import type { ConsultationsFeature } from '../consultations/index.js';
import type { Organisation } from '../directory/index.js';
import type { MembershipFeature } from '../membership/index.js';
import { createAddressees } from './addressees.service.js';
import { createDraftsStore } from './drafts.store.js';
import { createEscalation, type EscalationService } from './escalation.service.js';
import { courseFaqRouter, openFaqRouter } from './faq/faq.routes.js';
import { createFaqService, type FaqService } from './faq/faq.service.js';
import { createFaqStore } from './faq/faq.store.js';
import { createLeaders, type LeadersOf } from './leaders.js';
import { createQuestionsPersonalData } from './personal-data.store.js';
import type { AskedQuestion, Question } from './question.js';
import { addQuestionsJobs } from './questions.jobs.js';
import { maySee } from './questions.policy.js';
import { staffQuestionsRouter } from './staff/staff-questions.routes.js';
import { createStaffQuestions } from './staff/staff-questions.service.js';
import { createQuestionsReading } from './questions-reading.service.js';
import { questionsRouter, questionUploads } from './questions.routes.js';
import { createQuestionsService, type QuestionsService } from './questions.service.js';
import { createQuestionsStore } from './questions.store.js';
import { questionRow, type QuestionRowView } from './questions.view.js';

export { isOverdue, type AskedQuestion, type Question } from './question.js';
export { questionAnswered, questionAsked, questionEscalated, questionTaken } from './questions.events.js';
export type { QuestionRowView } from './questions.view.js';

export interface QuestionsDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly jobs: Pick<Jobs, 'schedule'>;
  readonly events: Pick<Events, 'watch'>;
  readonly files: Files;
  readonly membership: Pick<MembershipFeature, 'people' | 'courses'>;
  readonly organisation: Pick<
    Organisation,
    | 'listAssociations'
    | 'listTeachers'
    | 'associationIdsOf'
    | 'dutiesOf'
    | 'dutiesOfCard'
    | 'findHolder'
    | 'headsOf'
    | 'holdersOf'
  >;
  readonly consultations: Pick<ConsultationsFeature, 'nextFreeOf' | 'bookings' | 'told'>;
  /** When the centre answers, and how soon. */
  readonly rules: () => Promise<AnswerRules>;
  readonly publicUrl: string;
}

/** Questions in deferred form: students ask, the centre answers by a deadline. */
export interface QuestionsFeature {
  /** `/c/:courseKey/questions` */
  readonly router: Router;
  /** `/faq`: published questions, open to everybody. */
  readonly openRouter: Router;
  /** `/staff/questions` @param cardIdOf the card of the person who has signed in */
  staffRouter(cardIdOf: (req: Request) => string): Router;
  /** Addresses of `router` that take files. */
  readonly uploads: readonly UploadRule[];
  /** Questions with news for the actor, the latest first. */
  unreadFor(actor: Actor, limit: number): Promise<QuestionRowView[]>;
  /** Of any course, for messages. */
  findQuestion(id: string): Promise<Question | null>;
  /** Those who answer a question: the teacher, the association's teachers, or all who teach the course. */
  answerersOf(question: Question): Promise<readonly string[]>;
  /** Whether a question, whatever its state, is to the association. */
  usesAssociation(id: string): Promise<boolean>;
  /** Those to whom a question without an answer is passed on, as they hold their places now. */
  readonly leadersOf: LeadersOf;
  /** Waiting questions of all courses whose answer is due within so many working hours. */
  listDueWithin(hours: number): Promise<readonly Question[]>;
  /** Asked in a period, of all courses. For reports. */
  askedBetween(from: Date, to: Date): AsyncIterable<AskedQuestion>;
  countAskedBetween(from: Date, to: Date): Promise<number>;
  /** For seeds and tests: the rules themselves. */
  readonly questions: QuestionsService;
  readonly faq: Pick<FaqService, 'publish'>;
  readonly escalation: EscalationService;
  readonly personalData: PersonalData;
}

const MEGABYTE = 1024 * 1024;

export function createQuestions(deps: QuestionsDeps): QuestionsFeature {
  const { storage, clock, membership, organisation, consultations } = deps;
  const store = createQuestionsStore(storage.connection);
  deps.events.watch(store.model);
  const drafts = createDraftsStore(storage.connection);
  const faq = createFaqService({
    faq: createFaqStore(storage.connection),
    clock,
    findQuestion: (id) => store.findAnywhere(id),
  });

  const addressees = createAddressees(deps);
  const reachOf = (personId: string) => addressees.reachOf(personId);
  const associationsOf = (question: Question) => addressees.associationsOf(question);
  const files = createAttachments({
    files: deps.files,
    kind: 'question',
    maxFiles: 60,
    maxBytes: 200 * MEGABYTE,
    fileIdsOf: async (ids) =>
      (await store.findByIds(ids)).flatMap(({ messages }) => messages.flatMap((message) => message.files)),
    async maySee(actor, id) {
      const question = await store.findOptional(actor.courseId, id);
      return question !== null && maySee(actor, question, await reachOf(actor.personId));
    },
  });
  const findPeople = (ids: readonly string[]) => membership.people.findMany(ids);
  const reading = createQuestionsReading({
    questions: store,
    clock,
    reachOf,
    findPeople,
  });
  const questions = createQuestionsService({
    questions: store,
    drafts,
    files,
    clock,
    rules: deps.rules,
    membersOf: (courseId) => membership.courses.members(courseId),
    associationIds: async () => (await organisation.listAssociations()).map(({ id }) => id),
    reachOf,
    async bookSlot(actor, slotId, question, when) {
      await consultations.bookings.book(actor, slotId, question, when);
    },
  });
  const leadersOf = createLeaders({ organisation, associationsOf });
  const escalation = createEscalation({
    questions: store,
    clock,
    rules: deps.rules,
    leadersOf,
  });
  addQuestionsJobs(deps.jobs, escalation);

  const router = Router();
  router.use(courseFaqRouter(faq));
  router.use(questionsRouter({ questions, reading, faq, files, drafts, clock, addressees }));

  return {
    router,
    openRouter: Router().use(openPages(), openFaqRouter(faq, deps.publicUrl)),
    staffRouter: (cardIdOf) =>
      staffQuestionsRouter(
        createStaffQuestions({
          questions: store,
          organisation,
          associationsOf,
          findCourses: (ids) => membership.courses.findMany(ids),
          findPeople,
          rules: deps.rules,
          clock,
        }),
        cardIdOf,
        clock,
      ),
    uploads: questionUploads,
    unreadFor: async (actor, limit) =>
      (await reading.unread(actor, limit)).map((row) => questionRow(row, actor, clock.now())),
    findQuestion: (id) => store.findAnywhere(id),
    answerersOf: (question) => addressees.answerersOf(question),
    usesAssociation: (id) => store.hasAnyTo(id),
    leadersOf,
    async listDueWithin(hours) {
      const now = clock.now();
      const { work } = await deps.rules();
      return store.listDue(now, afterWorkingHours(now, hours, work));
    },
    askedBetween: (from, to) => store.askedBetween(from, to),
    countAskedBetween: (from, to) => store.countAskedBetween(from, to),
    questions,
    faq,
    escalation,
    personalData: createQuestionsPersonalData(storage.connection, (id) => files.removeOf(id)),
  };
}
