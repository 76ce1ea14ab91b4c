import { viewModel } from '../../web/views.js';
import { isOffered, REVIEW_PHASES, REVIEW_THINGS } from './review/review.js';
import { cellName } from './review/review.schema.js';
import { scaleText, type ScaledGrade } from './results/scale.js';
import { richFor } from './bank/rich-text.js';
import { typeOf, type TypeName } from './types/index.js';
import './types/types.view.js';

/* What the templates of tests print beyond their data. */

type Address = (rest?: string) => string;

export interface Here {
  readonly c: Address;
}

interface AttemptGiven {
  readonly c: Address;
  readonly t: (key: string) => string;
  readonly test: { readonly id: string };
  readonly attempt: { readonly id: string; readonly left: number | null };
  readonly preview: unknown;
  readonly questions: readonly { readonly problem?: string | null; readonly type: TypeName }[];
  readonly pages: { readonly current: number };
}

viewModel<AttemptGiven>('assessments/attempt', ({ c, t, test, attempt, preview, questions, pages }) => ({
  resultTones: RESULT_TONES,
  ...richFor(c),
  previousPage: pages.current - 1,
  nextPage: pages.current + 1,
  at: c(`tests/${test.id}/${preview ? 'preview' : `attempts/${attempt.id}`}`),
  problems: questions.some(({ problem }) => Boolean(problem)),
  onPicture: questions.some(({ type }) => typeOf(type).onPicture),
  clock: attempt.left === null ? '' : leftText(attempt.left, t('assessments.script.days')),
  /** A time of another day says the day. */
  untilStyle: attempt.left !== null && attempt.left > DAY_SECONDS / 2 ? 'datetime' : 'time',
}));

interface SelfCheckGiven {
  readonly questions: readonly { readonly problem: string | null }[];
}

viewModel<SelfCheckGiven>('assessments/self-check', ({ questions }) => ({
  ...richFor(),
  problems: questions.some(({ problem }) => Boolean(problem)),
}));

interface SelfCheckResultGiven {
  readonly attempt: { readonly score: number | null; readonly maximum: number };
}

