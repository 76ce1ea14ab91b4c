import { Router } from 'express';
import type { Column, Exports } from '../../../infra/export/index.js';
import { forbidden } from '../../../shared/errors.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { present } from '../../../web/present.js';
import { maySeeResults } from '../assessments.policy.js';
import { recordId } from '../assessments.schema.js';
import type { QuestionStatistics, StatisticsService } from './statistics.service.js';
import { percent, statisticsCharts, statisticsView } from './statistics.view.js';

const columns: readonly Column<QuestionStatistics>[] = [
  {
    key: 'text',
    heading: 'assessments.statistics.question',
    kind: 'text',
    value: ({ question }) => question.text,
  },
  { key: 'count', heading: 'assessments.statistics.count', kind: 'number', value: ({ count }) => count },
  {
    key: 'facility',
    heading: 'assessments.statistics.facility',
    kind: 'number',
    value: ({ facility }) => percent(facility),
  },
  {
    key: 'deviation',
    heading: 'assessments.statistics.deviation',
    kind: 'number',
    value: ({ deviation }) => percent(deviation),
  },
  {
    key: 'discrimination',
    heading: 'assessments.statistics.discrimination',
    kind: 'number',
    value: ({ discrimination }) => percent(discrimination),
  },
];

/** `/c/:courseKey/tests/:id/statistics`: what the responses say of the test and its questions. */
export function statisticsRouter(
  statistics: StatisticsService,
  exports: Pick<Exports, 'defineTable'>,
): Router {
  const router = Router();

  const file = exports.defineTable({
    name: 'test-statistics',
    async open({ actor }, { test: id = '' }, { t }) {
      if (actor === null || !maySeeResults(actor)) throw forbidden();
      const { test, questions } = await statistics.ofTest(actor, id);
      return {
        title: `${t('assessments.statistics.title')}: ${test.title}`,
        columns,
        rows: () => questions,
      };
    },
  });

  router.get('/:id/statistics', requireRole('assistant'), async (req, res) => {
    const found = await statistics.ofTest(actorOf(req), recordId(req.params.id));
    present(req, res, {
      view: 'assessments/statistics',
      title: req.page.t('assessments.statistics.title'),
      data: statisticsView(found, req.page.t),
      locals: statisticsCharts(found, req.page.locale),
    });
  });

  router.get('/:id/statistics/export', requireRole('assistant'), async (req, res) => {
    const test = recordId(req.params.id);
    await file.answer(req, res, { test }, `${req.baseUrl}/${test}/statistics`);
  });

  return router;
}
