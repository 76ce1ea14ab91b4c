import type { Translate } from '../../i18n/index.js';
import { viewModel } from '../../web/views.js';
import type { ColumnMap, ColumnName } from './import/mapping.js';

interface PreviewGiven {
  readonly t: Translate;
  readonly columns: readonly ColumnName[];
  readonly headings: readonly string[];
  readonly map: ColumnMap;
}

/** One select for each meaning, with the file's columns. */
viewModel<PreviewGiven>('timetable/import-preview', ({ t, columns, headings, map }) => ({
  selects: columns.map((name) => ({
    name,
    options: headings.map((heading, index) => ({
      value: String(index),
      label: heading || t('timetable.import.columnNumber', { number: index + 1 }),
      selected: map[name] === index,
    })),
  })),
}));
