import { createRequire } from 'node:module';
import type Libsql from 'libsql';

/**
 * The only file that names the SQLite libraries, and where their habits are tamed. `node:sqlite` where the
 * runtime has all of it (Node 22.16), else `libsql`; docs/adr/0006 says why.
 */
export type SqlValue = number | bigint | string | Buffer | null;

/** Columns in the order of the SELECT. A BLOB is a Buffer. */
export type Row = unknown[];

export interface Statement {
  /** Returns how many rows changed, and the rowid of the last insert. */
  run(values: readonly SqlValue[]): { changes: number; lastInsertRowid: number };
  get(values: readonly SqlValue[]): Row | undefined;
  all(values: readonly SqlValue[]): Row[];
}

/** An open database. No call waits for a lock: that would block the event loop. */
export interface Library {
  readonly inTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** @param path a file's path, or `:memory:` */
export function openLibrary(path: string): Library {
  const { DatabaseSync } = builtIn ?? {};
  return DatabaseSync ? new BuiltIn(new DatabaseSync(path, BUILT_IN_OPTIONS)) : new Prebuilt(path);
}

/** As far as it is used; the types of Node 20 do not know it. */
interface BuiltInDatabase {
  readonly isTransaction: boolean;
  exec(sql: string): void;
  prepare(sql: string): BuiltInStatement;
  close(): void;
}

interface BuiltInStatement {
  run(...values: readonly SqlValue[]): { changes: number; lastInsertRowid: number };
  get(...values: readonly SqlValue[]): Row | undefined;
  all(...values: readonly SqlValue[]): Row[];
  setReturnArrays(on: boolean): void;
}

interface BuiltInModule {
  readonly DatabaseSync: new (path: string, options: object) => BuiltInDatabase;
  readonly StatementSync: { readonly prototype: object };
}

/** Foreign keys are off in SQLite itself, and in libsql. */
const BUILT_IN_OPTIONS = { timeout: 0, enableForeignKeyConstraints: false };

const builtIn = findBuiltIn();

function findBuiltIn(): BuiltInModule | undefined {
  const found = process.getBuiltinModule('node:sqlite') as unknown as BuiltInModule | undefined;
  return found && 'setReturnArrays' in found.StatementSync.prototype ? found : undefined;
}

class BuiltIn implements Library {
  constructor(private readonly db: BuiltInDatabase) {}

  get inTransaction(): boolean {
    return this.db.isTransaction;
  }

  exec(sql: string): void {
    this.db.exec(sql);
  }

  prepare(sql: string): Statement {
    const statement = this.db.prepare(sql);
    statement.setReturnArrays(true);
    return {
      run: (values) => statement.run(...values),
      get(values) {
        const row = statement.get(...values);
        if (row) asBuffers(row);
        return row;
      },
      all(values) {
        const rows = statement.all(...values);
        rows.forEach(asBuffers);
        return rows;
      },
    };
  }

  close(): void {
    this.db.close();
  }
}

/** A BLOB arrives as a Uint8Array. */
function asBuffers(row: Row): void {
  for (let i = 0; i < row.length; i++) {
    const value = row[i];
    if (value instanceof Uint8Array) row[i] = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
}

/**
 * libsql:
 * - a lone Buffer argument is taken for named parameters (and ends the process), so values go in an array;
 * - numbers are bound as REAL, which SQLite turns back for INTEGER columns;
 * - a statement that failed stays active and would keep its transaction open, so statements that may meet a
 *   lock or a constraint run through `exec` or say OR IGNORE;
 * - statements keep the file open after close(), so the log is folded into the file before closing.
 */
class Prebuilt implements Library {
  readonly #db: Libsql.Database;

  constructor(path: string) {
    // Loaded only where it is used: it brings a native library of 10 MB.
    const Database = createRequire(import.meta.url)('libsql') as new (
      path: string,
      options: { timeout: number },
    ) => Libsql.Database;
    this.#db = new Database(path, { timeout: 0 });
  }

  get inTransaction(): boolean {
    return this.#db.inTransaction;
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  prepare(sql: string): Statement {
    const statement = this.#db.prepare(sql);
    const reads = /^\s*(SELECT|PRAGMA)/i.test(sql);
    return (reads ? statement.raw(true) : statement) as unknown as Statement;
  }

  close(): void {
    this.#db.close();
  }
}

/** SQLite's name for what went wrong; '' for other errors. https://www.sqlite.org/rescode.html */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('errcode' in error && typeof error.errcode === 'number') return CODES[error.errcode & 0xff] ?? '';
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The built-in library tells numbers, of which the lowest byte is the kind. */
const CODES: Readonly<Record<number, string>> = {
  1: 'SQLITE_ERROR',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  26: 'SQLITE_NOTADB',
};
