import { parentPort, workerData } from 'node:worker_threads';
import { parseTable } from './parse-table.js';
import type { TableData, TableResult } from './read-table.js';
import { TableProblem } from './table.js';

/* The thread's own side: one file in, its rows or its fault out. */
async function answer({ bytes, rule }: TableData): Promise<TableResult> {
  try {
    return { table: await parseTable(Buffer.from(bytes), rule) };
  } catch (error) {
    if (error instanceof TableProblem) return { fault: error.fault };
    throw error;
  }
}

void answer(workerData as TableData).then((result) => {
  parentPort?.postMessage(result);
});
