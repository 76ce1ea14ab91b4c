import type { Actor } from '../../../shared/actor.js';
import { MINUTE, type Clock } from '../../../shared/clock.js';
import { badInput, conflict, notFound } from '../../../shared/errors.js';
import type { QuestionFiles } from '../bank/question-files.service.js';
import type { QuestionsStore } from '../bank/questions.store.js';
import { MOST_QUESTIONS as MOST_IN_TEST, type TestsService } from '../tests/tests.service.js';
import type { ForeignFile } from './foreign.js';
import { createImportUndo } from './import-undo.js';
import type { DuplicateRule, ImportWriter } from './import-writer.js';
import type { ImportsStore, QuestionImport } from './imports.store.js';
import { MOST_QUESTIONS, mappedFile } from './mapped-file.js';
import { isLargeFile, LARGE } from './large-file.js';
import { FileProblem, readQuestions, type Format } from './read-file.js';

export interface SentFile {
  readonly bytes: Buffer;
  /** Empty for a pasted text. */
  readonly name: string;
  readonly format: Format | null;
}

/** Work that outlives a request; null where there is none, as in the terminal: then all is done at once. */
export interface ImportBackground {
  /** Stores a large file until it is read. @returns its id */
  keep(actor: Actor, importId: string, file: SentFile): Promise<string>;
  read(importId: string, file: { readonly name: string; readonly format: Format | null }): Promise<void>;
  /** @param at now unless given */
  write(importId: string, at?: Date): Promise<void>;
}

export interface ImportService {
  /**
   * Reads a file and keeps what it holds for the preview; the bank stays as it is. A large file is read by a job.
   * @param testId test that gets the questions, or null
   * @returns id of the import
   * @throws DomainError `bad-input` on `file`: it cannot be read, or holds no question
   */
  read(actor: Actor, file: SentFile, testId: string | null): Promise<string>;
  /** @throws DomainError `not-found` */
  find(actor: Actor, id: string): Promise<QuestionImport>;
  /**
   * Writes the questions into the bank and the test; a job writes a large import. Done once, however often it is asked
   * for. @throws DomainError `test-too-long` (409)
   */
  confirm(actor: Actor, id: string, rule: DuplicateRule): Promise<QuestionImport>;
  /**
   * Takes out of the bank what the import wrote and no test uses, after the draft that got it, and gives replaced
   * questions their former content unless they were edited since.
   * @returns how many stay because a published test uses them
   * @throws DomainError `import-not-done` (409)
   */
  undo(actor: Actor, id: string): Promise<number>;
}

export interface ImportDeps {
  readonly imports: ImportsStore;
  readonly questions: QuestionsStore;
  readonly tests: Pick<TestsService, 'find' | 'list' | 'removeQuestion'>;
  readonly writer: ImportWriter;
  readonly background: ImportBackground | null;
  /** Null where there is no place for files. */
  readonly media: Pick<QuestionFiles, 'keep'> | null;
  readonly clock: Clock;
}

/** A small import takes less to write: if it is not done by then, its process was killed and a job writes it. */
const TAKEN_OVER_MS = MINUTE;

export function createImportService(deps: ImportDeps): ImportService {
  const { imports, questions, tests, writer, background, media, clock } = deps;
  const undo = createImportUndo(deps);

  async function find(actor: Actor, id: string): Promise<QuestionImport> {
    const found = await imports.findOptional(actor.courseId, id);
    if (found === null) throw notFound();
    return found;
  }

  const emptyImport = (actor: Actor, file: SentFile, testId: string | null) => ({
    courseId: actor.courseId,
    createdBy: actor.personId,
    createdAt: clock.now(),
    name: file.name.slice(0, 200),
    format: file.format ?? '',
    testId,
    fileId: null,
    media: [],
    problem: '',
    rule: '',
    written: 0,
    added: [],
    plan: null,
    questions: [],
    leftOut: [],
    unreadable: [],
  });

  async function readLater(
    work: ImportBackground,
    actor: Actor,
    file: SentFile,
    testId: string | null,
  ): Promise<string> {
    const id = await imports.insert({
      ...emptyImport(actor, file, testId),
      format: 'unknown',
      state: 'reading',
    });
    const fileId = await work.keep(actor, id, file);
    await imports.setState(id, 'reading', 'reading', { fileId });
    await work.read(id, { name: file.name, format: file.format });
    return id;
  }

  return {
    async read(actor, file, testId) {
      if (testId !== null) await tests.find(actor, testId);
      if (background !== null && (await isLargeFile(file.bytes)))
        return readLater(background, actor, file, testId);
      const read = await readOrRefuse(file);
      if (read.questions.length > MOST_QUESTIONS) throw badInput({ file: 'exchange.problem.tooMany' });
      const { kept, leftOut, ...stored } = await mappedFile(read, await questions.recent(actor.courseId), {
        media,
        courseId: actor.courseId,
        personId: actor.personId,
      });
      if (kept.length === 0 && leftOut.length === 0 && read.unreadable.length === 0)
        throw badInput({ file: 'exchange.problem.noQuestions' });
      return imports.insert({
        ...emptyImport(actor, file, testId),
        format: read.format,
        state: 'preview',
        questions: kept,
        media: stored.media,
        leftOut,
        unreadable: read.unreadable.slice(0, MOST_QUESTIONS),
      });
    },

    find,

    async confirm(actor, id, chosen) {
      const found = await find(actor, id);
      if (found.state !== 'preview') return found;
      // A writing that failed goes on by the rule with which it began.
      const rule = found.rule || chosen;
      const wanted = writer.wanted(found, rule).length;
      if (found.testId !== null) {
        const { items } = await tests.find(actor, found.testId);
        if (items.length + wanted > MOST_IN_TEST) throw conflict('test-too-long', { most: MOST_IN_TEST });
      }
      // A process may be killed at any moment from here on: the job takes over then.
      await background?.write(id, new Date(clock.now().getTime() + TAKEN_OVER_MS));
      if (!(await imports.setState(id, 'preview', 'writing', { rule, problem: '', written: 0 })))
        return find(actor, id);
      if (background !== null && wanted > LARGE.questions) await background.write(id);
      else await writer.write(id);
      return find(actor, id);
    },

    undo: async (actor, id) => undo(actor, await find(actor, id)),
  };
}

async function readOrRefuse({ bytes, name, format }: SentFile): Promise<ForeignFile & { format: Format }> {
  try {
    return await readQuestions(bytes, name, format);
  } catch (error) {
    if (error instanceof FileProblem) throw badInput({ file: `exchange.problem.${error.key}` });
    throw error;
  }
}
