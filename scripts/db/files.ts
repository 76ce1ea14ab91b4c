import { rm } from 'node:fs/promises';
import type { Config } from '../../src/config.js';
import {
  byteStoreOf,
  copyFiles,
  newFilesFolder,
  readFileSettings,
  readFilesFolder,
  storedFiles,
  verifyFiles,
  type CopiedFiles,
  type FilesFolder,
  type FileVariables,
} from '../../src/infra/files/index.js';
import { StorageError, type Storage } from '../../src/storage/index.js';
import { embeddedPath, withStorage } from '../../src/storage/tools/index.js';

/** Where the files of a backup are: beside it. */
export const filesOfBackup = (file: string): string => `${file}.files`;

const reading = <T>(url: string, act: (storage: Storage) => Promise<T>): Promise<T> =>
  withStorage('DATABASE_URL', { url, readonly: true }, act);

/** What this program finds wrong with a folder is one line for the person at the terminal. */
async function known<T>(argument: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof StorageError || !(error instanceof Error)) throw error;
    throw new StorageError(`${argument}: ${error.message}`, { cause: error });
  }
}

/**
 * Copies the files of a database into a folder before and after `act` writes the database itself: so those are in
 * it that were stored before, and those that were removed meanwhile.
 * @param argument what the folder is called in messages
 * @throws StorageError; the folder is gone then
 */
export async function withFiles<T>(
  config: Config,
  argument: string,
  folder: string,
  act: () => Promise<T>,
): Promise<{ report: T; files: number; missing: readonly string[] }> {
  const bytes = byteStoreOf(config.files);
  const target: FilesFolder = await known(argument, () => newFilesFolder(folder));
  const add = (): Promise<CopiedFiles> =>
    reading(config.databaseUrl, (storage) => known(argument, () => target.add(storedFiles(storage), bytes)));
  try {
    await add();
    const report = await act();
    const { missing } = await add();
    return { report, files: await target.finish(), missing };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Brings the files of a backup or an export to where the settings say. Bytes that no row knows do no harm, so this
 * comes before the database.
 * @returns how many there are; null when the folder is not there
 * @throws StorageError when a file is missing or damaged; nothing was copied then
 */
export async function bringFiles(config: Config, argument: string, folder: string): Promise<number | null> {
  const found = await known(argument, () => readFilesFolder(folder));
  if (found === null) return null;
  const [problem] = await verifyFiles(found.files, found.bytes);
  if (problem !== undefined)
    throw new StorageError(`${argument}: ${folder}: ${problem}; nothing was changed`);
  const { files } = await known('FILES_URL', () =>
    copyFiles(found.files, found.bytes, byteStoreOf(config.files)),
  );
  return files;
}

/** @returns what is wrong with the bytes of the files that the database knows */
export const problemsOfFiles = (config: Config, storage: Storage): Promise<string[]> =>
  known('FILES_URL', () => verifyFiles(storedFiles(storage), byteStoreOf(config.files)));

/** Copies files from where one database has them to where another has them. */
export function copyBetween(
  source: { readonly url: string; readonly files: string | undefined },
  target: { readonly url: string; readonly files: string | undefined },
  variables: FileVariables,
): Promise<CopiedFiles> {
  const settingsOf = ({ url, files }: typeof source) => {
    const path = /^file:/i.test(url) ? embeddedPath(url, '') : null;
    return readFileSettings({ ...variables, FILES_URL: files }, path);
  };
  return known('--to-files', async () => {
    const [from, to] = [byteStoreOf(settingsOf(source)), byteStoreOf(settingsOf(target))];
    return withStorage('--from', { url: source.url, readonly: true }, (storage) =>
      copyFiles(storedFiles(storage), from, to),
    );
  });
}
