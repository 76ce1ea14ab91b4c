/**
 * Looks after the database: backups, checks, moves. DATABASE_URL says which one.
 *
 *   npm run db -- backup FILE | restore FILE | verify | compact | stats
 *   npm run db -- export --to DIR | import --from DIR | copy --from URL --to URL
 *   npm run db -- rotate-secret
 */
import path from 'node:path';
import { Command } from 'commander';
import { mongo } from 'mongoose';
import { ConfigError, loadConfig, type Config } from '../src/config.js';
import { StorageError, verifyStorage } from '../src/storage/index.js';
import {
  backup,
  compact,
  copy,
  exportTo,
  importFrom,
  restore,
  statsOf,
  withStorage,
} from '../src/storage/tools/index.js';
import { bringFiles, copyBetween, filesOfBackup, problemsOfFiles, withFiles } from './db/files.js';
import { missingFiles, size, statsTable, transferTable } from './db/print.js';
import { progressBar } from './db/progress.js';
import { noteDone } from './terminal.js';

/** The command could not do what it was asked. */
const FAILED = 1;
/** The command did its work, and found damage. */
const DAMAGED = 2;

interface CopyOptions {
  readonly from: string;
  readonly to: string;
  readonly fromFiles?: string;
  readonly toFiles?: string;
}

interface Printing {
  readonly json?: boolean;
}

const program = new Command('npm run db --')
  .description('Looks after the database that DATABASE_URL names.')
  .addHelpText(
    'after',
    `
Exit codes: 0 done, ${FAILED} failed (one line says why), ${DAMAGED} verify found damage.
Sealed keys open only with the secret they were sealed with: keep SECRET, or the file "secret" beside an
embedded database, together with backups, exports and copies.`,
  );

