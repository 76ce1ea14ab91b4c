import { Router } from 'express';
import { actorOf, requireRole } from '../../../web/actor.js';
import { present } from '../../../web/present.js';
import { gradeView as deliveryView } from '../../gradebook/index.js';
import { recordId } from '../assessments.schema.js';
import type { ResultsService } from './results.service.js';
import { personView, resultsView } from './results.view.js';

/** `/c/:courseKey/tests/:id/results` and `/people`: everybody's attempts, for those who teach. */
export function resultsRouter(results: ResultsService): Router {
  const router = Router();

  router.get('/:id/results', requireRole('assistant'), async (req, res) => {
    const { test, students } = await results.ofTest(actorOf(req), recordId(req.params.id));
    present(req, res, {
      view: 'assessments/results',
      title: req.page.t('assessments.results.title'),
      data: resultsView(test, students),
    });
  });

  router.get('/:id/people/:person', requireRole('assistant'), async (req, res) => {
    const { test, student, deliveries } = await results.ofPerson(
      actorOf(req),
      recordId(req.params.id),
      recordId(req.params.person),
    );
    present(req, res, {
      view: 'assessments/person',
      title: test.title,
      data: { ...personView(test, student), deliveries: deliveries.map(deliveryView) },
    });
  });

  return router;
}
