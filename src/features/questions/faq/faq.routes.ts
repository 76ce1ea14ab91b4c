import { Router } from 'express';
import { actorOf } from '../../../web/actor.js';
import { parse } from '../../../web/parse.js';
import { present } from '../../../web/present.js';
import { search } from '../questions.schema.js';
import { isStaff } from '../questions.policy.js';
import { faqView } from '../questions.view.js';
import type { FaqService } from './faq.service.js';

/** `/c/:courseKey/questions/faq`: published questions of the course. */
export function courseFaqRouter(faq: Pick<FaqService, 'list'>): Router {
  const router = Router();
  router.get('/faq', async (req, res) => {
    const actor = actorOf(req);
    const { q } = parse(search, req.query);
    present(req, res, {
      view: 'questions/faq',
      title: req.page.t('questions.faq.title'),
      data: { entries: (await faq.list(actor, q)).map(faqView), q, staff: isStaff(actor) },
      locals: { action: `${req.baseUrl}/faq` },
    });
  });
  return router;
}

/** `/faq`: no session, no login. */
export function openFaqRouter(faq: Pick<FaqService, 'listPublic'>, publicUrl: string): Router {
  const router = Router();
  router.get('/', async (req, res) => {
    const { q } = parse(search, req.query);
    const entries = (await faq.listPublic(q)).map(faqView);
    present(req, res, {
      view: 'questions/faq',
      title: req.page.t('questions.faq.title'),
      data: {
        entries: entries.map(({ questionId: _id, ...entry }) => entry),
        q,
        staff: false,
      },
      locals: { action: '/faq' },
      head: {
        canonical: `${publicUrl}/faq`,
        description: req.page.t('questions.faq.about'),
        indexed: q === '',
      },
    });
  });
  return router;
}
