import { Router, type Request } from 'express';
import type { Clock } from '../../../shared/clock.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther } from '../../../web/present.js';
import { attemptRemoval, recordId, startForm } from '../assessments.schema.js';
import type { ResultsService } from '../results/results.service.js';
import { startView } from '../tests/tests.view.js';
import { answeringRouter } from './answering.routes.js';
import { createAttemptPage } from './attempt.page.js';
import type { AttemptsService } from './attempts.service.js';

export interface AttemptsRoutesDeps {
  readonly attempts: AttemptsService;
  readonly results: ResultsService;
  readonly clock: Clock;
}

/** `/c/:courseKey/tests/:id/attempts`: taking a test, and looking at what came of it. */
export function attemptsRouter({ attempts, results, clock }: AttemptsRoutesDeps): Router {
  const attemptPage = createAttemptPage(results, clock);
  const pathOf = (req: Request, testId: string, id: string): string =>
    `${req.baseUrl}/${testId}/attempts/${id}`;
  const router = Router().use(answeringRouter({ attempts, clock, attemptPage }));

  router.post('/:id/attempts', async (req, res) => {
    const testId = recordId(req.params.id);
    const actor = actorOf(req);
    const act = async (): Promise<void> => {
      const attempt = await attempts.start(actor, testId, parse(startForm, req.body ?? {}));
      seeOther(res, pathOf(req, testId, attempt.id));
    };
    await answerForm(req, res, act, async (again) => {
      const own = await attempts.ownTest(actor, testId);
      return {
        view: 'assessments/start',
        title: own.test.title,
        data: startView(own, clock.now(), actor),
        locals: { errors: again.errors, values: again.values },
      };
    });
  });

  router.get('/:id/attempts/:attempt', async (req, res) => {
    const paper = await attempts.open(actorOf(req), recordId(req.params.id), recordId(req.params.attempt));
    if (paper.attempt.personId === actorOf(req).personId) {
      await attempts.noteOrigin(paper, `${req.ip ?? ''} ${req.get('user-agent') ?? ''}`.slice(0, 300));
    }
    present(req, res, await attemptPage(req, paper));
  });

  router.post('/:id/attempts/:attempt/reopen', requireRole('teacher'), async (req, res) => {
    const testId = recordId(req.params.id);
    const id = recordId(req.params.attempt);
    await attempts.reopen(actorOf(req), testId, id);
    seeOther(res, pathOf(req, testId, id), 'assessments.reopened');
  });

  router.post('/:id/attempts/:attempt/remove', requireRole('teacher'), async (req, res) => {
    const testId = recordId(req.params.id);
    const id = recordId(req.params.attempt);
    await answerForm(
      req,
      res,
      async () => {
        const { why } = parse(attemptRemoval, req.body);
        const { personId } = await attempts.remove(actorOf(req), testId, id, why);
        seeOther(res, `${req.baseUrl}/${testId}/people/${personId}`, 'assessments.attemptRemoved');
      },
      async (again) => attemptPage(req, await attempts.open(actorOf(req), testId, id), again),
    );
  });

  return router;
}
