import type { Locale } from '../../../i18n/index.js';
import type { Actor } from '../../../shared/actor.js';
import type { Requester } from '../../../shared/requester.js';
import type { Column, Reader } from '../columns.js';

/** How long a file can be downloaded, in days. */
export const KEPT_DAYS = 7;

/** What a file is asked for with, as texts: ids, a filter's values. Parsed again whenever it is used. */
export type ExportParameters = Readonly<Record<string, string>>;

/** `waiting`: a job writes the file. `ready`: it can be downloaded. `failed`: it could not be written. */
export type ExportState = 'waiting' | 'ready' | 'failed';

/**
 * Why there is no file; texts under `exports.problem.…`. `refused`: the requester may not have it any more; `tooLarge`:
 * it needs more memory or time than a file may; `broken`: the job failed.
 */
export type ExportProblem = 'refused' | 'tooLarge' | 'broken';

/** A file that a requester has asked for, and that a job writes. */
export interface ExportRecord {
  readonly id: string;
  readonly requester: Pick<Requester, 'kind' | 'id' | 'courseId'>;
  /** Name of its kind. */
  readonly kind: string;
  /** What it is about, where a page lists the files of one thing: the id of a test. '' otherwise. */
  readonly subject: string;
  readonly parameters: ExportParameters;
  readonly format: string;
  /** Keys; all when empty. */
  readonly columns: readonly string[];
  /** For whom it is written. */
  readonly locale: Locale;
  readonly zone: string;
  readonly title: string;
  /** Address of the page on which it was asked for. */
  readonly back: string;
  readonly createdAt: Date;
  readonly state: ExportState;
  /** How many times it was asked for again after it had failed. */
  readonly run: number;
  readonly problem: ExportProblem | null;
  readonly done: number;
  /** Null while it is not known. */
  readonly total: number | null;
  /** Null until it is ready. */
  readonly fileId: string | null;
}

export interface WritingOptions {
  readonly format: string;
  readonly columns: readonly string[];
  readonly reader: Reader;
  /** Notes how many rows are written, of how many; null while that is not known. */
  readonly tell: (done: number, total: number | null) => Promise<void>;
}

export interface WrittenExport {
  readonly bytes: Buffer;
  /** Media type without parameters. */
  readonly type: string;
  /** Of the file's name, without the dot. */
  readonly extension: string;
}

/** The content of a file that the requester may have. */
export interface ExportContent {
  /** Translated; names the file, and is the heading of its page. */
  readonly title: string;
  /** @throws DomainError, ThreadError when the file needs more memory or time than it may */
  write(options: WritingOptions): Promise<WrittenExport>;
}

/** A kind of files, defined at start by the feature that has the rows. */
export interface ExportKind {
  /** kebab-case; stays the same for ever, for it is stored. */
  readonly name: string;
  /**
   * Decides who may have a file, and reads little: called when it is asked for, when it is written, and at each
   * download.
   * @throws DomainError for those who may not have it, and for wrong parameters
   */
  open(requester: Requester, parameters: ExportParameters, reader: Reader): Promise<ExportContent>;
}

/** The rows of a table that the requester may have. */
export interface ExportedTable<Row> {
  /** Translated; names the file and the sheet. */
  readonly title: string;
  readonly columns: readonly Column<Row>[];
  /** Set where its rows take long to read, however few they are: a job reads them. */
  readonly isLong?: boolean;
  /** All rows at once, or page by page. */
  readonly rows: () => Iterable<Row> | AsyncIterable<Row> | Promise<Iterable<Row>>;
}

/** As `ExportKind`, for tables: XLSX, CSV, JSON. */
export interface TableExportKind<Row> {
  readonly name: string;
  open(requester: Requester, parameters: ExportParameters, reader: Reader): Promise<ExportedTable<Row>>;
}

/** Returns a person with the rights in a course that they have now; null for one who has none. */
export type FindActor = (personId: string, courseId: string) => Promise<Actor | null>;
