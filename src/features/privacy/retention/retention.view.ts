import type { Translate } from '../../../i18n/index.js';
import { ENDLESS } from '../../../shared/retention.js';
import { viewModel } from '../../../web/views.js';
import type { SetRule } from './retention.service.js';

interface Given {
  readonly t: Translate;
  readonly rules: readonly SetRule[];
}

const worded = (t: Translate, months: number | null): string =>
  t(`admin.retention.period.${months ?? 'endless'}`);

viewModel<Given>('privacy/retention', ({ t, rules }) => ({
  kinds: rules.map(({ name, choices, endless, due }) => ({
    name,
    due,
    options: [
      ...choices.map((months) => [String(months), worded(t, months)] as const),
      ...(endless ? [[ENDLESS, worded(t, null)] as const] : []),
    ],
  })),
}));

viewModel<Given>('privacy/retention-sure', ({ t, rules }) => ({
  ages: rules.map(({ name, months }) => ({ name, value: String(months ?? ENDLESS) })),
  removed: rules
    .filter(({ due }) => due > 0)
    .map(({ name, months, due }) => ({ name, due, period: worded(t, months) })),
}));
