import Libsql from 'libsql';
import { StorageError } from '../storage-error.js';

/**
 * The only file that names the SQLite library, and where its habits are tamed:
 * - a lone Buffer argument is taken for named parameters (and ends the process), so values go in an array;
 * - numbers are bound as REAL, which SQLite turns back for INTEGER columns;
 * - a statement that failed stays active and would keep its transaction open, so statements that may meet a
 *   lock or a constraint run through `exec` or say OR IGNORE;
 * - statements keep the file open after close(), so the log is folded into the file before closing.
 */
export type SqlValue = number | bigint | string | Buffer | null;

/** Columns in the order of the SELECT. A BLOB is a Buffer. */
export type Row = unknown[];

export interface Statement {
  /** @returns how many rows changed, and the rowid of the last insert */
  run(values: readonly SqlValue[]): { changes: number; lastInsertRowid: number };
  get(values: readonly SqlValue[]): Row | undefined;
  all(values: readonly SqlValue[]): Row[];
}

interface LibsqlStatement {
  run(values: readonly SqlValue[]): { changes: number; lastInsertRowid: number };
  get(values: readonly SqlValue[]): Row | undefined;
  all(values: readonly SqlValue[]): Row[];
  raw(on: boolean): LibsqlStatement;
}

/** Some per collection and index; a compiled statement takes a few kilobytes. */
const MAX_STATEMENTS = 2000;

export class Sqlite {
  readonly #db: Libsql.Database;
  readonly #statements = new Map<string, Statement>();

  /** @param path a file's path, or `:memory:` */
  constructor(path: string) {
    // A timeout of 0: waiting for a lock must not block the event loop; whoever is told "busy" tries again.
    this.#db = new Libsql(path, { timeout: 0 });
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
    const fresh = this.#db.prepare(sql) as unknown as LibsqlStatement;
    const compiled = /^\s*(SELECT|PRAGMA)/i.test(sql) ? fresh.raw(true) : fresh;
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

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

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
  return trouble ? new StorageError(trouble[1], { cause: error }) : error;
}
