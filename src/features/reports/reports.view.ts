import type { Translate } from '../../i18n/index.js';
import { HOUR } from '../../shared/clock.js';
import { viewModel } from '../../web/views.js';
import type { Figures } from './figures.js';
import type { LargeReport } from './report.js';

interface Given {
  readonly t: Translate;
  readonly number: (value: number) => string;
  readonly counted: { readonly total: Figures };
}

/** How far the counting is; null where it has failed. */
export function waitOf(found: Exclude<LargeReport, { readonly state: 'ready' }>) {
  if (found.state === 'failed') return { problem: found.problem, done: 0, most: 1 };
  // The bar must not be 0.
  return { problem: null, done: Math.min(found.done, found.total), most: Math.max(1, found.total) };
}

/** The figures that a deputy looks at first. */
viewModel<Given>('reports/counted', ({ t, number, counted: { total } }) => {
  const tile = (key: string, value: string) => ({ label: t(`reports.tile.${key}`), value });
  return {
    tiles: [
      tile('held', t('reports.of', { part: number(total.held), whole: number(total.planned) })),
      tile('academicHours', number(total.academicHours)),
      tile('attendance', total.attendance === null ? '—' : `${number(total.attendance)} %`),
      tile('answered', t('reports.of', { part: number(total.answered), whole: number(total.questions) })),
      tile(
        'answerTime',
        total.answerTime === null ? '—' : t('reports.hours', { hours: number(total.answerTime / HOUR) }),
      ),
      tile('overdue', number(total.overdue)),
      ...(total.unmarked > 0 ? [tile('unmarked', number(total.unmarked))] : []),
    ],
  };
});
