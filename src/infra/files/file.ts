import type { Actor } from '../../shared/actor.js';

/** What a file belongs to: a record of a feature. */
export interface FileOwner {
  /** As registered by `defineOwner`, such as `teacher-photo`. */
  readonly kind: string;
  readonly id: string;
}

export interface FileRecord {
  /** Letters and digits, not to be guessed. */
  readonly id: string;
  readonly owner: FileOwner;
  /** '' for what no person uploaded, or a person who was erased. */
  readonly uploadedBy: string;
  /** As the uploader called it: for showing and downloading, never a path. */
  readonly name: string;
  /** Media type, found from the content. */
  readonly type: string;
  readonly size: number;
  /** In hexadecimal. */
  readonly sha256: string;
  readonly createdAt: Date;
}

/** What a feature says once about the files it owns. */
export interface FileOwnerKind {
  readonly kind: string;
  /** For each owner, those being written included. */
  readonly maxFiles: number;
  readonly maxBytes: number;
  /** @param actor null for the open web */
  mayRead(actor: Actor | null, file: FileRecord): Promise<boolean>;
  /** Returns the ids of those files that their owners still refer to: what is left is deleted by a job. */
  inUse(files: readonly FileRecord[]): Promise<readonly string[]>;
}
