import type {
  FileOwnerKind,
  FileRecord,
  Files,
  UploadedFile,
  UploadRule,
} from '../../../infra/files/index.js';
import { typeOfFile } from '../../../infra/files/index.js';
import type { Actor } from '../../../shared/actor.js';
import { badInput, conflict, notFound } from '../../../shared/errors.js';
import { maySeeAttempt } from '../assessments.policy.js';
import type { QuestionVersion } from '../bank/questions.store.js';
import { typeOf } from '../types/index.js';
import type { AttemptWithQuestions } from './attempt-questions.js';
import type { AttemptsService } from './attempts.service.js';
import type { AttemptsStore } from './attempts.store.js';

const MEGABYTE = 1024 * 1024;
/** Of each file. */
export const MOST_MEGABYTES = 20;
const KIND = 'attempt-file';

/** The address that takes the files of an answer. */
export const answerUpload: UploadRule = {
  path: /^\/tests\/[0-9a-f]{24}\/attempts\/[0-9a-f]{24}\/files\/\d{1,3}$/,
  field: 'file',
  maxFiles: 1,
  maxBytes: MOST_MEGABYTES * MEGABYTE,
};

/** A question of an open attempt that is answered with files. */
export interface FileQuestion {
  readonly paper: AttemptWithQuestions;
  readonly index: number;
  readonly version: QuestionVersion;
  readonly mostFiles: number;
  readonly files: readonly FileRecord[];
}

export interface AttemptFiles {
  /** @throws DomainError `not-found`, and as the saving of an answer */
  find(actor: Actor, testId: string, attemptId: string, index: number): Promise<FileQuestion>;
  /** @throws DomainError `bad-input` on `file`; `files-quota` (409); as the saving of an answer */
  add(
    actor: Actor,
    testId: string,
    attemptId: string,
    index: number,
    upload: UploadedFile | undefined,
  ): Promise<void>;
  /** @throws DomainError `not-found`; as the saving of an answer */
  remove(actor: Actor, testId: string, attemptId: string, index: number, fileId: string): Promise<void>;
}

interface Deps {
  readonly attempts: Pick<AttemptsService, 'openOwn' | 'saveOne'>;
  readonly attemptsStore: AttemptsStore;
  readonly files: Files;
}

/** Teachers open what they mark: a file that runs as a program is refused, whatever its name says. */
const PROGRAM = /msdownload|executable|x-elf|mach-binary|x-msi|x-ms-shortcut|java-archive|android\.package/;

export function createAttemptFiles({ attempts, attemptsStore, files }: Deps): AttemptFiles {
  files.defineOwner(filesOf(attemptsStore));

  async function find(actor: Actor, testId: string, attemptId: string, index: number): Promise<FileQuestion> {
    const paper = await attempts.openOwn(actor, testId, attemptId);
    const version = paper.versions[index];
    const mostFiles = version && typeOf(version.definition.type).mostFiles?.(version.definition);
    if (version === undefined || mostFiles === undefined) throw notFound();
    const all = await files.listOf({ kind: KIND, id: attemptId });
    const ids = idsAt(paper, index);
    return {
      paper,
      index,
      version,
      mostFiles,
      files: ids.flatMap((id) => all.find((file) => file.id === id) ?? []),
    };
  }

  const save = (actor: Actor, { paper, index }: FileQuestion, ids: readonly string[]) =>
    attempts.saveOne(actor, paper.attempt.testId, paper.attempt.id, {
      index,
      sent: ids,
      base: paper.attempt.answers[index]?.revision ?? 0,
      saveId: '',
    });

  return {
    find,

    async add(actor, testId, attemptId, index, upload) {
      const question = await find(actor, testId, attemptId, index);
      if (upload === undefined || upload.size === 0) throw badInput({ file: 'errors.field.missing' });
      const before = idsAt(question.paper, index);
      if (before.length >= question.mostFiles) throw conflict('files-quota');
      const type = await typeOfFile(upload.path, upload.name);
      if (type === null || PROGRAM.test(type)) throw badInput({ file: 'errors.field.fileType' });
      const stored = await files.store({
        owner: { kind: KIND, id: attemptId },
        uploadedBy: actor.personId,
        name: upload.name,
        type,
        source: { path: upload.path },
      });
      try {
        await save(actor, question, [...before, stored.id]);
      } catch (error) {
        await files.remove([stored.id]);
        throw error;
      }
    },

    async remove(actor, testId, attemptId, index, fileId) {
      const question = await find(actor, testId, attemptId, index);
      const before = idsAt(question.paper, index);
      if (!before.includes(fileId)) throw notFound();
      await save(
        actor,
        question,
        before.filter((id) => id !== fileId),
      );
      await files.remove([fileId]);
    },
  };
}

const idsAt = ({ attempt }: AttemptWithQuestions, index: number): string[] =>
  idsIn(attempt.answers[index]?.response);

const idsIn = (response: unknown): string[] =>
  Array.isArray(response) ? response.filter((id): id is string => typeof id === 'string') : [];

/** Files of an answer are seen by the student and by those who teach the course. */
const filesOf = (attempts: AttemptsStore): FileOwnerKind => ({
  kind: KIND,
  maxFiles: 60,
  maxBytes: 300 * MEGABYTE,
  async mayRead(actor, { owner }) {
    const attempt = await attempts.findOptionalById(owner.id);
    return (
      actor !== null &&
      attempt !== null &&
      attempt.courseId === actor.courseId &&
      maySeeAttempt(actor, attempt)
    );
  },
  async inUse(found) {
    const ids = new Set(found.map(({ owner }) => owner.id));
    const used: string[] = [];
    for (const id of ids) {
      const attempt = await attempts.findOptionalById(id);
      used.push(...(attempt?.answers ?? []).flatMap(({ response }) => idsIn(response)));
    }
    return used;
  },
});
