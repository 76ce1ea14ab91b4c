/**
 * Reads a table of people (CSV or XLSX), says what an import would do, and imports it.
 *
 *   npm run import-people -- FILE [--dry-run] [--visibility staff|students|public] [--consent] [--json]
 *
 * Columns are told by their headings, or as the page /admin/directory/import was told for the same head.
 */
import { Command, Option } from 'commander';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pino } from 'pino';
import { buildApp } from '../src/app.js';
import { loadConfig } from '../src/config.js';
import { translator } from '../src/i18n/index.js';
import { loadSecret } from '../src/secret.js';
import { systemClock } from '../src/shared/clock.js';
import { openStorage } from '../src/storage/index.js';

interface Options {
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly consent?: boolean;
  readonly visibility: 'staff' | 'students' | 'public';
}

const t = translator('en');
const ACTOR = {
  personId: 'terminal:',
  role: 'administrator',
  centreRole: 'administrator',
  name: { surname: 'terminal', givenName: '', patronymic: '' },
} as const;

async function main(file: string, options: Options): Promise<void> {
  const config = loadConfig({ ...process.env, LOG_LEVEL: 'warn' });
  const storage = await openStorage({ url: config.databaseUrl, clock: systemClock });
  try {
    const log = pino({ level: config.logLevel });
    const app = buildApp({ config, secret: await loadSecret(config), storage, clock: systemClock, log });
    await storage.ensureIndexes();
    const { imports } = app.features.directory;
    const { people, faults } = await imports.readFile(file);
    if (options.json === true) console.log(JSON.stringify({ people, faults }, null, 2));
    else {
      console.log(
        `${people.length} ready, ${new Set(faults.map(({ line }) => line)).size} lines with errors`,
      );
      for (const { line, field, fault, value } of faults)
        console.log(`  line ${line}: ${field}: ${t(`directory.import.fault.${fault}`, { value })}`);
    }
    if (options.dryRun !== true) {
      const { size } = await stat(file);
      const key = await imports.upload(ACTOR, { path: file, name: path.basename(file), size });
      await imports.apply(key, { visibility: options.visibility, consent: options.consent ?? false });
      // Long imports are written in the background: here, before the end.
      await app.jobs.drain();
      const { record } = await imports.preview(key);
      console.log(`${record.made} cards made, ${record.changed} changed`);
    }
    await app.lti.close();
    await app.files.close();
  } finally {
    await storage.close();
  }
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
await command.parseAsync();
