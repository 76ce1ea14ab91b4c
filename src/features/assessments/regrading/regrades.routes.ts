import { Router, type Request } from 'express';
import { z } from 'zod';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { optionalLine, parse } from '../../../web/parse.js';
import { present, seeOther, whileWaiting, type Page } from '../../../web/present.js';
import { questionKey, recordId } from '../assessments.schema.js';
import type { ResultsService } from '../results/results.service.js';
import type { TestsService } from '../tests/tests.service.js';
import type { RegradesService } from './regrades.service.js';
import { regradeView } from './regrades.view.js';

export interface RegradesRoutesDeps {
  readonly regrades: RegradesService;
  readonly tests: Pick<TestsService, 'placed' | 'treatQuestion'>;
  readonly results: Pick<ResultsService, 'namesOf'>;
}

const treatmentForm = z.object({ treatment: z.enum(['', 'dropped', 'full']).default('') });
const reasonForm = z.object({ why: optionalLine(500) });

/** `/c/:courseKey/tests/:id/regrade`: marks worked out again, first to look at. */
export function regradesRouter({ regrades, tests, results }: RegradesRoutesDeps): Router {
  const router = Router();
  const teacher = requireRole('teacher');

  async function regradePage(req: Request, again?: FormAgain): Promise<Page> {
    const shown = await regrades.find(actorOf(req), recordId(req.params.id));
    const { regrade, test, owners } = shown;
    const names = await results.namesOf([...owners.values()].map(({ personId }) => personId));
    return {
      view: 'assessments/regrade',
      title: req.page.t('assessments.regrade.title'),
      data: regradeView(shown, await tests.placed(test), names),
      locals: { values: again?.values ?? { why: regrade?.why ?? '' }, errors: again?.errors ?? {} },
      ...whileWaiting(regrade?.state === 'planning' || regrade?.state === 'changing'),
    };
  }
  const backTo = (req: Request): string => `${req.baseUrl}/${recordId(req.params.id)}/regrade`;

  router.get('/:id/regrade', teacher, async (req, res) => {
    present(req, res, await regradePage(req));
  });

  router.post('/:id/regrade/plan', teacher, async (req, res) => {
    const { why } = parse(reasonForm, req.body ?? {});
    await regrades.plan(actorOf(req), recordId(req.params.id), why);
    seeOther(res, backTo(req));
  });

  router.post('/:id/regrade', teacher, async (req, res) => {
    const act = async (): Promise<void> => {
      const { why } = parse(reasonForm, req.body);
      await regrades.commit(actorOf(req), recordId(req.params.id), why);
      seeOther(res, backTo(req));
    };
    await answerForm(req, res, act, (again) => regradePage(req, again));
  });

  router.post('/:id/questions/:key/treatment', teacher, async (req, res) => {
    const { treatment } = parse(treatmentForm, req.body);
    const id = recordId(req.params.id);
    await tests.treatQuestion(actorOf(req), id, questionKey(req.params.key), treatment || null);
    await regrades.plan(actorOf(req), id);
    seeOther(res, backTo(req));
  });

  return router;
}
