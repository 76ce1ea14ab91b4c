import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type * as S3 from 's3mini';
import type * as Undici from 'undici';
import { SECOND } from '../../../shared/clock.js';
import { lazyPackage } from '../../../shared/lazy-package.js';
import type { S3Settings } from '../settings.js';
import { BytesMissing, checkByteId, type ByteRange, type ByteSource, type ByteStore } from './byte-store.js';

const s3 = lazyPackage<typeof S3>('s3mini');
const undici = lazyPackage<typeof Undici>('undici');

/** How long the storage may take to answer where no bytes of files travel. */
const PATIENCE_MS = 30 * SECOND;
const PAGE = 1000;

/** A bucket of an S3 storage, by Signature Version 4. Objects are called by the ids of files. */
export function createS3Bytes(settings: S3Settings): ByteStore {
  const client = new (s3().S3mini)({
    endpoint: settings.endpoint,
    region: settings.region,
    accessKeyId: settings.key,
    secretAccessKey: settings.secret,
    fetch: fetchFromStorage,
  });
  return {
    place: settings.endpoint,
    async prepare() {
      if (!(await client.bucketExists()))
        throw new Error('there is no such bucket, or the key may not use it');
    },
    async put(id, source) {
      checkByteId(id);
      const { body, size } = await bodyOf(source);
      await client.putObject(id, body, 'application/octet-stream', undefined, undefined, size);
    },
    open: (id, range) => openObject(client, id, range),
    async sizeOf(id) {
      checkByteId(id);
      try {
        return await client.getContentLength(id);
      } catch (error) {
        if (isMissing((error as Error).cause) || isMissing(error)) return null;
        throw error;
      }
    },
    async remove(id) {
      checkByteId(id);
      await client.deleteObject(id);
    },
    async *list() {
      let token: string | undefined;
      do {
        const page = await client.listObjectsPaged('/', '', PAGE, token);
        for (const { Key: id, Size: size, LastModified: at } of page?.objects ?? []) {
          yield { id, size, at: new Date(at) };
        }
        token = page?.nextContinuationToken;
      } while (token !== undefined);
    },
    // An object is there whole or not at all.
    removeDrafts: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

async function openObject(client: S3.S3mini, id: string, range?: ByteRange): Promise<Readable> {
  checkByteId(id);
  try {
    // The client's end of a range is not included.
    const response = range
      ? await client.getObjectRaw(id, false, range.start, range.end + 1)
      : await client.getObjectRaw(id);
    if (response.body === null) return Readable.from([]);
    return Readable.fromWeb(response.body);
  } catch (error) {
    throw isMissing(error) ? new BytesMissing(id) : error;
  }
}

const isMissing = (error: unknown): boolean => error instanceof s3().S3ServiceError && error.status === 404;

async function bodyOf(source: ByteSource): Promise<{ body: Buffer | ReadableStream; size: number }> {
  if ('buffer' in source) return { body: source.buffer, size: source.buffer.length };
  const { size } = await stat(source.path);
  return { body: Readable.toWeb(createReadStream(source.path)) as ReadableStream, size };
}

/**
 * As `fetch`, which wants to be told that a stream is sent, and would wait for an answer for five minutes. It is undici's
 * own: Node's takes the dispatcher of whichever undici is loaded first, and cannot send a length through that of 7.
 */
const fetchFromStorage: typeof fetch = (input, init = {}) => {
  const streams = init.body instanceof ReadableStream;
  const carriesFile = init.method === 'PUT' || init.method === 'GET';
  return (undici().fetch as unknown as typeof fetch)(input, {
    ...init,
    ...(streams && { duplex: 'half' }),
    ...(!carriesFile && { signal: AbortSignal.timeout(PATIENCE_MS) }),
  });
};
