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
const MOST_BYTES = 100 * 1024 * 1024;

export interface ZipRule {
  /** False to read the files only. */
  readonly isKept?: boolean;
  /** What all files may come to, unpacked. */
  readonly mostBytes?: number;
}

export const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3;

/** What an archive says of its files. @throws ZipProblem */
export async function listZip(
  bytes: Buffer,
): Promise<readonly { readonly name: string; readonly size: number }[]> {
  const zip = await opened(bytes);
  const files: { name: string; size: number }[] = [];
  try {
    for await (const { fileName, uncompressedSize } of zip.eachEntry()) {
      files.push({ name: fileName, size: uncompressedSize });
      if (files.length > MOST_ENTRIES) throw new ZipProblem('zipBig');
    }
  } catch (error) {
    throw error instanceof ZipProblem ? error : new ZipProblem('zip');
  }
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
 * Unpacks the files of an archive whose names the test accepts, in memory. Sizes are checked before anything is
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
  let [entries, total] = [0, 0];
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      reject(new ZipProblem('zip'));
    };
    zip.on('error', fail);
    zip.on('end', () => {
      resolve(files);
    });
    zip.on('entry', (entry: Yauzl.Entry) => {
      entries += 1;
      if (entries > MOST_ENTRIES) {
        reject(new ZipProblem('zipBig'));
        return;
      }
      if (entry.fileName.endsWith('/') || !wanted(entry.fileName)) {
        zip.readEntry();
        return;
      }
      total += entry.uncompressedSize;
      if (total > mostBytes) {
        reject(new ZipProblem('zipBig'));
        return;
      }
      zip.openReadStream(entry, (error, stream) => {
        if (error) {
          fail();
          return;
        }
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => {
          if (isKept) parts.push(part);
        });
        stream.on('error', fail);
        stream.on('end', () => {
          if (isKept) files.set(entry.fileName, Buffer.concat(parts));
          zip.readEntry();
        });
      });
    });
    zip.readEntry();
  });
}

const opened = (bytes: Buffer): Promise<Yauzl.ZipFile> =>
  new Promise((resolve, reject) => {
    yauzl().fromBuffer(bytes, { lazyEntries: true, validateEntrySizes: true }, (error, zip) => {
      if (error) reject(new ZipProblem('zip'));
      else resolve(zip);
    });
  });
