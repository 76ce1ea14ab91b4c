import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Storage } from '../../storage/index.js';
import { BytesMissing, type ByteStore } from './bytes/index.js';
import { FILES } from './files.store.js';

/** What a tool needs to know of a stored file. */
export interface StoredFile {
  readonly id: string;
  readonly size: number;
  readonly sha256: string;
}

export interface CopiedFiles {
  /** All that the target now has. */
  readonly files: number;
  readonly bytes: number;
  /** Of those, how many were written now. */
  readonly copied: number;
  /** Ids of files whose bytes the source does not have, or has damaged. */
  readonly missing: readonly string[];
}

interface StoredRow {
  readonly _id: string;
  readonly size: number;
  readonly sha256: string;
}

/** The stored files that a database knows, in the order of ids. Defines no model: a tool reads databases as they are. */
export async function* storedFiles({ connection }: Storage): AsyncGenerator<StoredFile, void> {
  const found = connection
    .collection<StoredRow>(FILES)
    .find({ state: 'stored' }, { projection: { size: 1, sha256: 1 }, sort: { _id: 1 }, batchSize: 500 });
  for await (const { _id, size, sha256 } of found) yield { id: _id, size, sha256 };
}

/**
 * Copies the bytes of files that the target lacks, each held against its checksum on the way. What is under an id
 * never changes, so an interrupted copy goes on where it was.
 */
export async function copyFiles(
  files: AsyncIterable<StoredFile> | Iterable<StoredFile>,
  from: ByteStore,
  to: ByteStore,
): Promise<CopiedFiles> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-copy-'));
  const missing: string[] = [];
  let [count, bytes, copied] = [0, 0, 0];
  try {
    for await (const file of files) {
      if ((await to.sizeOf(file.id)) !== file.size) {
        const draft = path.join(folder, file.id);
        if (!(await fetchSound(from, file, draft))) {
          missing.push(file.id);
          continue;
        }
        await to.put(file.id, { path: draft });
        await rm(draft);
        copied++;
      }
      count++;
      bytes += file.size;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { files: count, bytes, copied, missing };
}

/** @returns false when the bytes are not there, or are others */
async function fetchSound(from: ByteStore, file: StoredFile, draft: string): Promise<boolean> {
  const hash = createHash('sha256');
  try {
    const stream = await from.open(file.id);
    stream.on('data', (chunk: Buffer) => hash.update(chunk));
    await pipeline(stream, createWriteStream(draft, { mode: 0o600 }));
  } catch (error) {
    if (error instanceof BytesMissing) return false;
    throw error;
  }
  return hash.digest('hex') === file.sha256;
}

/** Reads all bytes. @returns what is wrong, a line each */
export async function verifyFiles(
  files: AsyncIterable<StoredFile> | Iterable<StoredFile>,
  bytes: ByteStore,
): Promise<string[]> {
  const problems: string[] = [];
  for await (const file of files) {
    const problem = await problemOf(file, bytes);
    if (problem !== null) problems.push(`file ${file.id}: ${problem}`);
  }
  return problems;
}

async function problemOf(file: StoredFile, bytes: ByteStore): Promise<string | null> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of (await bytes.open(file.id)) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
    }
  } catch (error) {
    if (error instanceof BytesMissing) return 'its bytes are not there';
    throw error;
  }
  if (size !== file.size) return `has ${size} bytes of ${file.size}`;
  return hash.digest('hex') === file.sha256 ? null : 'its bytes are damaged';
}