viewModel<SelfCheckResultGiven>('assessments/self-check-result', ({ attempt: { score, maximum } }) => ({
  ...richFor(),
  resultTones: RESULT_TONES,
  percent: score === null || maximum === 0 ? null : Math.round((100 * score) / maximum),
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

/** Class of the badge of an answer's result. */
const RESULT_TONES = { right: ' good', partly: ' wait', wrong: ' bad', none: '', waiting: ' wait' } as const;

const MISSED: ReadonlySet<string> = new Set(['wrong', 'partly', 'none']);

interface ReviewGiven extends Here {
  /** Null where the test shows the points only. */
  readonly questions: readonly { readonly number: number; readonly answerResult: string | null }[] | null;
  readonly t: StartGiven['t'];
  readonly number: StartGiven['number'];
  readonly grade: { readonly scaled: ScaledGrade } | null;
  readonly attempt: { readonly score: number | null; readonly maximum: number };
}

viewModel<ReviewGiven>(
  'assessments/review',
  ({ c, t, number, grade, questions, attempt: { score, maximum } }) => ({
    /** Numbers of the questions that a consultation could be about; '' for none. */
    missed: (questions ?? [])
      .filter(({ answerResult }) => answerResult !== null && MISSED.has(answerResult))
      .map((question) => question.number)
      .join(', '),
    scaleText: grade ? scaleText(grade.scaled, t, number) : '',
    resultTones: RESULT_TONES,
    ...richFor(c),
    percent: score === null || maximum === 0 ? null : Math.round((100 * score) / maximum),
  }),
);

viewModel<{ mean: number | null; query: string }>('assessments/results', ({ mean, query }) => ({
  /** What is chosen in the list stays chosen on the pages it leads to. */
  withQuery: query === '' ? '' : `?${query}`,
  percent: mean === null ? null : Math.round(mean),
}));

interface StartGiven {
  readonly t: (key: string, values?: Record<string, unknown>) => string;
  readonly number: (value: number) => string;
  readonly scaled: ScaledGrade | null;
}

const withScale = ({ t, number, scaled }: StartGiven) => ({
  scaleText: scaled === null ? '' : scaleText(scaled, t, number),
});

viewModel<StartGiven>('assessments/start', withScale);

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
  readonly t: (key: string) => string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly errors: Readonly<Record<string, string | undefined>>;
}

/** Settings that few tests change, in two groups, with what they are when nothing was changed. */
const MORE = {
  attempts: {
    delayMinutes: '',
    accessCode: '',
    networks: '',
    certainty: '',
    whenOverdue: 'submit',
    pageSize: '',
    sequential: '',
    pledge: '',
  },
  grades: {
    scale: 'points',
    passPercent: '',
    bands: '',
    partialGrades: '',
    holdGrades: '',
  },
};

/** The grid of what a student sees, row by row. */
const gridModel = ({ grid }: SettingsGiven['values'], t: SettingsGiven['t']) => {
  const ticked = new Set(Array.isArray(grid) ? (grid as string[]) : [grid]);
  return {
    reviewPhases: REVIEW_PHASES,
    reviewRows: REVIEW_THINGS.map((thing) => ({
      thing,
      cells: REVIEW_PHASES.map((phase) => {
        const name = cellName(phase, thing);
        const label = `${t(`assessments.reviewGrid.thing.${thing}`)}: ${t(`assessments.reviewGrid.phase.${phase}`)}`;
        return { phase, name, label, offered: isOffered(thing, phase), checked: ticked.has(name) };
      }),
    })),
  };
};

const isChanged = (values: SettingsGiven['values'], usual: Readonly<Record<string, string>>): boolean =>
  Object.entries(usual).some(([name, value]) => (values[name] ?? value) !== value);

viewModel<SettingsGiven>('assessments/settings', ({ c, t, test, query, back, values, errors }) => ({
  more: {
    attempts:
      isChanged(values, MORE.attempts) || errors.accessCode !== undefined || errors.networks !== undefined,
    grades: isChanged(values, MORE.grades) || errors.thresholds !== undefined || errors.bands !== undefined,
    review:
      isChanged(values, { reviewClosed: '' }) || values.review === 'custom' || errors.grid !== undefined,
  },
  ...gridModel(values, t),
  closedReviews: [
    ['', t('assessments.settings.reviewSame')],
    ...['answers', 'marks', 'score'].map((rule) => [rule, t(`assessments.review.rule.${rule}`)]),
  ],
  backTo: test ? c(`tests/${test.id}`) + query : c(back ?? 'tests'),
}));

interface TestGiven {
  readonly c: Address;
  readonly test: { readonly state: string; readonly given: boolean };
  readonly questions: readonly unknown[];
  readonly draws: readonly unknown[];
}

viewModel<TestGiven>('assessments/test', ({ c, test, questions, draws }) => ({
  publishable: questions.length > 0 || draws.length > 0 || test.given,
  ...richFor(c),
  pickerHint: questions.length === 0 ? 'fill' : test.state === 'published' ? 'published' : 'ready',
}));

export interface NumberHelpers {
  readonly number: (value: number) => string;
}

interface RegradeGiven extends NumberHelpers {
  readonly t: (key: string) => string;
  readonly state: string;
  readonly changes: readonly object[];
  readonly changed: number;
}

viewModel<RegradeGiven>('assessments/regrade', ({ number, t, state, changes, changed }) => ({
  working: state === 'planning' || state === 'changing',
  /** A plan that may be looked at. */
  listed: state === 'planned' || state === 'old',
  moreChanges: changed - changes.length,
  numberOr: (value: number | null) => (value === null ? '—' : number(value)),
  treatments: ['', 'dropped', 'full'].map((value) => [
    value,
    t(`assessments.regrade.treatment.${value || 'usual'}`),
  ]),
}));

viewModel<Here & { readonly rubric: object | null }>('assessments/marking-response', ({ c, rubric }) => ({
  ...richFor(c),
  /** With a rubric the levels come first. */
  pointsAttrs: {
    inputmode: 'decimal',
    maxlength: 10,
    ...(rubric === null && { autofocus: 'autofocus' }),
  },
}));
viewModel<Here>('assessments/files', ({ c }) => richFor(c));
viewModel<Here>('assessments/bank', ({ c }) => richFor(c));
interface Used {
  readonly question: {
    readonly tests: readonly { readonly title: string }[];
    readonly shared: { readonly kind: string } | null;
  };
}

const circleText = ({ question: { shared } }: Used): string =>
  shared?.kind === 'association' ? 'withAssociation' : 'withColleagues';

viewModel<Used>('assessments/bank-uses', (given) => ({
  titles: given.question.tests.map(({ title }) => title),
  circleText: circleText(given),
}));

viewModel<Used & Here & { readonly drawnBy: readonly { readonly title: string }[] }>(
  'assessments/bank-question',
  ({ c, drawnBy, question }) => ({
    ...richFor(c),
    drawnTitles: drawnBy.map(({ title }) => title),
    circleText: circleText({ question }),
  }),
);

interface BankPageGiven extends Here {
  readonly t: (key: string) => string;
  readonly filter: Readonly<Record<string, string>>;
  readonly tests: readonly { readonly id: string; readonly title: string }[];
  readonly circles: readonly { readonly value: string; readonly name: string }[];
}

viewModel<BankPageGiven>('assessments/bank-page', ({ c, t, filter, tests, circles }) => ({
  ...richFor(c),
  filtered: Object.values(filter).some((value) => value !== ''),
  testOptions: [['', '—'], ...tests.map(({ id, title }) => [id, title])],
  circleOptions: circles.map(({ value, name }) => [value, name || t('assessments.bankPage.colleagues')]),
}));
viewModel<Here>('assessments/bank-text', ({ c }) => richFor(c));
viewModel<Here>('assessments/bank-duplicates', ({ c }) => richFor(c));
viewModel<Here>('assessments/bank-shared', ({ c }) => richFor(c));

const DETAILS = ['name', 'hints', 'tryPenalty', 'category', 'tags', 'section'] as const;

interface QuestionGiven {
  readonly values: Readonly<Record<string, unknown>>;
}

viewModel<QuestionGiven & Here>('assessments/question', ({ c, values }) => ({
  ...richFor(c),
  /** Whether any of the fields that few questions have is filled. */
  detailed:
    DETAILS.some((name) => values[name] !== undefined && values[name] !== '') ||
    (values.format ?? 'plain') !== 'plain',
}));