const command = (name: string, summary: string, details = ''): Command =>
  program
    .command(name)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}.${details}`)
    .option('--json', 'print JSON');

const config = (): Config => loadConfig();
const url = (): string => config().databaseUrl;

function print(report: object, text: string, { json }: Printing): void {
  console.log(json === true ? JSON.stringify(report, null, 2) : text);
}

/** Shows how far it is; what is printed at the end comes on a line of its own. */
async function withBar<T>(act: (show: ReturnType<typeof progressBar>['show']) => Promise<T>): Promise<T> {
  const bar = progressBar();
  try {
    return await act(bar.show);
  } finally {
    bar.end();
  }
}

command(
  'backup',
  'write a snapshot into one new file, while the server runs',
  ' The file is checked before it gets its name. Uploaded files are beside it, in FILE.files.',
)
  .argument('<FILE>', 'must not exist yet')
  .action(async (file: string, options: Printing) => {
    const beside = filesOfBackup(file);
    const { report, files, missing } = await withFiles(config(), 'FILE', beside, () => backup(url(), file));
    print(
      { ...report, files, missing },
      `${report.file}: ${size(report.bytes)}, ${report.documents} documents in ${report.collections} collections, sound\n` +
        `${beside}: ${files} files${missingFiles(missing)}`,
      options,
    );
    if (missing.length > 0) process.exitCode = DAMAGED;
  });

command(
  'restore',
  'put a backup in the place of the database, which is kept aside',
  ' Stop the server first. The backup is verified, documents and indexes, before anything changes.',
)
  .argument('<FILE>', 'made by backup')
  .option('--force', 'also replace a database too damaged to say who has it open')
  .action(async (file: string, options: Printing & { force?: boolean }) => {
    const files = await bringFiles(config(), 'FILE', filesOfBackup(file));
    const report = await restore(url(), file, { force: options.force === true });
    await withStorage('DATABASE_URL', { url: url() }, (storage) =>
      noteDone(storage, {
        action: 'data-restored',
        subject: { kind: 'data', id: '', name: path.basename(file) },
      }),
    );
    const kept = report.kept === undefined ? '' : `\nwhat was there is kept as ${report.kept}`;
    print(
      { ...report, files },
      `${report.file}: ${report.documents} documents in ${report.collections} collections, verified${kept}\n` +
        (files === null ? `there is no ${filesOfBackup(file)}: files stay as they are` : `${files} files`),
      options,
    );
  });

command(
  'verify',
  'check the file, every index against its documents, and every uploaded file',
  ' May run beside the server. On MongoDB it asks for its validate command.',
).action(async (options: Printing) => {
  const report = await withStorage('DATABASE_URL', { url: url(), readonly: true }, async (storage) => {
    const found = await verifyStorage(storage);
    const problems = [...found.problems, ...(await problemsOfFiles(config(), storage))];
    return { ...found, problems, ok: problems.length === 0 };
  });
  const { ok, documents, entries, collections, problems } = report;
  const found = ok ? 'sound' : `${problems.length} problems, restore a backup:\n${problems.join('\n')}`;
  print(
    report,
    `${documents} documents and ${entries} index entries in ${collections} collections: ${found}`,
    options,
  );
  if (!ok) process.exitCode = DAMAGED;
});

command(
  'compact',
  'give the space of deleted documents back to the disk',
  ' Stop the server first. Needs as much free space as the database will take.',
).action(async (options: Printing) => {
  const report = await compact(url());
  print(
    report,
    `${report.file}: ${size(report.bytesBefore)} before, ${size(report.bytesAfter)} now`,
    options,
  );
});

command('stats', 'say how many documents and index entries there are, and the room they take').action(
  async (options: Printing) => {
    const report = await withStorage('DATABASE_URL', { url: url(), readonly: true }, statsOf);
    print(report, statsTable(report), options);
  },
);

command(
  'export',
  'write everything as canonical Extended JSON, a document a line',
  ' One file per collection, manifest.json with indexes, counts and checksums, and uploaded files in DIR.files.',
)
  .requiredOption('--to <DIR>', 'a new or empty folder')
  .action(async ({ to, ...options }: Printing & { to: string }) => {
    const { report, files, missing } = await withFiles(config(), '--to', filesOfBackup(to), () =>
      withBar((show) => exportTo(url(), to, show)),
    );
    const documents = report.collections.reduce((sum, collection) => sum + collection.documents, 0);
    print(
      { ...report, files, missing },
      `${report.folder}: ${documents} documents in ${report.collections.length} collections\n` +
        `${filesOfBackup(to)}: ${files} files${missingFiles(missing)}`,
      options,
    );
  });

command(
  'import',
  'read an export into an empty database',
  ' Checksums are held against the manifest first. Interrupted, run it again: it goes on where it was.',
)
  .requiredOption('--from <DIR>', 'made by export')
  .action(async ({ from, ...options }: Printing & { from: string }) => {
    const files = await bringFiles(config(), '--from', filesOfBackup(from));
    const collections = await withBar((show) => importFrom(url(), from, show));
    print(
      { collections, files },
      `${transferTable(collections)}\n` +
        (files === null ? `there is no ${filesOfBackup(from)}: no files` : `${files} files`),
      options,
    );
  });

command(
  'copy',
  'copy a database into an empty one, embedded or MongoDB',
  ' Stop what writes to the source first. Interrupted, run it again: it goes on where it was. Counts and contents are compared.',
)
  .requiredOption('--from <URL>', 'file:… or mongodb://…')
  .requiredOption('--to <URL>', 'file:… or mongodb://…, empty')
  .option('--from-files <URL>', 'FILES_URL of the source, unless it is where it is by default')
  .option('--to-files <URL>', 'FILES_URL of the copy, unless it is where it is by default')
  .action(async ({ from, to, fromFiles, toFiles, ...options }: Printing & CopyOptions) => {
    const collections = await withBar((show) => copy(from, to, show));
    // After the documents: a file that was removed meanwhile is not missed.
    const files = await copyBetween(
      { url: from, files: filesUrl(from, fromFiles) },
      { url: to, files: filesUrl(to, toFiles) },
      process.env,
    );
    print(
      { collections, files },
      `${transferTable(collections)}\n${files.files} files, ${files.copied} copied${missingFiles(files.missing)}\nthe copy needs the same secret: SECRET, or the file "secret" beside an embedded source`,
      options,
    );
  });

command(
  'rotate-secret',
  'seal all private keys with a new secret',
  ' Stop every process of the tool first. Everybody is signed out: cookies are signed with a key that follows from the secret. Interrupted, run it again: it finishes.',
)
  .option('--new-secret <FILE>', 'where SECRET is set: holds the new one; made when there is none')
  .option(
    '--ignore <COLLECTION.FIELD>',
    'where people typed what only looks sealed; may be repeated',
    several,
    [],
  )
  .action(async ({ newSecret, ignore, ...options }: Printing & { newSecret?: string; ignore: string[] }) => {
    // It names the sealed fields of every feature; the other commands need no features.
    const { rotateSecret } = await import('./db/rotate-secret.js');
    const report = await rotateSecret(loadConfig(), newSecret, ignore);
    const what =
      newSecret === undefined
        ? `the new secret is in ${report.file}`
        : `set SECRET to the content of ${report.file} before the next start`;
    print(
      report,
      `${report.resealed + report.before} sealed anew; ${what}\neverybody is signed out and launches again from the LMS`,
      options,
    );
  });

/** FILES_URL is of the database that DATABASE_URL names. */
const filesUrl = (database: string, given: string | undefined): string | undefined =>
  given ?? (database === url() ? process.env.FILES_URL : undefined);

function several(value: string, before: string[]): string[] {
  return [...before, value];
}

try {
  await program.parseAsync();
} catch (error) {
  // What MongoDB answers is for the operator too: a right that is missing, a server that went away.
  const told =
    error instanceof ConfigError || error instanceof StorageError || error instanceof mongo.MongoError;
  if (!told) throw error;
  console.error(error.message);
  process.exitCode = FAILED;
}
