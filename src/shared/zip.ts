import type * as Yauzl from 'yauzl';
import { lazyPackage } from './lazy-package.js';

const yauzl = lazyPackage<typeof Yauzl>('yauzl');

/** An archive that is damaged, or holds more than this tool unpacks. */
export class ZipProblem extends Error {
  constructor(readonly key: 'zip' | 'zipBig') {
    super(key);
  }
}

const MOST_ENTRIES = 5_000;
/** What all files of an archive may come to, unless it is said otherwise. */
export const MOST_BYTES = 100 * 1024 * 1024;

export interface ZipRule {
  /** False to read the files only. */
  readonly isKept?: boolean;
  /** What all files may come to, unpacked; `MOST_BYTES` if absent. */
  readonly mostBytes?: number;
}

export const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3;

/** What an archive says of its files. @throws ZipProblem */
export async function listZip(
  bytes: Buffer,
): Promise<readonly { readonly name: string; readonly size: number }[]> {
  const files: { name: string; size: number }[] = [];
  for await (const { fileName, uncompressedSize } of entriesOf(await opened(bytes)))
    files.push({ name: fileName, size: uncompressedSize });
  return files;
}

/**
 * Checks an archive for a library that unpacks all of it: what its list says of sizes, and that it says the truth.
 * @throws ZipProblem
 */
export async function refuseZipBomb(bytes: Buffer, mostBytes = MOST_BYTES): Promise<void> {
  await unzip(bytes, () => true, { isKept: false, mostBytes });
}

/**
 * Unpacks the files of an archive whose names the test accepts, in memory. The size of a file is checked before it is
 * unpacked, and an entry that is longer than it says is not unpacked further; names that lead out of the archive are
 * refused by yauzl.
 * @throws ZipProblem
 */
export async function unzip(
  bytes: Buffer,
  wanted: (name: string) => boolean,
  { isKept = true, mostBytes = MOST_BYTES }: ZipRule = {},
): Promise<Map<string, Buffer>> {
  const zip = await opened(bytes);
  const files = new Map<string, Buffer>();
  let total = 0;
  for await (const entry of entriesOf(zip)) {
    if (entry.fileName.endsWith('/') || !wanted(entry.fileName)) continue;
    total += entry.uncompressedSize;
    if (total > mostBytes) throw new ZipProblem('zipBig');
    const parts = await unpacked(zip, entry, isKept);
    if (isKept) files.set(entry.fileName, Buffer.concat(parts));
  }
  return files;
}

async function opened(bytes: Buffer): Promise<Yauzl.ZipFile> {
  try {
    return await yauzl().fromBufferPromise(bytes, { lazyEntries: true, validateEntrySizes: true });
  } catch {
    throw new ZipProblem('zip');
  }
}

async function* entriesOf(zip: Yauzl.ZipFile): AsyncGenerator<Yauzl.Entry> {
  let count = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      count += 1;
      if (count > MOST_ENTRIES) throw new ZipProblem('zipBig');
      yield entry;
    }
  } catch (error) {
    throw error instanceof ZipProblem ? error : new ZipProblem('zip');
  }
}

/** @returns its bytes, or nothing if they are read only */
async function unpacked(zip: Yauzl.ZipFile, entry: Yauzl.Entry, isKept: boolean): Promise<Buffer[]> {
  const parts: Buffer[] = [];
  try {
    for await (const part of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>)
      if (isKept) parts.push(part);
  } catch {
    throw new ZipProblem('zip');
  }
  return parts;
}
