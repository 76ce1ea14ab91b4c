/**
 * Every row of `docs/features.md` has a state, every clause of `docs/regulation.md` a page, and every test that they
 * name exists under that title.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { problemsOfClauses, problemsOfFeatures, titlesOfTests } from './features.js';

const root = path.resolve(import.meta.dirname, '..');
const titles = titlesOfTests(path.join(root, 'test'));
const tables = [
  ['docs/features.md', problemsOfFeatures],
  ['docs/regulation.md', problemsOfClauses],
] as const;

for (const [file, problemsOf] of tables) {
  const problems = problemsOf(readFileSync(path.join(root, file), 'utf8'), titles);
  for (const problem of problems) console.error(`${file}, ${problem}`);
  console.log(`${file}: ${problems.length} problems`);
  if (problems.length > 0) process.exitCode = 1;
}
