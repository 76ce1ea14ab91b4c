import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
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
  if (!config.databaseUrl.startsWith('file:')) {
    if (config.production) throw new ConfigError('SECRET: is needed with MongoDB (at least 32 characters)');
    return randomBytes(32).toString('base64url');
  }
  if (config.databaseUrl.startsWith('file::memory:')) return randomBytes(32).toString('base64url');
  const database = config.databaseUrl.slice('file:'.length).split('?')[0] ?? '';
  return readOrMake(path.join(path.dirname(database), 'secret'));
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
