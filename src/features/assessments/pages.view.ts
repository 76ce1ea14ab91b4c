import type { Locale } from '../../i18n/index.js';
import { viewModel } from '../../web/views.js';

/* What the templates of tests print beyond their data. */

type Address = (rest?: string) => string;

interface AttemptGiven {
  readonly c: Address;
  readonly test: { readonly id: string };
  readonly attempt: { readonly id: string; readonly left: number | null };
  readonly preview: unknown;
  readonly questions: readonly { readonly problem?: string | null }[];
}

viewModel<AttemptGiven>('assessments/attempt', ({ c, test, attempt, preview, questions }) => ({
  at: c(`tests/${test.id}/${preview ? 'preview' : `attempts/${attempt.id}`}`),
  problems: questions.some(({ problem }) => Boolean(problem)),
  /** Time left, minutes:seconds. */
  clock:
    attempt.left === null
      ? ''
      : `${Math.floor(attempt.left / 60)}:${String(attempt.left % 60).padStart(2, '0')}`,
}));

interface ReviewGiven {
  readonly attempt: { readonly score: number | null; readonly maximum: number };
}

viewModel<ReviewGiven>('assessments/review', ({ attempt: { score, maximum } }) => ({
  percent: score === null || maximum === 0 ? null : Math.round((100 * score) / maximum),
}));

viewModel<{ mean: number | null }>('assessments/results', ({ mean }) => ({
  percent: mean === null ? null : Math.round(mean),
}));

interface PersonGiven {
  readonly t: (key: string) => string;
  readonly student: { readonly name: string };
}

viewModel<PersonGiven>('assessments/person-rows', ({ t, student }) => ({
  personName: student.name || t('common.nameless'),
}));

interface SettingsGiven {
  readonly c: Address;
  readonly test: { readonly id: string } | null;
  readonly query: string;
  readonly back: string | null;
}

viewModel<SettingsGiven>('assessments/settings', ({ c, test, query, back }) => ({
  backTo: test ? c(`tests/${test.id}`) + query : c(back ?? 'tests'),
}));

interface TestGiven {
  readonly test: { readonly state: string };
  readonly questions: readonly unknown[];
}

viewModel<TestGiven>('assessments/test', ({ test, questions }) => ({
  pickerHint: questions.length === 0 ? 'fill' : test.state === 'published' ? 'published' : 'ready',
}));

interface NumericalGiven {
  readonly locale: Locale;
  readonly part: string;
  readonly question: { readonly key?: { readonly value: number; readonly tolerance: number } | null };
}

viewModel<NumericalGiven>('assessments/types/numerical', ({ locale, part, question }) => {
  if (part !== 'review') return {};
  // Marks are shown to two decimals; a tolerance may have more.
  const exact = (value: number): string => String(value).replace('.', locale === 'ru' ? ',' : '.');
  const { key } = question;
  return { exact: key ? { value: exact(key.value), tolerance: exact(key.tolerance) } : null };
});

interface OptionsGiven {
  readonly rows: readonly string[];
  readonly rights: readonly string[];
}

viewModel<OptionsGiven>('assessments/types/options-form', ({ rows, rights }) => ({
  optionRows: rows.map((text, index) => ({
    text,
    value: String(index),
    number: index + 1,
    right: rights.includes(String(index)),
  })),
}));
