import { Router } from 'express';
import { actorOf } from '../../../web/actor.js';
import { present } from '../../../web/present.js';
import { recordId } from '../assessments.schema.js';
import type { AttemptConsultations } from './consultation.service.js';

/** `/c/:courseKey/tests/:id/attempts/:attempt/consultation`: free times, with the questions that go along. */
export function attemptConsultationRouter(consultations: AttemptConsultations): Router {
  const router = Router();

  router.get('/:id/attempts/:attempt/consultation', async (req, res) => {
    const found = await consultations.find(
      actorOf(req),
      recordId(req.params.id),
      recordId(req.params.attempt),
    );
    const { test, attempt } = found.paper;
    present(req, res, {
      view: 'assessments/consultation',
      title: req.page.t('assessments.consultation.title'),
      data: {
        test: { id: test.id, title: test.title },
        attempt: { id: attempt.id, number: attempt.number },
        topic: found.topic,
        missed: found.missed,
        times: found.times,
      },
    });
  });

  return router;
}
