import { MINUTE } from '../../shared/clock.js';
import { DomainError } from '../../shared/errors.js';
import { ThreadError, threadQueue } from '../../shared/threads.js';
import { isWorkbook, parseTable, unpackedSize } from './parse-table.js';
import { TableProblem, type Table, type TableFault, type TableRule } from './table.js';

export interface TableData {
  readonly bytes: Uint8Array;
  readonly rule: TableRule;
}

export type TableResult = { readonly table: Table } | { readonly fault: TableFault };

const MEMORY_MB = 512;
const TIMEOUT_MS = MINUTE;

/** More would hold other requests up while it is read. A row of a workbook unpacks to about a kilobyte. */
const MOST_ROWS_HERE = 200;
const MOST_UNPACKED_HERE = 200 * 1024;
const MOST_BYTES_HERE = 1024 * 1024;

/** One table at a time in a process: several large ones at once would take the memory that pages need. */
const inThread = threadQueue();

const FAULTS = {
  unreadable: ['table-unreadable', 'errors.field.tableUnreadable'],
  tooLong: ['table-too-long', 'errors.field.tableTooLong'],
  empty: ['table-unreadable', 'errors.field.tableEmpty'],
  kind: ['table-unreadable', 'errors.field.tableKind'],
} as const satisfies Record<TableFault, readonly [string, string]>;

/**
 * Reads a table that a person uploads: in a thread of its own, with bounds for memory and time, where it has over
 * 200 rows or 1 MB.
 * @throws DomainError `table-unreadable`, `table-too-long` (400), each naming the field `file`
 */
export async function readTable(bytes: Buffer, rule: TableRule = {}): Promise<Table> {
  return inWords(async () =>
    (await isLarge(bytes)) ? readInThread({ bytes, rule }) : parseTable(bytes, rule),
  );
}

/**
 * Returns true for a table of over 200 rows or 1 MB: it is better read by a job than while a person waits.
 * @throws DomainError as `readTable`
 */
export const isLongTable = (bytes: Buffer): Promise<boolean> => inWords(() => isLarge(bytes));

async function inWords<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof TableProblem)) throw error;
    const [code, file] = FAULTS[error.fault];
    throw new DomainError(code, 400, { fields: { file } });
  }
}

async function isLarge(bytes: Buffer): Promise<boolean> {
  if (bytes.length > MOST_BYTES_HERE) return true;
  if (!isWorkbook(bytes)) return hasMoreLines(bytes, MOST_ROWS_HERE);
  try {
    return (await unpackedSize(bytes)) > MOST_UNPACKED_HERE;
  } catch {
    throw new TableProblem('unreadable');
  }
}

function hasMoreLines(bytes: Buffer, most: number): boolean {
  let at = -1;
  for (let lines = 0; lines < most; lines += 1) {
    at = bytes.indexOf(0x0a, at + 1);
    if (at === -1) return false;
  }
  return true;
}

async function readInThread(data: TableData): Promise<Table> {
  try {
    const result = await inThread<TableResult>({
      entry: new URL('./table-thread-main', import.meta.url),
      data,
      memoryMb: MEMORY_MB,
      timeoutMs: TIMEOUT_MS,
    });
    if ('fault' in result) throw new TableProblem(result.fault);
    return result.table;
  } catch (error) {
    // Needs more memory or time than a table that a person made.
    if (error instanceof ThreadError) throw new TableProblem('tooLong');
    throw error;
  }
}
