import { parentPort, workerData } from 'node:worker_threads';
import { writeSheet, type Sheet } from './xlsx-sheet.js';

/* The thread's own side: one sheet in, one workbook out. An error ends the thread and reaches the parent as its. */
void writeSheet(workerData as Sheet).then((bytes) => {
  parentPort?.postMessage(bytes);
});
