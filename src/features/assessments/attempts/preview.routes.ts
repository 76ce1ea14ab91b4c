import { randomInt } from 'node:crypto';
import { Router } from 'express';
import type { Clock } from '../../../shared/clock.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, type Page } from '../../../web/present.js';
import { previewAnswers, previewSeed, recordId } from '../assessments.schema.js';
import { EVERYTHING } from '../review/review.js';
import type { AttemptWithQuestions } from './attempt-questions.js';
import { answeringView } from './answering.view.js';
import type { PreviewService } from './preview.service.js';
import { reviewView } from './review.view.js';

/** `/c/:courseKey/tests/:id/preview`: the test as a student meets it; nothing is stored. */
export function previewRouter(preview: PreviewService, clock: Clock): Router {
  const router = Router();

  router.get('/:id/preview', requireRole('assistant'), async (req, res) => {
    const seed = randomInt(1e9);
    const paper = await preview.paper(actorOf(req), recordId(req.params.id), seed);
    present(req, res, previewPage(paper, clock, seed));
  });

  router.post('/:id/preview', requireRole('assistant'), async (req, res) => {
    const actor = actorOf(req);
    const id = recordId(req.params.id);
    const { seed } = parse(previewSeed, req.body);
    const act = async (): Promise<void> => {
      const paper = await preview.tried(actor, id, seed, previewAnswers(req.body));
      present(req, res, {
        view: 'assessments/review',
        title: paper.test.title,
        data: {
          ...reviewView(paper, EVERYTHING),
          own: true,
          mayRemove: false,
          errors: {},
          student: null,
          grade: null,
          deliveries: [],
          preview: true,
        },
      });
    };
    await answerForm(req, res, act, async (again) =>
      previewPage(await preview.paper(actor, id, seed), clock, seed, again),
    );
  });

  return router;
}

const previewPage = (paper: AttemptWithQuestions, clock: Clock, seed: number, again?: FormAgain): Page => ({
  view: 'assessments/attempt',
  title: paper.test.title,
  // Single answers are not checked here: the whole is, at once.
  data: { ...answeringView(uncheckable(paper), clock.now(), again), preview: { seed } },
});

const uncheckable = (paper: AttemptWithQuestions): AttemptWithQuestions => ({
  ...paper,
  test: { ...paper.test, review: 'answers' },
});
