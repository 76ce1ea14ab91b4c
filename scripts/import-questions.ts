/**
 * Reads a file of questions, says what it holds, and writes it into a course's bank.
 *
 *   npm run import-questions -- FILE [--format gift|moodle-xml|aiken|qti|csv|xlsx|docx|text] [--dry-run] [--json]
 *   npm run import-questions -- FILE --course KEY [--duplicates skip|both|replace]
 *
 * The course's key is the part of its addresses after /c/. Without --course, or with --dry-run, nothing is written.
 */
import { Command, Option } from 'commander';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pino } from 'pino';
import { loadConfig } from '../src/config.js';
import {
  createTerminalImport,
  DUPLICATE_RULES,
  FileProblem,
  QUESTION_FORMATS,
  readQuestionFile,
  summaryOf,
  type DuplicateRule,
  type QuestionFormat,
} from '../src/features/assessments/index.js';
import { createFiles } from '../src/infra/files/index.js';
import { systemClock } from '../src/shared/clock.js';
import { DomainError } from '../src/shared/errors.js';
import { translator } from '../src/i18n/index.js';
import { openStorage } from '../src/storage/index.js';

interface Options {
  readonly format?: QuestionFormat;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly course?: string;
  readonly duplicates: DuplicateRule;
}

const t = translator('en');

async function main(file: string, options: Options): Promise<void> {
  const bytes = await readFile(file);
  const read = await readQuestionFile(bytes, path.basename(file), options.format ?? null);
  const summary = summaryOf(read, t);
  if (options.json === true) console.log(JSON.stringify(summary, null, 2));
  else {
    console.log(`${summary.format}: ${summary.ready} ready, ${summary.leftOut.length} not read`);
    for (const { place, why, text } of summary.leftOut) console.log(`  ${place}: ${why} ${text}`.trimEnd());
    for (const { place, notes } of summary.notes) console.log(`  ${place}: ${notes.join('; ')}`);
  }
  if (options.course === undefined || options.dryRun === true) return;
  const config = loadConfig();
  const storage = await openStorage({ url: config.databaseUrl, clock: systemClock });
  const log = pino({ level: 'warn' });
  const files = createFiles({ storage, clock: systemClock, log, settings: config.files });
  try {
    await storage.ensureIndexes();
    const added = await createTerminalImport(
      storage,
      systemClock,
      files,
    )(options.course, {
      bytes,
      name: path.basename(file),
      format: options.format ?? null,
      duplicates: options.duplicates,
    });
    console.log(`${added} added to the bank of course ${options.course}`);
  } finally {
    await files.close();
    await storage.close();
  }
}

const command = new Command()
  .name('import-questions')
  .argument('<file>')
  .addOption(new Option('--format <format>').choices(QUESTION_FORMATS))
  .option('--dry-run', 'write nothing')
  .option('--json', 'print as JSON')
  .option('--course <key>', 'the course whose bank gets the questions')
  .addOption(new Option('--duplicates <rule>').choices(DUPLICATE_RULES).default('skip'))
  .action(main);

try {
  await command.parseAsync();
} catch (error) {
  const known = error instanceof FileProblem || error instanceof DomainError;
  if (!known && !(error instanceof Error && 'code' in error)) throw error;
  const said =
    error instanceof FileProblem
      ? t(`exchange.problem.${error.key}` as never)
      : error instanceof DomainError && error.code === 'not-found'
        ? '--course: there is no course with this key'
        : (error as Error).message;
  console.error(`import-questions: ${said}`);
  process.exitCode = 1;
}
