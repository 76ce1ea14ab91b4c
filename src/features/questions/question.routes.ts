import { Router, type Request } from 'express';
import { uploadedFiles, type Attachments } from '../../infra/files/index.js';
import type { Clock } from '../../shared/clock.js';
import { DomainError } from '../../shared/errors.js';
import { plainFormulas } from '../../shared/plain-formulas.js';
import { actorOf } from '../../web/actor.js';
import { answerForm, type FormAgain } from '../../web/form.js';
import { formatDate } from '../../web/format.js';
import { parse } from '../../web/parse.js';
import { present, seeOther, wantsJson, type Page } from '../../web/present.js';
import type { Addressees } from './addressees.service.js';
import type { DraftsStore } from './drafts.store.js';
import type { FaqService } from './faq/faq.service.js';
import { isStaff } from './questions.policy.js';
import type { QuestionsReading } from './questions-reading.service.js';
import { consent, consultation, LIMITS, newMessage, published, questionId } from './questions.schema.js';
import type { QuestionsService } from './questions.service.js';
import { questionView } from './questions.view.js';

export interface QuestionRouterDeps {
  readonly questions: QuestionsService;
  readonly reading: Pick<QuestionsReading, 'people'>;
  readonly faq: FaqService;
  readonly files: Pick<Attachments, 'listOf'>;
  readonly drafts: DraftsStore;
  readonly clock: Clock;
  readonly addressees: Pick<Addressees, 'associationsOfCourse' | 'slotsFor'>;
}

type ShowQuestion = (req: Request, id: string, again?: FormAgain, form?: string) => Promise<Page>;

const FRESH: FormAgain = { values: {}, errors: {} };

/** `/c/:courseKey/questions/:questionId` */
export function questionRouter(deps: QuestionRouterDeps): Router {
  const showQuestion = questionPage(deps);
  return Router()
    .get('/:questionId', async (req, res) => {
      present(req, res, await showQuestion(req, parse(questionId, req.params).questionId));
    })
    .use(threadRouter(deps, showQuestion), publishingRouter(deps, showQuestion));
}

function questionPage(deps: QuestionRouterDeps): ShowQuestion {
  const { questions, reading, faq, drafts, clock, addressees } = deps;
  return async (req, id, again = FRESH, form = '') => {
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
      addressees.associationsOfCourse(actor.courseId),
      drafts.find({ personId: actor.personId, courseId: actor.courseId, place: id }),
      addressees.slotsFor(actor, question),
    ]);
    const association = associations.find((item) => item.id === question.to.id)?.title ?? '';
    const lastOf = (side: string): string =>
      question.messages.filter((message) => message.side === side).at(-1)?.text ?? '';
    return {
      view: 'questions/question',
      title: plainFormulas(question.subject),
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
  };
}

function threadRouter({ questions, faq }: QuestionRouterDeps, showQuestion: ShowQuestion): Router {
  const router = Router();

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
      (again) => showQuestion(req, id, again, 'message'),
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
    const { slotId } = parse(consultation, req.body ?? {});
    const { locale, zone, t } = req.page;
    try {
      await questions.book(actorOf(req), id, slotId, (moment) =>
        formatDate(moment, locale, zone, 'datetime'),
      );
    } catch (error) {
      // Taken or over meanwhile: the question with the times that are left.
      if (!(error instanceof DomainError) || error.status !== 409 || wantsJson(req)) throw error;
      const errors = { slotId: t(`errors.${error.code}.text`, error.details.params ?? {}) };
      present(req, res, {
        ...(await showQuestion(req, id, { values: {}, errors }, 'consultation')),
        status: error.status,
      });
      return;
    }
    seeOther(res, `${req.baseUrl}/${id}`, 'questions.booked');
  });

  return router;
}

function publishingRouter({ questions, faq }: QuestionRouterDeps, showQuestion: ShowQuestion): Router {
  const router = Router();

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
      (again) => showQuestion(req, id, again, 'publish'),
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
