import type { Request, Response } from 'express';
import { pipeline } from 'node:stream/promises';
import { DomainError, notFound } from '../../shared/errors.js';
import { contentDisposition, type Disposition } from '../../web/content-disposition.js';
import { BytesMissing, type ByteRange, type ByteStore } from './bytes/index.js';
import type { FileRecord } from './file.js';
import { dispositionOf } from './inline.js';

/** A browser asks each time: a file may have been hidden since. */
const OPEN_CACHE = 'public, no-cache';
const OWN_CACHE = 'private, no-cache';

/**
 * Answers with a file's bytes, or the part that is asked for (RFC 9110, 14). The caller has made sure that the
 * reader may have them.
 * @param disposition shown or saved; by the type unless given
 * @throws DomainError `not-found` (404) when there are no bytes, `file-unavailable` (503) when the store is down
 */
export async function sendFile(
  req: Request,
  res: Response,
  file: FileRecord,
  bytes: ByteStore,
  readers: 'open' | 'own',
  disposition: Disposition = dispositionOf(file.type),
): Promise<void> {
  const etag = `"${file.sha256.slice(0, 32)}"`;
  res.set({
    'Cache-Control': readers === 'open' ? OPEN_CACHE : OWN_CACHE,
    ETag: etag,
    'Accept-Ranges': 'bytes',
  });
  if (req.fresh) {
    res.status(304).end();
    return;
  }
  const range = rangeOf(req, file.size, etag);
  if (range === 'unsatisfiable') {
    res.status(416).set('Content-Range', `bytes */${file.size}`).end();
    return;
  }
  const stream = req.method === 'HEAD' || file.size === 0 ? null : await open(bytes, file, range);
  res.status(range === null ? 200 : 206).set({
    'Content-Type': file.type.startsWith('text/') ? `${file.type}; charset=utf-8` : file.type,
    'Content-Length': String(range === null ? file.size : range.end - range.start + 1),
    'Content-Disposition': contentDisposition(disposition, file.name),
    'X-Content-Type-Options': 'nosniff',
    // Whatever the content is, opened by itself it runs nothing and loads nothing.
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    ...(range !== null && { 'Content-Range': `bytes ${range.start}-${range.end}/${file.size}` }),
  });
  if (stream === null) {
    res.end();
    return;
  }
  try {
    await pipeline(stream, res);
  } catch (error) {
    // The reader went away, or the storage did in the middle: the length tells the reader.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') res.destroy();
  }
}

async function open(bytes: ByteStore, file: FileRecord, range: ByteRange | null) {
  try {
    return await bytes.open(file.id, range ?? undefined);
  } catch (error) {
    if (error instanceof BytesMissing) throw notFound();
    throw new DomainError('file-unavailable', 503, { retryAfter: 30 }, { cause: error });
  }
}

/** Returns null for the whole file: also where several parts are asked for, which may be answered so. */
function rangeOf(req: Request, size: number, etag: string): ByteRange | null | 'unsatisfiable' {
  const condition = req.get('if-range');
  if (condition !== undefined && condition !== etag) return null;
  const ranges = req.range(size);
  if (ranges === undefined || ranges === -2) return null;
  if (ranges === -1) return 'unsatisfiable';
  const [range] = ranges;
  return ranges.type !== 'bytes' || ranges.length !== 1 || range === undefined ? null : range;
}
