import type { DecodedText } from '../../shared/decode-text.js';

/** A table as texts: dates `YYYY-MM-DD`, moments `YYYY-MM-DD HH:MM`. */
export interface Table {
  /** The first row is line 1 of the file: empty rows stay, except at the end. */
  readonly rows: readonly (readonly string[])[];
  readonly format: 'xlsx' | 'csv';
  /** How a text was encoded; '' for a workbook. */
  readonly encoding: '' | DecodedText['encoding'];
}

/** What a table may be. */
export interface TableRule {
  /** 20,000 if absent. */
  readonly mostRows?: number;
  /** What a workbook may unpack to, in bytes; 200 MB if absent. */
  readonly mostUnpacked?: number;
  /** In characters; longer cells are cut. 2,000 if absent. */
  readonly longestCell?: number;
  /** Whether a number between 0 and 1 is a time of day that lost its format, as in timetables. */
  readonly timesOfDay?: boolean;
}

/** Why a file is no table that can be read. */
export type TableFault = 'unreadable' | 'tooLong' | 'empty' | 'kind';

/** A file that is no table, or too large a one. */
export class TableProblem extends Error {
  override readonly name = 'TableProblem';

  constructor(
    readonly fault: TableFault,
    options?: ErrorOptions,
  ) {
    super(`table: ${fault}`, options);
  }
}
