/**
 * Administrators' accounts from the terminal, while the server runs or not.
 *
 *   npm run admin -- create | list | reset <login> | disable <login> | enable <login>
 */
import { Command } from 'commander';
import { pino } from 'pino';
import { buildApp, type App } from '../src/app.js';
import { ConfigError, loadConfig } from '../src/config.js';
import type { Admin } from '../src/features/admin/index.js';
import { loadSecret } from '../src/secret.js';
import { systemClock } from '../src/shared/clock.js';
import { DomainError } from '../src/shared/errors.js';
import { openStorage, StorageError } from '../src/storage/index.js';
import { TERMINAL } from './terminal.js';

const PROBLEMS: Readonly<Record<string, string>> = {
  'admin-not-found': 'no such administrator (see: npm run admin -- list)',
  'admin-account-disabled': 'the account is disabled; enable it first',
};

interface Printing {
  readonly json?: boolean;
}

async function withAdmins<Result>(
  act: (admin: App['features']['admin']) => Promise<Result>,
): Promise<Result> {
  const config = loadConfig();
  const storage = await openStorage({ url: config.databaseUrl, clock: systemClock });
  try {
    const secret = await loadSecret(config);
    const log = pino({ level: 'silent' });
    const app = buildApp({ config, secret, storage, clock: systemClock, log });
    await storage.ensureIndexes();
    const result = await act(app.features.admin);
    await app.lti.close();
    return result;
  } finally {
    await storage.close();
  }
}

const shown = ({ id, login, createdAt, lastLoginAt, disabled, totp }: Admin) => ({
  id,
  login,
  createdAt,
  lastLoginAt,
  disabled,
  secondFactor: totp !== '',
});

const line = ({ login, disabled, secondFactor, lastLoginAt }: ReturnType<typeof shown>): string =>
  [
    login,
    disabled ? 'disabled' : 'active',
    secondFactor ? 'second factor' : 'password only',
    lastLoginAt === null ? 'never signed in' : `last signed in ${lastLoginAt.toISOString()}`,
  ].join('  ');

function printAdmins(admins: readonly Admin[], { json }: Printing, alone = false): void {
  const all = admins.map(shown);
  if (json === true) console.log(JSON.stringify(alone ? all[0] : all, null, 2));
  else console.log(all.length === 0 ? 'no administrators' : all.map(line).join('\n'));
}

function printLink(url: string, purpose: string, { json }: Printing): void {
  if (json === true) console.log(JSON.stringify({ url }, null, 2));
  else console.log(`${purpose} (works once, for 24 hours):\n${url}`);
}

const program = new Command('admin').description("administrators' accounts");

program
  .command('create')
  .description('print a link by which one new administrator chooses login and password')
  .option('--json', 'print JSON')
  .action(async (given: Printing) => {
    const url = await withAdmins(async (admin) => admin.linkUrl(await admin.accounts.invite(TERMINAL)));
    printLink(url, 'Link for a new administrator', given);
  });

program
  .command('list')
  .option('--json', 'print JSON')
  .action(async (given: Printing) => {
    printAdmins(await withAdmins(({ accounts }) => accounts.list()), given);
  });

program
  .command('reset')
  .description('print a link that sets a new password; the old one works until it is used')
  .argument('<login>')
  .option('--forget-totp', 'the second factor is lost: it goes with the old password')
  .option('--json', 'print JSON')
  .action(async (login: string, given: Printing & { forgetTotp?: boolean }) => {
    const url = await withAdmins(async (admin) =>
      admin.linkUrl(await admin.accounts.offerPassword(login, given.forgetTotp === true, TERMINAL)),
    );
    printLink(url, `Link for a new password of ${login}`, given);
  });

for (const [name, disabled, description] of [
  ['disable', true, 'end the sessions of an account, and let nobody in by it'],
  ['enable', false, 'let it in again'],
] as const) {
  program
    .command(name)
    .description(description)
    .argument('<login>')
    .option('--json', 'print JSON')
    .action(async (login: string, given: Printing) => {
      const changed = await withAdmins(({ accounts }) => accounts.setDisabled(login, disabled, TERMINAL));
      printAdmins([changed], given, true);
    });
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof DomainError) console.error(PROBLEMS[error.code] ?? error.code);
  else if (error instanceof ConfigError || error instanceof StorageError) console.error(error.message);
  else throw error;
  process.exitCode = 1;
}
