/** Every row of `docs/features.md` has a state, and every test that it names exists under that title. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { problemsOfFeatures, titlesOfTests } from './features.js';

const root = path.resolve(import.meta.dirname, '..');
const table = readFileSync(path.join(root, 'docs/features.md'), 'utf8');
const problems = problemsOfFeatures(table, titlesOfTests(path.join(root, 'test')));

for (const problem of problems) console.error(`docs/features.md, ${problem}`);
console.log(`docs/features.md: ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
