import { StorageError } from '../storage-error.js';
import { codeOf, openLibrary, type Library, type Statement } from './library.js';

export type { Row, SqlValue, Statement } from './library.js';

/** Some per collection and index; a compiled statement takes a few kilobytes. */
const MAX_STATEMENTS = 2000;

/** One SQLite database. Callers retry after a busy error. */
export class Sqlite {
  readonly #db: Library;
  readonly #statements = new Map<string, Statement>();

  /** @param path a file's path, or `:memory:` */
  constructor(path: string) {
    this.#db = openLibrary(path);
  }

  /** Runs one or more statements without parameters. */
  exec(sql: string): void {
    this.#db.exec(sql);
  }

  /** Compiled once, kept while in use. */
  statement(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    if (this.#statements.size >= MAX_STATEMENTS) {
      const oldest = this.#statements.keys().next().value;
      if (oldest !== undefined) this.#statements.delete(oldest);
    }
    const compiled = this.#db.prepare(sql);
    this.#statements.set(sql, compiled);
    return compiled;
  }

  /** The first column of the first row. */
  value(sql: string): unknown {
    return this.statement(sql).get([])?.[0];
  }

  get inTransaction(): boolean {
    return this.#db.inTransaction;
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }
}

/** Another process, or another connection, holds a lock: trying again is right. */
export const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));

/** A table went away or was renamed under a compiled statement: the catalog has changed. */
export const isMissingTable = (error: unknown): boolean =>
  codeOf(error) === 'SQLITE_ERROR' && (error as Error).message.includes('no such table');

export const isNotADatabase = (error: unknown): boolean => codeOf(error) === 'SQLITE_NOTADB';

export const isCorrupt = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_CORRUPT');

const TROUBLE: readonly (readonly [code: RegExp, says: string])[] = [
  [/^SQLITE_FULL/, 'the disk is full: nothing was written'],
  [/^SQLITE_READONLY/, 'the database may not be written: check its permissions and those of its folder'],
  [/^SQLITE_IOERR/, 'the disk failed to read or write the database'],
  [/^SQLITE_(CORRUPT|NOTADB)/, 'the database is damaged: stop the program and restore a backup'],
  [/^SQLITE_CANTOPEN/, 'a file of the database cannot be opened'],
];

/** What is the matter with the disk or the file, as a line a person can act on; other errors as they are. */
export function readable(error: unknown): unknown {
  const trouble = TROUBLE.find(([code]) => code.test(codeOf(error)));
  return trouble
    ? new StorageError(trouble[1], { cause: error, full: codeOf(error).startsWith('SQLITE_FULL') })
    : error;
}
