import type { Translate } from '../../i18n/index.js';
import { viewModel } from '../../web/views.js';
import type { ColumnMap, ColumnName } from './import/mapping.js';

interface PreviewGiven {
  readonly t: Translate;
  readonly columns: readonly ColumnName[];
  readonly headings: readonly string[];
  readonly map: ColumnMap;
  readonly errors: Readonly<Record<string, string>>;
  readonly classes: readonly {
    readonly teacher: string;
    readonly known: boolean;
    readonly group: string;
    readonly place: string;
  }[];
}

/** Says whether a teacher whom the file names is a person of the course. */
const whoseOf = (t: Translate, { teacher, known }: PreviewGiven['classes'][number]): string =>
  teacher === '' ? '' : t(`timetable.import.${known ? 'known' : 'unknown'}`, { name: teacher });

/** One select for each meaning, with the file's columns. */
viewModel<PreviewGiven>('timetable/import-preview', ({ t, columns, headings, map, errors, classes }) => ({
  previews: classes.map((item) => ({ ...item, whose: whoseOf(t, item) })),
  selects: columns.map((name) => ({
    name,
    error: errors[name] ?? '',
    options: headings.map((heading, index) => ({
      value: String(index),
      label: heading || t('timetable.import.columnNumber', { number: index + 1 }),
      selected: map[name] === index,
    })),
  })),
}));

interface StateGiven {
  readonly takenRows: readonly number[];
}

viewModel<StateGiven>('timetable/import-state', ({ takenRows }) => ({ rowsNotAdded: takenRows.join(', ') }));
