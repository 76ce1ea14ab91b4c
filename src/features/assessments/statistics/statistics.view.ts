import type { Locale, Translate } from '../../../i18n/index.js';
import { formatNumber } from '../../../web/format.js';
import { viewModel } from '../../../web/views.js';
import { richFor } from '../bank/rich-text.js';
import type { Here, NumberHelpers } from '../pages.view.js';
import { barChart, SMALL, type Chart } from './charts.js';
import { saidWord } from '../types/index.js';
import type { TestStatistics } from './statistics.service.js';

/** Per cent with two decimals. */
export const percent = (value: number | null): number | null =>
  value === null ? null : Math.round(value * 100) / 100;

const BIN = 10;

const binsOf = ({ figures }: TestStatistics) =>
  figures.histogram.map((count, bin) => ({ from: bin * BIN, to: (bin + 1) * BIN, count }));

/** The figures of a test and of its questions. */
export const statisticsView = (found: TestStatistics, t: Translate) => ({
  test: { id: found.test.id, title: found.test.title },
  figures: {
    count: found.figures.count,
    mean: percent(found.figures.mean),
    median: percent(found.figures.median),
    deviation: percent(found.figures.deviation),
    alpha: percent(found.figures.alpha),
    error: percent(found.figures.error),
  },
  histogram: binsOf(found),
  certainty: found.certainty?.map(({ right, ...count }) => ({ ...count, right: percent(right) })) ?? null,
  questions: found.questions.map(({ question, answers, unanswered, fifths, ...own }, place) => ({
    number: place + 1,
    key: own.key,
    type: question.definition.type,
    text: question.text,
    format: question.format ?? 'plain',
    count: own.count,
    facility: percent(own.facility),
    deviation: percent(own.deviation),
    discrimination: percent(own.discrimination),
    /** The weakest fifth of the group first; null while the group is smaller than five. */
    fifths: fifths?.map(percent) ?? null,
    unanswered,
    answers: answers.map(({ text, count, fraction, total }) => ({
      text: saidWord(question.definition.type, text, t),
      count,
      fraction: percent(fraction === null ? null : 100 * fraction),
      total: percent(100 * total),
    })),
  })),
});

/** The same as charts: scores, facility of each question, and how the fifths of the group answer each. */
export function statisticsCharts(found: TestStatistics, locale: Locale) {
  const shown = (value: number | null): string => (value === null ? '—' : `${formatNumber(value, locale)} %`);
  return {
    histogramChart: barChart(
      binsOf(found).map(({ from, to, count }) => ({
        label: `${from}–${to}`,
        value: count,
        title: `${from}–${to} %: ${formatNumber(count, locale)}`,
      })),
    ),
    facilityChart: barChart(
      found.questions.map(({ facility }, place) => ({
        label: String(place + 1),
        value: facility ?? 0,
        title: `${place + 1}: ${shown(facility)}`,
      })),
      100,
    ),
    fifthsCharts: found.questions.map(({ fifths }): Chart | null =>
      fifths === null
        ? null
        : barChart(
            fifths.map((share, place) => ({
              label: String(place + 1),
              value: Math.round(share ?? 0),
              title: `${place + 1}: ${shown(share)}`,
            })),
            100,
            SMALL,
          ),
    ),
  };
}

interface StatisticsGiven extends NumberHelpers, Here {
  readonly figures: object;
  readonly questions: readonly { readonly fifths: readonly (number | null)[] | null }[];
  readonly fifthsCharts: readonly unknown[];
}

viewModel<StatisticsGiven>('assessments/statistics', ({ c, number, figures, questions, fifthsCharts }) => ({
  ...richFor(c),
  hasFifths: questions.some(({ fifths }) => fifths !== null),
  fifthHeads: [1, 2, 3, 4, 5],
  questions: questions.map((question, place) => ({
    ...question,
    fifthsChart: fifthsCharts[place],
    fifthTexts: question.fifths?.map((share) => (share === null ? '—' : number(Math.round(share)))),
  })),
  percentOr: (value: number | null) => (value === null ? '—' : `${number(value)} %`),
  figureRows: Object.entries(figures).filter(([name]) => name !== 'count'),
}));
