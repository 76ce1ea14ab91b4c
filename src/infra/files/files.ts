import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Actor } from '../../shared/actor.js';
import type { Clock } from '../../shared/clock.js';
import { DomainError, notFound } from '../../shared/errors.js';
import { newKey } from '../../shared/ids.js';
import type { Storage } from '../../storage/index.js';
import { byteStoreOf, type ByteSource, type ByteStore } from './bytes/index.js';
import type { FileOwner, FileOwnerKind, FileRecord } from './file.js';
import { createFilesStore } from './files.store.js';
import { fileName } from './name.js';
import type { FileSettings } from './settings.js';
import { sweepFiles, type SweepReport } from './sweep.js';

export interface NewFile {
  readonly owner: FileOwner;
  /** Who uploads it; '' for nobody. */
  readonly uploadedBy: string;
  /** As the uploader calls it. */
  readonly name: string;
  /** Found from the content. */
  readonly type: string;
  readonly source: ByteSource;
}

/** Files of all features. Bytes are in a folder or in S3, what is known of them is in the database. */
export interface Files {
  /** Registers an owner's kind; at start, once each. */
  defineOwner(kind: FileOwnerKind): void;
  /**
   * Stores a file for good. Once this returns, the owner refers to it by its id in a write of its own; if that
   * never happens, the file is deleted by the sweep.
   * @throws DomainError `files-quota` (409) when the owner has too many or too large files
   */
  store(file: NewFile): Promise<FileRecord>;
  listOf(owner: FileOwner): Promise<FileRecord[]>;
  /** For an owner that has checked who asks: the files of its kind; unknown ids are missing. */
  findMany(kind: string, ids: readonly string[]): Promise<FileRecord[]>;
  /** Returns a file that the actor may read. @throws DomainError `not-found` (404) otherwise */
  findFor(actor: Actor | null, id: string): Promise<FileRecord>;
  /** Makes files unreadable at once, then deletes their bytes and rows. Unknown ids are ignored. */
  remove(ids: readonly string[]): Promise<void>;
  removeOf(owner: FileOwner): Promise<void>;
  /** Finishes what killed processes left, and deletes what belongs to nothing. */
  sweep(): Promise<SweepReport>;
  /** How many files there are, about. */
  count(): Promise<number>;
  listUploadedBy(personId: string): Promise<FileRecord[]>;
  /** @param to '' when the person is erased */
  changeUploader(from: string, to: string): Promise<void>;
  readonly bytes: ByteStore;
  close(): Promise<void>;
}

export interface FilesDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: FileSettings;
}

const ID_LENGTH = 20;

export function createFiles({ storage, clock, log, settings }: FilesDeps): Files {
  const rows = createFilesStore(storage.connection);
  const bytes = byteStoreOf(settings);
  const kinds = new Map<string, FileOwnerKind>();
  const kindOf = (owner: FileOwner): FileOwnerKind => {
    const kind = kinds.get(owner.kind);
    if (kind === undefined) throw new Error(`no feature owns files of the kind ${owner.kind}`);
    return kind;
  };

  const removeNow = async (ids: readonly string[]): Promise<void> => {
    if (ids.length === 0) return;
    await rows.markRemoving(ids);
    for (const id of ids) {
      await bytes.remove(id);
      await rows.delete(id);
    }
  };

  const files: Files = {
    defineOwner(kind) {
      if (kinds.has(kind.kind)) throw new Error(`the kind ${kind.kind} is defined twice`);
      kinds.set(kind.kind, kind);
    },
    async store({ owner, uploadedBy, name, type, source }) {
      const file: FileRecord = {
        id: newKey(ID_LENGTH),
        owner,
        uploadedBy,
        name: fileName(name),
        type,
        ...(await measure(source)),
        createdAt: clock.now(),
      };
      // The row comes first: bytes without a row would be found only by listing them all.
      await rows.insertWriting(file);
      try {
        // Counted with the own row in it: of two at once, neither can overlook the other.
        checkQuota(kindOf(owner), await rows.listCounted(owner));
        await bytes.put(file.id, source);
      } catch (error) {
        await removeNow([file.id]).catch((failure: unknown) => {
          log.warn({ err: failure, file: file.id }, 'what is left of an upload is deleted later');
        });
        throw error;
      }
      if (!(await rows.markStored(file.id)))
        throw new DomainError('file-unavailable', 503, { retryAfter: 5 });
      return file;
    },
    listOf: (owner) => rows.listOf(owner),
    findMany: (kind, ids) => rows.findMany(kind, ids),
    async findFor(actor, id) {
      const file = await rows.findOptional(id);
      if (file === null || (await kinds.get(file.owner.kind)?.mayRead(actor, file)) !== true)
        throw notFound();
      return file;
    },
    remove: removeNow,
    async removeOf(owner) {
      const found = await rows.listCounted(owner);
      await removeNow(found.map(({ id }) => id));
    },
    sweep: () => sweepFiles({ rows, bytes, kinds, remove: removeNow, now: clock.now() }),
    count: () => rows.count(),
    listUploadedBy: (personId) => rows.listUploadedBy(personId),
    changeUploader: (from, to) => rows.changeUploader(from, to),
    bytes,
    close: () => bytes.close(),
  };
  return files;
}

function checkQuota({ maxFiles, maxBytes }: FileOwnerKind, counted: readonly FileRecord[]): void {
  const total = counted.reduce((sum, { size }) => sum + size, 0);
  if (counted.length > maxFiles || total > maxBytes) {
    throw new DomainError('files-quota', 409, {
      params: { files: maxFiles, megabytes: toMegabytes(maxBytes) },
    });
  }
}

const toMegabytes = (bytes: number): number => Math.floor(bytes / (1024 * 1024));

async function measure(source: ByteSource): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256');
  if ('buffer' in source) {
    return { size: source.buffer.length, sha256: hash.update(source.buffer).digest('hex') };
  }
  for await (const chunk of createReadStream(source.path)) hash.update(chunk as Buffer);
  return { size: (await stat(source.path)).size, sha256: hash.digest('hex') };
}
