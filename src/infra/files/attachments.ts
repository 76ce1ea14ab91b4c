import type { Actor } from '../../shared/actor.js';
import { badInput } from '../../shared/errors.js';
import type { FileRecord } from './file.js';
import type { Files } from './files.js';
import { typeOfFile } from './type.js';

/** A file as it came with a form. */
export interface UploadedAttachment {
  readonly path: string;
  readonly name: string;
}

/** Files that people attach to records of a feature. */
export interface Attachments {
  /**
   * Stores what came with a form; all or none.
   * @throws DomainError `bad-input` on `files` for a type that is not taken; `files-quota` (409)
   */
  store(ownerId: string, personId: string, uploads: readonly UploadedAttachment[]): Promise<string[]>;
  remove(ids: readonly string[]): Promise<void>;
  removeOf(ownerId: string): Promise<void>;
  listOf(ownerId: string): Promise<FileRecord[]>;
}

export interface AttachmentsOptions {
  readonly files: Files;
  /** As `FileOwnerKind.kind`. */
  readonly kind: string;
  readonly maxFiles: number;
  readonly maxBytes: number;
  /** Ids of the files that these records refer to. */
  readonly fileIdsOf: (ownerIds: readonly string[]) => Promise<readonly string[]>;
  /** Whether the actor may see a record. */
  readonly maySee: (actor: Actor, ownerId: string) => Promise<boolean>;
}

/** Pictures, documents, sound, and text. */
const TAKEN =
  /^(image\/(jpeg|png|webp|gif|heic|heif|bmp|tiff)|audio\/.+|video\/(mp4|webm|quicktime)|text\/(plain|markdown|csv)|application\/(pdf|zip|rtf|x-cfb|epub\+zip|vnd\.(openxmlformats-officedocument|oasis\.opendocument)\..+))$/;

export function createAttachments(options: AttachmentsOptions): Attachments {
  const { files, kind } = options;
  files.defineOwner({
    kind,
    maxFiles: options.maxFiles,
    maxBytes: options.maxBytes,
    async mayRead(actor, { id, owner }) {
      if (actor === null || !(await options.fileIdsOf([owner.id])).includes(id)) return false;
      return options.maySee(actor, owner.id);
    },
    inUse: (found) => options.fileIdsOf([...new Set(found.map(({ owner }) => owner.id))]),
  });
  return {
    async store(ownerId, personId, uploads) {
      const types = await Promise.all(uploads.map(({ path, name }) => typeOfFile(path, name)));
      if (types.some((type) => type === null || !TAKEN.test(type)))
        throw badInput({ files: 'errors.field.attachmentType' });
      const stored: string[] = [];
      try {
        for (const [index, { path, name }] of uploads.entries()) {
          const file = await files.store({
            owner: { kind, id: ownerId },
            uploadedBy: personId,
            name,
            type: types[index] ?? '',
            source: { path },
          });
          stored.push(file.id);
        }
      } catch (error) {
        await files.remove(stored);
        throw error;
      }
      return stored;
    },
    remove: (ids) => files.remove(ids),
    removeOf: (id) => files.removeOf({ kind, id }),
    listOf: (id) => files.listOf({ kind, id }),
  };
}
