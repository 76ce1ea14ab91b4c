import { viewModel } from '../../web/views.js';
import { richLine, richText } from './bank/rich-text.js';
import './types/types.view.js';

/* What the templates of tests print beyond their data. */

type Address = (rest?: string) => string;

interface AttemptGiven {
  readonly c: Address;
  readonly t: (key: string) => string;
  readonly test: { readonly id: string };
  readonly attempt: { readonly id: string; readonly left: number | null };
  readonly preview: unknown;
  readonly questions: readonly { readonly problem?: string | null }[];
}

viewModel<AttemptGiven>('assessments/attempt', ({ c, t, test, attempt, preview, questions }) => ({
  rich: richText,
  richLine,
  at: c(`tests/${test.id}/${preview ? 'preview' : `attempts/${attempt.id}`}`),
  problems: questions.some(({ problem }) => Boolean(problem)),
  clock: attempt.left === null ? '' : leftText(attempt.left, t('assessments.script.days')),
  /** A time of another day says the day. */
  untilStyle: attempt.left !== null && attempt.left > DAY_SECONDS / 2 ? 'datetime' : 'time',
}));

const DAY_SECONDS = 86_400;

/** Time left: "2 д 3:00:00", "1:05:09", "5:09". The script of the page writes the same. */
export function leftText(left: number, days: string): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(left / 3_600) % 24;
  const [minutes, seconds] = [Math.floor(left / 60) % 60, left % 60];
  const whole = Math.floor(left / DAY_SECONDS);
  const clock =
    whole > 0 || hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
  return whole > 0 ? `${days.replace('{days}', String(whole))} ${clock}` : clock;
}

interface ReviewGiven {
  readonly attempt: { readonly score: number | null; readonly maximum: number };
}

viewModel<ReviewGiven>('assessments/review', ({ attempt: { score, maximum } }) => ({
  rich: richText,
  richLine,
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
  richLine,
  pickerHint: questions.length === 0 ? 'fill' : test.state === 'published' ? 'published' : 'ready',
}));

viewModel('assessments/bank', () => ({ richLine }));

const DETAILS = ['hints', 'category', 'tags'] as const;

interface QuestionGiven {
  readonly values: Readonly<Record<string, unknown>>;
}

viewModel<QuestionGiven>('assessments/question', ({ values }) => ({
  /** Whether any of the fields that few questions have is filled. */
  detailed:
    DETAILS.some((name) => values[name] !== undefined && values[name] !== '') ||
    (values.format ?? 'plain') !== 'plain',
}));
