import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mongo } from 'mongoose';
import { z } from 'zod';
import { encode, type Doc } from '../embedded/bson.js';
import { StorageError } from '../storage-error.js';

/**
 * An exported database: a folder with one file of canonical Extended JSON v2 per collection, a document a line in
 * the order of `_id`, and a manifest that names them all. The manifest is written last: without it an export is
 * not whole.
 */
export const MANIFEST = 'manifest.json';
export const EXPORT_FORMAT = 1;

const { EJSON } = mongo.BSON;

const exportedCollection = z.strictObject({
  name: z.string().min(1),
  file: z.string().regex(/^[^/\\]+\.ejsonl$/),
  documents: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  /** Of the file. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  indexes: z.array(
    z.strictObject({
      key: z.record(z.string(), z.unknown()),
      name: z.string().min(1),
      options: z.record(z.string(), z.unknown()),
    }),
  ),
});

export const manifestSchema = z.strictObject({
  format: z.literal(EXPORT_FORMAT),
  version: z.string(),
  createdAt: z.date(),
  collections: z.array(exportedCollection),
});

export type Manifest = z.output<typeof manifestSchema>;
export type ExportedCollection = z.output<typeof exportedCollection>;

/** Numbers that a person reads; dates and object ids keep their types. */
export const writeManifest = (manifest: Manifest): string =>
  `${EJSON.stringify(manifest, undefined, 2, { relaxed: true })}\n`;

/** @throws StorageError */
export function readManifest(text: string, path: string): Manifest {
  let content: unknown;
  try {
    content = EJSON.parse(text);
  } catch (error) {
    throw new StorageError(`--from: ${path} is not JSON`, { cause: error });
  }
  const format = (content as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > EXPORT_FORMAT) {
    throw new StorageError(`--from: ${path} was written by a later version; update the program`);
  }
  const parsed = manifestSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new StorageError(
    `--from: ${path} is no manifest of an export: ${issue?.path.join('.') ?? ''} is wrong`,
  );
}

/** Names that a file system may not take are spelt out in bytes. */
export const fileOf = (collection: string): string => `${encodeURIComponent(collection)}.ejsonl`;

/** @throws StorageError when the document would come back as another one */
export function lineOf(doc: Doc, collection: string): string {
  const text = EJSON.stringify(doc, { relaxed: false });
  if (encode(parseDocument(text)).equals(encode(doc))) return `${text}\n`;
  throw new StorageError(
    `${collection}: the document ${EJSON.stringify(doc._id, { relaxed: false })} cannot be written as Extended JSON: a field of it looks like one of its types; use backup or copy`,
  );
}

const parseDocument = (text: string): Doc => EJSON.parse(text, { relaxed: false }) as Doc;

/** The documents of one exported file. @param skip of the first */
export async function* documentsIn(path: string, skip = 0): AsyncGenerator<Doc, void> {
  let number = 0;
  for await (const line of linesOf(path)) {
    if (++number <= skip) continue;
    try {
      yield parseDocument(line);
    } catch (error) {
      throw new StorageError(`--from: ${path} line ${number} is not Extended JSON`, { cause: error });
    }
  }
}

/** Split at line feeds alone: a text may hold the other characters that readline takes for the end of a line. */
async function* linesOf(path: string): AsyncGenerator<string, void> {
  const LINE_FEED = 0x0a;
  let parts: Buffer[] = [];
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      parts.push(chunk.subarray(start, end));
      yield Buffer.concat(parts).toString('utf8');
      parts = [];
      start = end + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  }
  if (parts.length > 0) yield Buffer.concat(parts).toString('utf8');
}

/** @throws when the file cannot be read */
export async function fileChecksum(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}
