/**
 * Reads a table of people (CSV or XLSX), says what an import would do, and imports it.
 *
 *   npm run import-people -- FILE [--dry-run] [--visibility staff|students|public] [--consent] [--json]
 *
 * Columns are told by their headings, or as the page /admin/directory/import was told for the same head. Ends with 0;
 * with 2 where lines with errors were left out; with 1 where nothing could be read or written.
 */
import { Command, Option } from 'commander';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import { buildApp } from '../src/app.js';
import { ConfigError, loadConfig } from '../src/config.js';
import { translator } from '../src/i18n/index.js';
import { loadSecret } from '../src/secret.js';
import { MINUTE, systemClock } from '../src/shared/clock.js';
import { badInput, DomainError } from '../src/shared/errors.js';
import { openStorage, StorageError } from '../src/storage/index.js';

interface Options {
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly consent?: boolean;
  readonly visibility: 'staff' | 'students' | 'public';
}

type App = ReturnType<typeof buildApp>;

const t = translator('en');
const ACTOR = {
  personId: 'terminal:',
  role: 'administrator',
  centreRole: 'administrator',
  name: { surname: 'terminal', givenName: '', patronymic: '' },
} as const;

const SOME_LEFT_OUT = 2;
const LOOK_AGAIN_MS = 500;
const LONGEST_STANDSTILL_MS = 2 * MINUTE;

class StandsStill extends Error {
  override readonly message = 'no line was written for two minutes: see /admin/directory/import';
}

async function main(file: string, options: Options): Promise<void> {
  const { size } = await stat(file);
  if (options.visibility === 'public' && options.consent !== true && options.dryRun !== true)
    throw badInput({ '--consent': 'errors.field.consent' });
  const config = loadConfig({ ...process.env, LOG_LEVEL: 'warn' });
  const storage = await openStorage({ url: config.databaseUrl, clock: systemClock });
  try {
    const log = pino({ level: config.logLevel });
    const app = buildApp({ config, secret: await loadSecret(config), storage, clock: systemClock, log });
    await storage.ensureIndexes();
    await importFile(app, { path: file, name: path.basename(file), size }, options);
    await app.lti.close();
    await app.files.close();
  } finally {
    await storage.close();
  }
}

async function importFile(
  app: App,
  file: { readonly path: string; readonly name: string; readonly size: number },
  { dryRun = false, json = false, visibility, consent = false }: Options,
): Promise<void> {
  const { imports } = app.features.directory;
  const { people, faults } = await imports.readFile(file.path);
  if (!json) {
    const faulty = new Set(faults.map(({ line }) => line)).size;
    console.log(`${people.length} ready, ${faulty} lines with errors`);
    for (const { line, field, fault, value } of faults)
      console.log(`  line ${line}: ${field}: ${t(`directory.import.fault.${fault}`, { value })}`);
  }
  let done: { readonly made: number; readonly changed: number } | null = null;
  if (!dryRun) {
    const key = await imports.upload(ACTOR, file);
    await imports.apply(key, { visibility, consent });
    done = await written(app, key);
  }
  if (json) console.log(JSON.stringify({ people, faults, ...done }, null, 2));
  else if (done !== null) console.log(`${done.made} cards made, ${done.changed} changed`);
  if (faults.length > 0) process.exitCode = SOME_LEFT_OUT;
}

/** Long imports are written in the background: here, or by a server that runs meanwhile. */
async function written(app: App, key: string): Promise<{ made: number; changed: number }> {
  let [lines, stillMs] = [-1, 0];
  for (;;) {
    await app.jobs.drain();
    const { record } = await app.features.directory.imports.preview(key);
    if (record.state !== 'running') return { made: record.made, changed: record.changed };
    stillMs = record.written > lines ? 0 : stillMs + LOOK_AGAIN_MS;
    if (stillMs > LONGEST_STANDSTILL_MS) throw new StandsStill();
    lines = record.written;
    await setTimeout(LOOK_AGAIN_MS);
  }
}

function wordsOf(error: Error): string {
  if (!(error instanceof DomainError)) return error.message;
  const [field] = Object.entries(error.details.fields ?? {});
  return field === undefined ? t(`errors.${error.code}.title` as never) : `${field[0]}: ${t(field[1])}`;
}

const command = new Command()
  .name('import-people')
  .argument('<file>')
  .option('--dry-run', 'write nothing')
  .option('--json', 'print as JSON')
  .option('--consent', 'the teachers have agreed to the publication')
  .addOption(
    new Option('--visibility <who>', 'who sees new cards and contacts')
      .choices(['staff', 'students', 'public'])
      .default('staff'),
  )
  .action(main);

try {
  await command.parseAsync();
} catch (error) {
  const isKnown =
    error instanceof DomainError ||
    error instanceof ConfigError ||
    error instanceof StorageError ||
    error instanceof StandsStill;
  // Of the system: no such file, no right to read it.
  if (!isKnown && !(error instanceof Error && 'code' in error)) throw error;
  console.error(`import-people: ${wordsOf(error)}`);
  process.exitCode = 1;
}
