import { buffer } from 'node:stream/consumers';
import type { Files } from './files.js';

export interface WorkFilesRule {
  readonly files: Files;
  readonly kind: string;
  readonly maxBytes: number;
  /** Of these files, those that a stored record still names. */
  readonly inUse: (ids: readonly string[]) => Promise<readonly string[]>;
}

/** Uploaded files that the program alone reads, now or in a job: imports. A file that no record names is swept. */
export interface WorkFiles {
  /** Returns the file's id. @throws DomainError `files-quota` (409) */
  keep(
    file: { readonly bytes: Buffer; readonly name: string },
    owner: { readonly id: string; readonly uploadedBy: string },
  ): Promise<string>;
  read(fileId: string): Promise<Buffer>;
  remove(fileId: string): Promise<void>;
}

export function createWorkFiles({ files, kind, maxBytes, inUse }: WorkFilesRule): WorkFiles {
  files.defineOwner({
    kind,
    maxFiles: 1,
    maxBytes,
    mayRead: () => Promise.resolve(false),
    inUse: (found) => inUse(found.map(({ id }) => id)),
  });
  return {
    async keep({ bytes, name }, { id: ownerId, uploadedBy }) {
      const { id } = await files.store({
        owner: { kind, id: ownerId },
        uploadedBy,
        ...{ name, type: 'application/octet-stream', source: { buffer: bytes } },
      });
      return id;
    },
    read: async (fileId) => buffer(await files.bytes.open(fileId)),
    remove: (fileId) => files.remove([fileId]),
  };
}
