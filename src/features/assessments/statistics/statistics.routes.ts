import { Router } from 'express';
import { sendExport, type Column } from '../../../infra/export/index.js';
import type { Clock } from '../../../shared/clock.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { formatNumber } from '../../../web/format.js';
import { present } from '../../../web/present.js';
import { recordId } from '../assessments.schema.js';
import { barChart } from './charts.js';
import type { QuestionStatistics, StatisticsService } from './statistics.service.js';

const percent = (value: number | null): number | null =>
  value === null ? null : Math.round(value * 100) / 100;

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
export function statisticsRouter(statistics: StatisticsService, clock: Clock): Router {
  const router = Router();

  router.get('/:id/statistics', requireRole('assistant'), async (req, res) => {
    const { test, figures, questions, certainty } = await statistics.ofTest(
      actorOf(req),
      recordId(req.params.id),
    );
    const { t, locale } = req.page;
    const histogram = figures.histogram.map((count, bin) => ({
      from: bin * 10,
      to: (bin + 1) * 10,
      count,
    }));
    present(req, res, {
      view: 'assessments/statistics',
      title: t('assessments.statistics.title'),
      data: {
        test: { id: test.id, title: test.title },
        figures: {
          count: figures.count,
          mean: percent(figures.mean),
          median: percent(figures.median),
          deviation: percent(figures.deviation),
          alpha: percent(figures.alpha),
          error: percent(figures.error),
        },
        histogram,
        certainty: certainty?.map(({ right, ...count }) => ({ ...count, right: percent(right) })) ?? null,
        questions: questions.map(({ question, answers, unanswered, ...own }, place) => ({
          number: place + 1,
          key: own.key,
          type: question.definition.type,
          text: question.text,
          format: question.format ?? 'plain',
          count: own.count,
          facility: percent(own.facility),
          deviation: percent(own.deviation),
          discrimination: percent(own.discrimination),
          unanswered,
          answers: answers.map(({ text, count, fraction, total }) => ({
            text,
            count,
            fraction: percent(fraction === null ? null : 100 * fraction),
            total: percent(100 * total),
          })),
        })),
      },
      locals: {
        histogramChart: barChart(
          histogram.map(({ from, to, count }) => ({
            label: `${from}–${to}`,
            value: count,
            title: `${from}–${to} %: ${formatNumber(count, locale)}`,
          })),
        ),
        facilityChart: barChart(
          questions.map(({ facility }, place) => ({
            label: String(place + 1),
            value: facility ?? 0,
            title: `${place + 1}: ${facility === null ? '—' : `${formatNumber(facility, locale)} %`}`,
          })),
          100,
        ),
      },
    });
  });

  router.get('/:id/statistics/export', requireRole('assistant'), async (req, res) => {
    const { test, questions } = await statistics.ofTest(actorOf(req), recordId(req.params.id));
    await sendExport(req, res, {
      title: `${req.page.t('assessments.statistics.title')}: ${test.title}`,
      columns,
      rows: () => questions,
      now: clock.now(),
    });
  });

  return router;
}
