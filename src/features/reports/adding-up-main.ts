import { parentPort, workerData } from 'node:worker_threads';
import { addUp, type AddingUp } from './adding-up.js';
import type { Fact } from './figures.js';

/** In a thread: takes facts, group by group, and adds them up after the last. */
const facts: Fact[] = [];
parentPort?.on('message', (group: readonly Fact[] | null) => {
  if (group === null) parentPort?.postMessage(addUp(workerData as AddingUp, facts));
  else facts.push(...group);
});
