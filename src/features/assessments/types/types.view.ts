import type { Locale } from '../../../i18n/index.js';
import { viewModel } from '../../../web/views.js';
import { richPieces } from '../bank/rich-text.js';
import type { TextFormat } from '../bank/questions.store.js';

/* What the templates of question types print beyond their data. */

interface NumberGiven {
  readonly locale: Locale;
  readonly question: { readonly key?: { readonly value: number; readonly tolerance: number } | null };
}

viewModel<NumberGiven>('assessments/types/number-review', ({ locale, question }) => {
  // Marks are shown to two decimals; a tolerance may have more.
  const exact = (value: number): string => String(value).replace('.', locale === 'ru' ? ',' : '.');
  const { key } = question;
  return { exact: key ? { value: exact(key.value), tolerance: exact(key.tolerance) } : null };
});

type Values = Readonly<Record<string, string | readonly string[] | undefined>>;

interface FormGiven {
  readonly values: Values;
}

/** Rows that a form shows at first. */
const ROWS = 4;

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/** A free row stands ready behind the last filled one; rows that were asked for are kept. */
function rowsOf(...columns: readonly (readonly string[])[]): number[] {
  const sent = Math.max(...columns.map(({ length }) => length));
  const filled = Math.max(...columns.map((column) => column.findLastIndex((text) => text !== '') + 1));
  return Array.from({ length: Math.max(ROWS, sent, filled + 1) }, (_, row) => row);
}

viewModel<FormGiven>('assessments/types/options-form', ({ values }) => {
  const [options, worth, remarks, rights] = [
    list(values.option),
    list(values.worth),
    list(values.remark),
    list(values.right),
  ];
  return {
    optionsDetailed: [...worth, ...remarks].some((text) => text !== ''),
    optionRows: rowsOf(options).map((row) => ({
      text: options[row] ?? '',
      worth: worth[row] ?? '',
      remark: remarks[row] ?? '',
      value: String(row),
      number: row + 1,
      right: rights.includes(String(row)),
    })),
  };
});

viewModel<FormGiven>('assessments/types/matching/form', ({ values }) => {
  const [prompts, answers] = [list(values.prompt), list(values.answer)];
  return {
    pairRows: rowsOf(prompts, answers).map((row) => ({
      prompt: prompts[row] ?? '',
      answer: answers[row] ?? '',
      number: row + 1,
    })),
  };
});

viewModel<FormGiven>('assessments/types/ordering/form', ({ values }) => {
  const items = list(values.item);
  return { itemRows: rowsOf(items).map((row) => ({ text: items[row] ?? '', number: row + 1 })) };
});

viewModel<FormGiven>('assessments/types/picture-form', ({ values }) => {
  const [image = '', width = '', height = ''] = ['image', 'imageWidth', 'imageHeight'].map(
    (name) => list(values[name])[0],
  );
  return { picture: { image, width, height, shown: image !== '' && Number(width) > 0 } };
});

/** Rows of areas; `answer` and `right` are of their types. */
const areaRows = ({ values }: FormGiven) => {
  const [shapes, coords, labels, answers, rights] = ['shape', 'coords', 'label', 'answer', 'right'].map(
    (name) => list(values[name]),
  );
  return {
    areaRows: rowsOf(coords ?? [], answers ?? []).map((row) => ({
      shape: shapes?.[row] ?? 'rect',
      coords: coords?.[row] ?? '',
      label: labels?.[row] ?? '',
      answer: answers?.[row] ?? '',
      right: rights?.includes(String(row)) ?? false,
      value: String(row),
      number: row + 1,
    })),
  };
};
viewModel<FormGiven>('assessments/types/hotspot/form', areaRows);
viewModel<FormGiven>('assessments/types/dragimage/form', areaRows);

interface GapsGiven {
  readonly c: (path: string) => string;
  readonly question: {
    readonly format: TextFormat;
    readonly pieces: Parameters<typeof richPieces>[0];
    readonly gaps: readonly object[];
  };
}

/** The body with its gaps, each with what is known of it. */
const bodyOf = ({ c, question: { format, pieces, gaps } }: GapsGiven) => ({
  bodyPieces: richPieces(pieces, format, c).map(({ html, gap }) => ({
    html,
    gap: gap === null ? null : (gaps[gap] ?? null),
    number: (gap ?? 0) + 1,
  })),
});

viewModel<GapsGiven>('assessments/types/gaps-answer', bodyOf);
viewModel<GapsGiven>('assessments/types/gaps-review', bodyOf);
