import type { Locale } from '../../../i18n/index.js';
import { viewModel } from '../../../web/views.js';
import { richPieces } from '../bank/rich-text.js';
import type { TextFormat } from '../bank/questions.store.js';
import { list, rowsOf } from './form-rows.js';
import { TYPE_NAMES, typeOf, type FormValues } from './index.js';

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

interface FormGiven {
  readonly values: FormValues;
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

viewModel<FormGiven>('assessments/types/picture-form', ({ values }) => {
  const [image = '', width = '', height = ''] = ['image', 'imageWidth', 'imageHeight'].map(
    (name) => list(values[name])[0],
  );
  return { picture: { image, width, height, shown: image !== '' && Number(width) > 0 } };
});

for (const name of TYPE_NAMES) {
  const { formModel } = typeOf(name);
  if (formModel) viewModel<FormGiven>(`assessments/types/${name}/form`, ({ values }) => formModel(values));
}

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
