/**
 * `npm run bench:test`: tests under load, on the embedded engine.
 * - exam: 300 students start a test of 30 questions within 30 s, save an answer every 5 s and finish within 30 s;
 * - scoring: responses marked in-process;
 * - statistics: figures of 5,000 attempts of 50 questions;
 * - results: the page of results of 1,000 students;
 * - delivery: how soon a grade is in the LMS;
 * - regrade: marks of 5,000 attempts worked out again by a job that is killed on the way, and their grades sent;
 * - export: a workbook with all attempts and the points of each question.
 *
 *   PARTS=exam,scoring,statistics,results,delivery,regrade,export STUDENTS=300 SAVES=30 ATTEMPTS=5000
 */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { delivery } from './test/delivery.js';
import { exam } from './test/exam.js';
import { exported } from './test/exported.js';
import { results, scoring, statistics } from './test/many.js';
import { regrade } from './test/regrade.js';

// Each killed server leaves a listener that would kill it once more.
process.setMaxListeners(0);

const PARTS: Readonly<Record<string, (folder: string) => Promise<boolean>>> = {
  exam,
  scoring: () => Promise.resolve(scoring()),
  statistics,
  results,
  delivery,
  regrade,
  export: exported,
};

const wanted = (process.env.PARTS ?? Object.keys(PARTS).join()).split(',');
const build = spawnSync(process.execPath, ['scripts/build.mjs'], {
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(build.status ?? 1);
const folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-bench-'));
const passed: boolean[] = [];
for (const name of wanted) {
  const part = PARTS[name];
  if (part === undefined) throw new Error(`no part ${name}`);
  passed.push(await part(folder));
}
await rm(folder, { recursive: true, force: true });
console.log(passed.every(Boolean) ? 'passed' : 'NOT passed');
process.exit(passed.every(Boolean) ? 0 : 1);
