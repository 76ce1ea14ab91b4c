import type { Translate } from '../../i18n/index.js';
import { HOUR } from '../../shared/clock.js';
import { viewModel } from '../../web/views.js';
import type { Figures } from './figures.js';

interface Given {
  readonly t: Translate;
  readonly number: (value: number) => string;
  readonly total: Figures;
}

/** The figures that a deputy looks at first. */
viewModel<Given>('reports/report', ({ t, number, total }) => {
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
