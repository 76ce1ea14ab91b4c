import { Router, type Request } from 'express';
import { uploadedFiles, type Attachments, type UploadRule } from '../../infra/files/index.js';
import { listView, pageOf } from '../../infra/lists/index.js';
import type { Clock } from '../../shared/clock.js';
import { newToken } from '../../shared/ids.js';
import { actorOf } from '../../web/actor.js';
import { answerForm, type FormAgain } from '../../web/form.js';
import { parse } from '../../web/parse.js';
import { present, seeOther, type Page } from '../../web/present.js';
import type { DraftsStore } from './drafts.store.js';
import type { FaqService } from './faq/faq.service.js';
import type { Named, Question } from './question.js';
import { ownQuestionsList, questionsList } from './questions.list.js';
import { isStaff, mayAsk } from './questions.policy.js';
import type { QuestionsReading } from './questions-reading.service.js';
import {
  consent,
  consultation,
  draft,
  LIMITS,
  newMessage,
  newQuestion,
  published,
  questionId,
} from './questions.schema.js';
import type { QuestionsService } from './questions.service.js';
import { addresseeChoices, questionRow, questionView } from './questions.view.js';

const MEGABYTE = 1024 * 1024;

export const questionUploads: readonly UploadRule[] = [
  /^\/questions\/new$/,
  /^\/questions\/[0-9a-f]{24}\/messages$/,
].map((path) => ({
  path,
  field: 'files',
  maxFiles: LIMITS.files,
  maxBytes: LIMITS.megabytes * MEGABYTE,
}));

/** A time at which a consultation about a question can be booked. */
export interface OfferedSlot {
  readonly slotId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly title: string;
}

export interface QuestionsRouterDeps {
  readonly questions: QuestionsService;
  readonly reading: QuestionsReading;
  readonly faq: FaqService;
  readonly files: Pick<Attachments, 'listOf'>;
  readonly drafts: DraftsStore;
  readonly clock: Clock;
  readonly teachersOf: (courseId: string) => Promise<readonly Named[]>;
  /** Associations that those who teach the course belong to. */
  readonly associationsOf: (
    courseId: string,
  ) => Promise<readonly { readonly id: string; readonly title: string }[]>;
  readonly slotsFor: (
    actor: ReturnType<typeof actorOf>,
    question: Question,
  ) => Promise<readonly OfferedSlot[]>;
}

const FRESH: FormAgain = { values: {}, errors: {} };

