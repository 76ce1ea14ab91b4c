import type { Files, UploadedFile, UploadRule } from '../../../infra/files/index.js';
import { typeOfBytes, typeOfFile } from '../../../infra/files/index.js';
import type { Actor } from '../../../shared/actor.js';
import { DAY, type Clock } from '../../../shared/clock.js';
import { badInput, DomainError } from '../../../shared/errors.js';
import { readPictureSize, type PictureSize } from './picture-size.js';
import { mayEdit, maySeeResults } from '../assessments.policy.js';
import type { QuestionsStore } from './questions.store.js';

const MEGABYTE = 1024 * 1024;
/** Of each file. */
export const MOST_FILE_MEGABYTES = 20;
const KIND = 'question-file';

/** What pages show and play: no film, and nothing that a browser would run. */
const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml']);
const isRecording = (type: string): boolean => type.startsWith('audio/');

/** Addresses of the forms that write a question: the file comes with the form. */
export const questionUpload: UploadRule = {
  path: /^\/tests\/(?:[0-9a-f]{24}|bank)\/questions(?:\/[a-z2-9]{12})?$/,
  field: 'file',
  maxFiles: 1,
  maxBytes: MOST_FILE_MEGABYTES * MEGABYTE,
  // Thirty options with four fields each, and what all questions have.
  maxFields: 250,
};

/** A file of the bank, ready to be referred to. */
export interface StoredMedia {
  readonly id: string;
  readonly name: string;
  readonly isAudio: boolean;
  /** Of a picture; null for recordings, and where it cannot be told. */
  readonly size: PictureSize | null;
}

/** A file that came inside a file of questions. */
export interface EmbeddedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** A file of the bank with its bytes. */
export interface StoredBytes extends EmbeddedFile {
  readonly type: string;
}

/** Pictures and recordings of a course's questions. */
export interface QuestionFiles {
  /** @throws DomainError `bad-input` on `file` for what is no picture or recording; `files-quota` (409) */
  upload(actor: Actor, upload: UploadedFile): Promise<StoredMedia>;
  /**
   * Stores a file that an import found.
   * @returns null for what is no picture or recording, and when the course has no room left
   */
  keep(courseId: string, personId: string, file: EmbeddedFile): Promise<StoredMedia | null>;
  /** The files with their bytes; unknown ids, and files of which nothing is left, are missing. */
  read(ids: readonly string[]): Promise<Map<string, StoredBytes>>;
  /** How many bytes the files have together. */
  bytesOf(ids: readonly string[]): Promise<number>;
}

export interface QuestionFilesDeps {
  readonly files: Files;
  readonly questions: Pick<QuestionsStore, 'withFile' | 'filesInUse'>;
  /** Whether the person has been given one of these versions in an attempt. */
  readonly wasGiven: (courseId: string, personId: string, versionIds: readonly string[]) => Promise<boolean>;
  /** Ids of those of these files that imports under way refer to. */
  readonly importsUse: (ids: readonly string[]) => Promise<readonly string[]>;
  /** Whether one of these questions of other courses is shared with the actor. */
  readonly isShared: (
    actor: Actor,
    questions: readonly { readonly courseId: string; readonly key: string }[],
  ) => Promise<boolean>;
  readonly clock: Clock;
}

export function createQuestionFiles(deps: QuestionFilesDeps): QuestionFiles {
  const { files, questions, clock } = deps;
  files.defineOwner({
    kind: KIND,
    maxFiles: 3_000,
    maxBytes: 1_000 * MEGABYTE,
    // Those who may see a question see its files: teachers of a course that has it, students who were given it.
    async mayRead(actor, file) {
      if (actor === null) return false;
      const versions = await questions.withFile(file.id);
      const own = versions.filter(({ courseId }) => courseId === actor.courseId);
      if (!maySeeResults(actor)) {
        const ids = own.map(({ id }) => id);
        return ids.length > 0 && deps.wasGiven(actor.courseId, actor.personId, ids);
      }
      if (own.length > 0) return true;
      if (!mayEdit(actor)) return false;
      // Not in a question yet: it is looked at in the form, or in the preview of an import.
      return file.uploadedBy === actor.personId || deps.isShared(actor, versions);
    },
    async inUse(found) {
      const ids = found.map(({ id }) => id);
      const yesterday = clock.now().getTime() - DAY;
      return [
        ...(await questions.filesInUse(ids)),
        ...(await deps.importsUse(ids)),
        // A form may stay open for long.
        ...found.filter(({ createdAt }) => createdAt.getTime() > yesterday).map(({ id }) => id),
      ];
    },
  });

  const isTaken = (type: string | null): type is string =>
    type !== null && (PICTURES.has(type) || isRecording(type));

  return {
    async upload(actor, { path, name }) {
      const type = await typeOfFile(path, name);
      if (!isTaken(type)) throw badInput({ file: 'errors.field.mediaType' });
      const isAudio = isRecording(type);
      const size = isAudio ? null : await readPictureSize(path);
      if (!isAudio && size === null) throw badInput({ file: 'errors.field.pictureDamaged' });
      const stored = await files.store({
        owner: { kind: KIND, id: actor.courseId },
        uploadedBy: actor.personId,
        name,
        type,
        source: { path },
      });
      return { id: stored.id, name: stored.name, isAudio, size };
    },

    async keep(courseId, personId, { name, bytes }) {
      const type = await typeOfBytes(bytes, name);
      if (!isTaken(type)) return null;
      const isAudio = isRecording(type);
      const size = isAudio ? null : await readPictureSize(bytes);
      if (!isAudio && size === null) return null;
      try {
        const stored = await files.store({
          owner: { kind: KIND, id: courseId },
          uploadedBy: personId,
          name,
          type,
          source: { buffer: bytes },
        });
        return { id: stored.id, name: stored.name, isAudio, size };
      } catch (error) {
        if (error instanceof DomainError && error.code === 'files-quota') return null;
        throw error;
      }
    },

    async bytesOf(ids) {
      return (await files.findMany(KIND, ids)).reduce((sum, { size }) => sum + size, 0);
    },

    async read(ids) {
      const found = new Map<string, StoredBytes>();
      for (const file of await files.findMany(KIND, ids)) {
        const parts: Buffer[] = [];
        for await (const part of (await files.bytes.open(file.id)) as AsyncIterable<Buffer>) parts.push(part);
        found.set(file.id, { name: file.name, type: file.type, bytes: Buffer.concat(parts) });
      }
      return found;
    },
  };
}
