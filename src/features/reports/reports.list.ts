import { z } from 'zod';
import type { Column, Reader } from '../../infra/export/index.js';
import { choiceFilter, defineList, rangeFilter, recordFilter } from '../../infra/lists/index.js';
import { MINUTE } from '../../shared/clock.js';
import { formatDate } from '../../web/format.js';
import type { ReportRow, UnaidedStudent } from './report.js';

const record = z.string().max(60);

/** What a report is about. */
export const reportList = defineList({
  filters: {
    day: rangeFilter({ label: 'reports.period' }),
    by: choiceFilter({
      label: 'reports.by.label',
      any: 'reports.by.teacher',
      choices: ['association', 'programme', 'course', 'month'],
      text: (by) => `reports.by.${by}`,
    }),
    association: recordFilter({ label: 'reports.association', any: 'reports.all', schema: record }),
    programme: recordFilter({ label: 'reports.programme', any: 'reports.all', schema: record }),
    teacher: recordFilter({ label: 'reports.teacher', any: 'reports.all', schema: record }),
  },
  size: 200,
});

const MILLISECONDS_OF_HOUR = 60 * MINUTE;

const MONTH = /^\d{4}-\d{2}$/;

/** What a row is of, in words: a month as `ноябрь 2026 г.`; of a key of '', what belongs to nothing of this kind. */
export const rowName = ({ by, key, name }: ReportRow, { t, locale }: Pick<Reader, 't' | 'locale'>): string =>
  MONTH.test(key)
    ? formatDate(new Date(`${key}-01T00:00Z`), locale, 'UTC', 'month')
    : name || t(key === '' ? `reports.none.${by}` : 'common.nameless');

export const reportColumns: readonly Column<ReportRow>[] = [
  {
    key: 'name',
    heading: 'reports.column.name',
    kind: 'text',
    value: rowName,
  },
  { key: 'planned', heading: 'reports.column.planned', kind: 'number', value: ({ planned }) => planned },
  { key: 'held', heading: 'reports.column.held', kind: 'number', value: ({ held }) => held },
  {
    key: 'cancelled',
    heading: 'reports.column.cancelled',
    kind: 'number',
    value: ({ cancelled }) => cancelled,
  },
  {
    key: 'unmarked',
    heading: 'reports.column.unmarked',
    kind: 'number',
    value: ({ unmarked }) => unmarked,
  },
  {
    key: 'academicHours',
    heading: 'reports.column.academicHours',
    kind: 'number',
    value: ({ academicHours }) => academicHours,
  },
  { key: 'bookings', heading: 'reports.column.bookings', kind: 'number', value: ({ bookings }) => bookings },
  {
    key: 'attendance',
    heading: 'reports.column.attendance',
    kind: 'number',
    value: ({ attendance }) => attendance,
  },
  {
    key: 'questions',
    heading: 'reports.column.questions',
    kind: 'number',
    value: ({ questions }) => questions,
  },
  { key: 'answered', heading: 'reports.column.answered', kind: 'number', value: ({ answered }) => answered },
  { key: 'overdue', heading: 'reports.column.overdue', kind: 'number', value: ({ overdue }) => overdue },
  {
    key: 'answerTime',
    heading: 'reports.column.answerTime',
    kind: 'number',
    value: ({ answerTime }) =>
      answerTime === null ? null : Math.round((10 * answerTime) / MILLISECONDS_OF_HOUR) / 10,
  },
];

export const unaidedColumns: readonly Column<UnaidedStudent>[] = [
  { key: 'course', heading: 'reports.column.course', kind: 'text', value: ({ course }) => course },
  {
    key: 'student',
    heading: 'reports.column.student',
    kind: 'text',
    value: ({ student }, { t }) => student || t('common.nameless'),
  },
];
