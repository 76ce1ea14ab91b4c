import type * as Yauzl from 'yauzl';
import { lazyPackage } from '../../../shared/lazy-package.js';

const yauzl = lazyPackage<typeof Yauzl>('yauzl');

/** An archive that is damaged, or holds more than this tool unpacks. */
export class ZipProblem extends Error {
  /** @param key below the problems of exchange */
  constructor(readonly key: string) {
    super(key);
  }
}

const MOST_ENTRIES = 5_000;
const MOST_BYTES = 100 * 1024 * 1024;

export const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3;

/**
 * Unpacks the files of an archive whose names the test accepts, in memory. Sizes are checked before anything is
 * unpacked; names that lead out of the archive are refused by yauzl.
 * @throws ZipProblem
 */
export async function unzip(bytes: Buffer, wanted: (name: string) => boolean): Promise<Map<string, Buffer>> {
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
      if (total > MOST_BYTES) {
        reject(new ZipProblem('zipBig'));
        return;
      }
      zip.openReadStream(entry, (error, stream) => {
        if (error) {
          fail();
          return;
        }
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('error', fail);
        stream.on('end', () => {
          files.set(entry.fileName, Buffer.concat(parts));
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
