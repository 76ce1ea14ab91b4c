import { Router, type Request } from 'express';
import { uploadedFiles } from '../../infra/files/index.js';
import { listView, pageOf } from '../../infra/lists/index.js';
import type { Clock } from '../../shared/clock.js';
import { newToken } from '../../shared/ids.js';
import { actorOf } from '../../web/actor.js';
import { answerForm, type FormAgain } from '../../web/form.js';
import { parse } from '../../web/parse.js';
import { present, seeOther, type Page } from '../../web/present.js';
import type { Addressees } from './addressees.service.js';
import type { DraftsStore } from './drafts.store.js';
import { ownQuestionsList, questionsList } from './questions.list.js';
import { mayAsk } from './questions.policy.js';
import type { QuestionsReading } from './questions-reading.service.js';
import { draft, LIMITS, newQuestion } from './questions.schema.js';
import type { QuestionsService } from './questions.service.js';
import { addresseeChoices, questionRow } from './questions.view.js';

export interface AskingRouterDeps {
  readonly questions: Pick<QuestionsService, 'ask'>;
  readonly reading: Pick<QuestionsReading, 'list'>;
  readonly drafts: DraftsStore;
  readonly clock: Clock;
  readonly addressees: Pick<Addressees, 'teachersOf' | 'associationsOfCourse'>;
}

const FRESH: FormAgain = { values: {}, errors: {} };

/** `/c/:courseKey/questions`: a student asks and sees the own questions; those who answer see what waits. */
export function askingRouter(deps: AskingRouterDeps): Router {
  const { questions, reading, drafts, clock, addressees } = deps;
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
      addressees.teachersOf(actor.courseId),
      addressees.associationsOfCourse(actor.courseId),
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

  return router;
}
