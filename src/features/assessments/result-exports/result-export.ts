import type { Locale } from '../../../i18n/index.js';

/** How long a file with results can be downloaded, in days: it names people. */
export const KEPT_DAYS = 7;

export const RESULT_FORMATS = ['xlsx', 'csv'] as const;
export type ResultFormat = (typeof RESULT_FORMATS)[number];

/** `waiting`: a job writes the file. `ready`: it can be downloaded. `failed`: it could not be written. */
export type ResultExportState = 'waiting' | 'ready' | 'failed';

/** A file with all attempts of a test that a teacher has asked for. */
export interface ResultExport {
  readonly id: string;
  readonly courseId: string;
  readonly testId: string;
  /** Person id. */
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly format: ResultFormat;
  /** For whom the file is written: language and zone. */
  readonly locale: Locale;
  readonly zone: string;
  readonly state: ResultExportState;
  /** Attempts read, of how many. */
  readonly done: number;
  readonly total: number;
  /** Null until it is ready. */
  readonly fileId: string | null;
}