/** `/c/:courseKey/questions` */
export function questionsRouter(deps: QuestionsRouterDeps): Router {
  const { questions, reading, faq, drafts, clock } = deps;
  const router = Router();

  router.get('/', async (req, res) => {
    present(req, res, await (mayAsk(actorOf(req)) ? studentPage(req) : staffPage(req)));
  });

  async function studentPage(req: Request, again = FRESH): Promise<Page> {
    const actor = actorOf(req);
    const wanted = ownQuestionsList.parse(req.query, req.page);
    const place = { personId: actor.personId, courseId: actor.courseId, place: 'new' };
    const [own, teachers, associations, text] = await Promise.all([
      reading.list(actor, wanted.filters, { key: 'lastAt', descending: true }),
      deps.teachersOf(actor.courseId),
      deps.associationsOf(actor.courseId),
      drafts.find(place),
    ]);
    const now = clock.now();
    const { rows, ...found } = pageOf(own, wanted.page, ownQuestionsList.size);
    return {
      view: 'questions/student',
      title: req.page.t('questions.title'),
      data: {
        questions: rows.map((row) => questionRow(row, actor, now)),
        choices: addresseeChoices(teachers, associations),
        values: { to: 'course', text, consent: '', ...again.values, key: newToken() },
        errors: again.errors,
        limits: LIMITS,
      },
      locals: {
        listing: listView(ownQuestionsList, wanted, req.page, { action: req.baseUrl, found }),
        searching: own.length > 5 || wanted.filters.q !== undefined,
      },
    };
  }

  async function staffPage(req: Request): Promise<Page> {
    const actor = actorOf(req);
    const wanted = questionsList.parse(req.query, req.page);
    const now = clock.now();
    const all = await reading.list(actor, wanted.filters, wanted.sort);
    const { rows, ...found } = pageOf(all, wanted.page, questionsList.size);
    return {
      view: 'questions/list',
      title: req.page.t('questions.title'),
      data: { questions: rows.map((row) => questionRow(row, actor, now)), total: found.total },
      locals: { listing: listView(questionsList, wanted, req.page, { action: req.baseUrl, found }) },
    };
  }

  async function questionPage(req: Request, id: string, again = FRESH, form = ''): Promise<Page> {
    const actor = actorOf(req);
    // A form that is refused marks nothing as read.
    const question = await (form === '' ? questions.open(actor, id) : questions.find(actor, id));
    const [files, people, entry, associations, text, slots] = await Promise.all([
      deps.files.listOf(id),
      reading.people([
        question.studentId,
        question.takenBy,
        ...(question.to.kind === 'teacher' ? [question.to.id] : []),
        ...question.messages.map(({ authorId }) => authorId),
      ]),
      faq.findOptional(id),
      deps.associationsOf(actor.courseId),
      drafts.find({ personId: actor.personId, courseId: actor.courseId, place: id }),
      deps.slotsFor(actor, question),
    ]);
    const association = associations.find((item) => item.id === question.to.id)?.title ?? '';
    const lastOf = (side: string): string =>
      question.messages.filter((message) => message.side === side).at(-1)?.text ?? '';
    return {
      view: 'questions/question',
      title: question.subject,
      data: {
        question: questionView({ question, people, files, association }, actor, clock.now()),
        staff: isStaff(actor),
        slots,
        published: entry && { audience: entry.audience, publishedAt: entry.publishedAt },
        publishing: {
          question: entry?.question ?? question.messages[0]?.text ?? '',
          answer: entry?.answer ?? lastOf('staff'),
          audience: entry?.audience ?? 'course',
          ...(form === 'publish' && again.values),
        },
        values: { text, ...(form === 'message' && again.values) },
        errors: again.errors,
        form,
        limits: LIMITS,
      },
    };
  }

  router.post('/new', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const input = parse(newQuestion, req.body ?? {});
        const asked = await questions.ask(actorOf(req), input, uploadedFiles(req));
        seeOther(res, `${req.baseUrl}/${asked.id}`, 'questions.asked');
      },
      (again) => studentPage(req, again),
    );
  });

  router.post('/draft', async (req, res) => {
    const { personId, courseId } = actorOf(req);
    const { place, text } = parse(draft, req.body ?? {});
    if (text === '') await drafts.remove({ personId, courseId, place });
    else await drafts.save({ personId, courseId, place }, text, clock.now());
    res.json({ saved: true });
  });

  router.get('/:questionId', async (req, res) => {
    present(req, res, await questionPage(req, parse(questionId, req.params).questionId));
  });

  router.post('/:questionId/messages', async (req, res) => {
    const { questionId: id } = parse(questionId, req.params);
    await answerForm(
      req,
      res,
      async () => {
        const { text } = parse(newMessage, req.body ?? {});
        await questions.write(actorOf(req), id, text, uploadedFiles(req));
        seeOther(res, `${req.baseUrl}/${id}`, 'questions.sent');
      },
      (again) => questionPage(req, id, again, 'message'),
    );
  });

  for (const [action, done, act] of [
    ['take', 'questions.taken', (req: Request, id: string) => questions.take(actorOf(req), id)],
    ['close', 'questions.closed', (req: Request, id: string) => questions.close(actorOf(req), id)],
    ['reopen', 'questions.reopened', (req: Request, id: string) => questions.reopen(actorOf(req), id)],
  ] as const) {
    router.post(`/:questionId/${action}`, async (req, res) => {
      const { questionId: id } = parse(questionId, req.params);
      await act(req, id);
      seeOther(res, `${req.baseUrl}/${id}`, done);
    });
  }

  router.post('/:questionId/consent', async (req, res) => {
    const { questionId: id } = parse(questionId, req.params);
    const given = parse(consent, req.body ?? {}).consent;
    await questions.setConsent(actorOf(req), id, given);
    if (!given) await faq.consentEnded(id);
    seeOther(res, `${req.baseUrl}/${id}`, given ? 'questions.consented' : 'questions.consentEnded');
  });

  router.post('/:questionId/consultation', async (req, res) => {
    const { questionId: id } = parse(questionId, req.params);
    await questions.book(actorOf(req), id, parse(consultation, req.body ?? {}).slotId);
    seeOther(res, `${req.baseUrl}/${id}`, 'questions.booked');
  });

  router.post('/:questionId/faq', async (req, res) => {
    const actor = actorOf(req);
    const { questionId: id } = parse(questionId, req.params);
    await answerForm(
      req,
      res,
      async () => {
        const question = await questions.find(actor, id);
        await faq.publish(actor, question, parse(published, req.body ?? {}));
        seeOther(res, `${req.baseUrl}/${id}`, 'questions.published');
      },
      (again) => questionPage(req, id, again, 'publish'),
    );
  });

  router.post('/:questionId/faq/remove', async (req, res) => {
    const actor = actorOf(req);
    const { questionId: id } = parse(questionId, req.params);
    await faq.withdraw(actor, await questions.find(actor, id));
    seeOther(res, `${req.baseUrl}/${id}`, 'questions.withdrawn');
  });

  return router;
}
