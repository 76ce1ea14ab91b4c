import { formatDate, formatNumber, type DateStyle } from '../../web/format.js';
import { cellOf, type Cell, type Column, type Reader, type Tone } from './columns.js';

/** A cell as an HTML page prints it. */
export interface TableCell {
  /** The column's heading: beside the value where the table is shown as cards. */
  readonly heading: string;
  /** Empty when there is nothing to say. */
  readonly text: string;
  /** Numbers and durations stand at the right. */
  readonly figure: boolean;
  readonly href: string | null;
  readonly tone: Tone | null;
  /** ISO 8601; null for what is no date. */
  readonly datetime: string | null;
}

/** Dates in cells of pages; a browser in another zone rewrites them by this name. */
export const CELL_DATE: DateStyle = 'datetime';

/** The cells of one record, in the order of the columns. */
export const tableRow = <Row>(columns: readonly Column<Row>[], row: Row, reader: Reader): TableCell[] =>
  columns.map((column) => {
    const cell = cellOf(column, row, reader);
    return {
      heading: reader.t(column.heading, column.headingValues),
      text: column.shown?.(row, reader) ?? cellText(cell, reader),
      figure: isFigure(column),
      href: column.link?.(row) ?? null,
      tone: column.tone?.(row) ?? null,
      datetime: cell.kind === 'date' ? (cell.value?.toISOString() ?? null) : null,
    };
  });

export const isFigure = <Row>({ kind }: Column<Row>): boolean => kind === 'number' || kind === 'duration';

function cellText(cell: Cell, { t, locale, zone }: Reader): string {
  if (cell.value === null) return '';
  switch (cell.kind) {
    case 'text':
      return cell.value;
    case 'number':
      return formatNumber(cell.value, locale);
    case 'date':
      return formatDate(cell.value, locale, zone, CELL_DATE);
    case 'duration':
      return t('lists.minutes', { count: Math.max(1, Math.ceil(cell.value / 60_000)) });
  }
}
