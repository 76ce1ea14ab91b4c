import type { Readable } from 'node:stream';

/** Bytes that shall be stored: in memory, or a local file that is complete. */
export type ByteSource = { readonly buffer: Buffer } | { readonly path: string };

/** First and last byte, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface StoredBytes {
  readonly id: string;
  readonly size: number;
  readonly at: Date;
}

/**
 * Bytes by id. What is stored under an id never changes: the same id always means the same bytes, so storing twice
 * and copying twice are harmless.
 */
export interface ByteStore {
  /** For messages: a folder, or a bucket without its secret. */
  readonly place: string;
  /** Makes what the store needs. @throws when bytes cannot be stored there */
  prepare(): Promise<void>;
  /** Resolves once the bytes are durable. @param id of letters and digits */
  put(id: string, source: ByteSource): Promise<void>;
  /** @throws BytesMissing when there are none under the id */
  open(id: string, range?: ByteRange): Promise<Readable>;
  /** Returns null when there are no bytes under the id. */
  sizeOf(id: string): Promise<number | null>;
  /** Succeeds also where there are none. */
  remove(id: string): Promise<void>;
  list(): AsyncIterable<StoredBytes>;
  /** Deletes what killed processes left half written before the moment. */
  removeDrafts(before: Date): Promise<void>;
  close(): Promise<void>;
}

export class BytesMissing extends Error {
  override readonly name = 'BytesMissing';

  constructor(readonly id: string) {
    super(`there are no bytes of the file ${id}`);
  }
}

/** Ids become names of files and objects: nothing else may. */
export function checkByteId(id: string): void {
  if (!/^[a-z0-9]{8,64}$/.test(id)) throw new RangeError('not the id of a file');
}
