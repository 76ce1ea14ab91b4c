import { typeOfFile, type FileOwnerKind, type FileRecord, type Files } from '../../infra/files/index.js';
import type { Actor } from '../../shared/actor.js';
import { badInput } from '../../shared/errors.js';
import type { Question } from './question.js';

/** A file as it came with a form. */
export interface UploadedQuestionFile {
  readonly path: string;
  readonly name: string;
}

/** Files of questions and answers. */
export interface QuestionFiles {
  /**
   * Stores what came with a form; all or none.
   * @throws DomainError `bad-input` on `files` for a type that is not taken; `files-quota` (409)
   */
  store(questionId: string, personId: string, uploads: readonly UploadedQuestionFile[]): Promise<string[]>;
  remove(ids: readonly string[]): Promise<void>;
  removeOf(questionId: string): Promise<void>;
  listOf(questionId: string): Promise<FileRecord[]>;
}

export interface QuestionFilesDeps {
  readonly files: Files;
  readonly find: (ids: readonly string[]) => Promise<readonly Question[]>;
  readonly maySee: (actor: Actor, question: Question) => Promise<boolean>;
}

const KIND = 'question';
const MEGABYTE = 1024 * 1024;

/** Pictures, documents, sound, and text. */
const TAKEN =
  /^(image\/(jpeg|png|webp|gif|heic|heif|bmp|tiff)|audio\/.+|video\/(mp4|webm|quicktime)|text\/(plain|markdown|csv)|application\/(pdf|zip|rtf|x-cfb|epub\+zip|vnd\.(openxmlformats-officedocument|oasis\.opendocument)\..+))$/;

export function createQuestionFiles({ files, find, maySee }: QuestionFilesDeps): QuestionFiles {
  files.defineOwner(questionOwner({ find, maySee }));
  return {
    async store(questionId, personId, uploads) {
      const types = await Promise.all(uploads.map(({ path, name }) => typeOfFile(path, name)));
      if (types.some((type) => type === null || !TAKEN.test(type)))
        throw badInput({ files: 'errors.field.questionFileType' });
      const stored: string[] = [];
      try {
        for (const [index, { path, name }] of uploads.entries()) {
          const file = await files.store({
            owner: { kind: KIND, id: questionId },
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
    removeOf: (id) => files.removeOf({ kind: KIND, id }),
    listOf: (id) => files.listOf({ kind: KIND, id }),
  };
}

const questionOwner = ({ find, maySee }: Omit<QuestionFilesDeps, 'files'>): FileOwnerKind => ({
  kind: KIND,
  maxFiles: 60,
  maxBytes: 200 * MEGABYTE,
  async mayRead(actor, { id, owner }) {
    const [question] = await find([owner.id]);
    if (actor === null || question === undefined || question.courseId !== actor.courseId) return false;
    return question.messages.some(({ files }) => files.includes(id)) && maySee(actor, question);
  },
  async inUse(found) {
    const questions = await find([...new Set(found.map(({ owner }) => owner.id))]);
    return questions.flatMap(({ messages }) => messages.flatMap(({ files }) => files));
  },
});
