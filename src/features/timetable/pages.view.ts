import type { Locale, Translate } from '../../i18n/index.js';
import { formatDays } from '../../web/format.js';
import { viewModel } from '../../web/views.js';
import type { ColumnMap, ColumnName } from './import/mapping.js';
import type { ReadFault } from './import/reading.js';

interface PreviewGiven {
  readonly t: Translate;
  readonly columns: readonly ColumnName[];
  readonly headings: readonly string[];
  readonly map: ColumnMap;
  readonly errors: Readonly<Record<string, string>>;
  readonly faults: readonly ReadFault[];
  readonly classes: readonly {
    readonly teacher: string;
    readonly known: boolean;
    readonly group: string;
    readonly place: string;
  }[];
}

/** `3, 5–7` */
function rangesOf(rows: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const row of rows) {
    const range = ranges.at(-1);
    if (range !== undefined && row === range[1] + 1) range[1] = row;
    else ranges.push([row, row]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}–${last}`)).join(', ');
}

/** A line for each fault, with its rows: a long file has the same one in many. */
function faultLines(t: Translate, faults: readonly ReadFault[]): string[] {
  const rows = new Map<ReadFault['what'], Set<number>>();
  for (const { what, row } of faults) rows.set(what, (rows.get(what) ?? new Set()).add(row));
  return [...rows].map(([what, of]) => {
    const named = t('timetable.import.rows', { count: of.size, rows: rangesOf([...of]) });
    return `${named}: ${t(`timetable.import.fault.${what}`)}`;
  });
}

/** Says whether a teacher whom the file names is a person of the course. */
const whoseOf = (t: Translate, { teacher, known }: PreviewGiven['classes'][number]): string =>
  teacher === '' ? '' : t(`timetable.import.${known ? 'known' : 'unknown'}`, { name: teacher });

/** One select for each meaning, with the file's columns. */
viewModel<PreviewGiven>(
  'timetable/import-preview',
  ({ t, columns, headings, map, errors, faults, classes }) => ({
    faultLines: faultLines(t, faults),
    needsPeriod: faults.some(({ what }) => what === 'period'),
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
  }),
);

interface StateGiven {
  readonly takenRows: readonly number[];
}

viewModel<StateGiven>('timetable/import-state', ({ takenRows }) => ({ rowsNotAdded: rangesOf(takenRows) }));

interface WeekGiven {
  readonly from: Date;
  readonly until: Date;
  readonly locale: Locale;
  readonly zone: string;
}

viewModel<WeekGiven>('timetable/week', ({ from, until, locale, zone }) => ({
  interval: formatDays(from, until, locale, zone),
}));
