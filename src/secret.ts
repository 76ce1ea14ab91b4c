import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ConfigError, type Config } from './config.js';

/**
 * The secret that seals private keys and signs cookies. Given by SECRET; otherwise made on first start and
 * kept, readable by the owner alone, beside an embedded database: losing it would lose the tool's keys.
 * @returns at least 32 characters
 * @throws ConfigError with MongoDB and no SECRET: several processes must share one, so it cannot be made here
 */
export async function loadSecret(config: Config): Promise<string> {
  if (config.secret !== undefined) return config.secret;
  const file = secretFile(config);
  if (file === null) {
    if (!config.databaseUrl.startsWith('file:') && config.production)
      throw new ConfigError('SECRET: is needed with MongoDB (at least 32 characters)');
    return randomBytes(32).toString('base64url');
  }
  if ((await readOptional(nextOf(file))) !== null) {
    throw new ConfigError(
      'SECRET: its rotation was interrupted; run npm run db -- rotate-secret again to finish it',
    );
  }
  return readOrMake(file);
}

/** Where the secret is kept when SECRET is not set; null where it cannot be. */
export function secretFile({ databaseUrl }: Pick<Config, 'databaseUrl'>): string | null {
  if (!databaseUrl.startsWith('file:') || databaseUrl.startsWith('file::memory:')) return null;
  const database = databaseUrl.slice('file:'.length).split('?')[0] ?? '';
  return path.join(path.dirname(database), 'secret');
}

const nextOf = (file: string): string => `${file}.next`;

const nothing = (): Promise<void> => Promise.resolve();

/** The change from one secret to another. */
export interface Rotation {
  readonly from: string;
  readonly to: string;
  /** Where the new secret is. */
  readonly file: string;
  /** Everything is sealed with the new secret: makes it the secret in use where it is kept in a file. */
  finish(): Promise<void>;
  /** Nothing is sealed with the new secret: forgets one that was made. */
  abandon(): Promise<void>;
}

/**
 * Begins a rotation, or goes on with one that was interrupted. A secret kept in a file gets its successor beside
 * it, and `loadSecret` refuses until the rotation is finished; with SECRET set the operator names the new one's file.
 * @param newFile holds the new secret, or is made with one
 * @throws ConfigError
 */
export async function beginRotation(config: Config, newFile: string | undefined): Promise<Rotation> {
  const kept = config.secret === undefined ? secretFile(config) : null;
  if (kept === null) {
    if (config.secret === undefined) throw new ConfigError('SECRET: the old secret is needed');
    if (newFile === undefined) {
      throw new ConfigError('--new-secret: name a file with the new secret; it is made when there is none');
    }
    const to = await readOrMake(newFile);
    if (to === config.secret) throw new ConfigError(`--new-secret: ${newFile} holds the secret in use`);
    return { from: config.secret, to, file: newFile, finish: nothing, abandon: nothing };
  }
  if (newFile !== undefined) {
    throw new ConfigError(`--new-secret: is for when SECRET is set; here the secret is kept in ${kept}`);
  }
  const from = await readOptional(kept);
  if (from === null) throw new ConfigError(`SECRET: there is no ${kept}, so nothing to change`);
  const to = await readOrMake(nextOf(kept));
  return {
    from,
    to,
    file: kept,
    finish: () => rename(nextOf(kept), kept),
    abandon: () => rm(nextOf(kept), { force: true }),
  };
}

async function readOrMake(file: string): Promise<string> {
  const existing = await readOptional(file);
  if (existing !== null) return existing;
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  // Written whole under another name, then linked: of two processes starting at once one wins, and nobody
  // ever reads half a secret.
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(32).toString('base64url')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const made = await readOptional(file);
  if (made === null) throw new ConfigError(`SECRET: could not be kept in ${file}`);
  return made;
}

async function readOptional(file: string): Promise<string | null> {
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new ConfigError(`SECRET: ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? ''})`);
  }
  if (text.length < 32) throw new ConfigError(`SECRET: ${file} holds fewer than 32 characters`);
  return text;
}
