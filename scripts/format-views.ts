/**
 * Formats the templates in views/ and checks them.
 *
 *     tsx scripts/format-views.ts            writes them
 *     tsx scripts/format-views.ts --check    says which are not formatted or break a rule, and fails if any does
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatView } from './views/format.js';
import { parseView } from './views/parse.js';
import { computationIn } from './views/rules.js';

const VIEWS = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../views');
/** Columns. */
const WIDEST = 120;
/**
 * Inside an LMS's frame Chromium asks for such a link without the partitioned cookie of the session: what is saved is
 * the page that says so. The server's Content-Disposition saves a file as well.
 */
const DOWNLOAD = /^\s*download$|\sdownload(=|>|$)/;
const check = process.argv.includes('--check');

const problems: string[] = [];
for (const name of readdirSync(VIEWS, { recursive: true, encoding: 'utf8' }).sort()) {
  if (!name.endsWith('.ejs')) continue;
  const file = path.join(VIEWS, name);
  const source = readFileSync(file, 'utf8');
  try {
    const formatted = await formatView(source);
    if (!check) {
      if (formatted !== source) writeFileSync(file, formatted);
      continue;
    }
    if (formatted !== source) problems.push(`views/${name} is not formatted: npm run format`);
    for (const [index, line] of source.split('\n').entries()) {
      if (line.length > WIDEST) problems.push(`views/${name}:${index + 1}: more than ${WIDEST} columns`);
      if (DOWNLOAD.test(line)) problems.push(`views/${name}:${index + 1}: the attribute download`);
    }
    for (const problem of computationIn(parseView(source))) problems.push(`views/${name}: ${problem}`);
  } catch (error) {
    problems.push(`views/${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
