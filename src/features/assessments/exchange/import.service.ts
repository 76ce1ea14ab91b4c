import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput, conflict, notFound } from '../../../shared/errors.js';
import { newKey } from '../../../shared/ids.js';
import type { QuestionsStore, QuestionVersion } from '../bank/questions.store.js';
import type { TestsService } from '../tests/tests.service.js';
import { normalised } from '../types/words.js';
import { contentOf } from './content.js';
import type { ForeignFile } from './foreign.js';
import type { ImportedQuestion, ImportsStore, LeftOut, QuestionImport } from './imports.store.js';
import { FileProblem, readQuestions, type Format } from './read-file.js';

/** What becomes of a question whose text the bank has already. */
export const DUPLICATE_RULES = ['skip', 'both', 'replace'] as const;
export type DuplicateRule = (typeof DUPLICATE_RULES)[number];

export interface SentFile {
  readonly bytes: Buffer;
  /** Empty for a pasted text. */
  readonly name: string;
  readonly format: Format | null;
}

export interface ImportService {
  /**
   * Reads a file and keeps what it holds for the preview; the bank stays as it is.
   * @param testId test that gets the questions, or null
   * @returns id of the import
   * @throws DomainError `bad-input` on `file`: it cannot be read, or holds no question
   */
  read(actor: Actor, file: SentFile, testId: string | null): Promise<string>;
  /** @throws DomainError `not-found` */
  find(actor: Actor, id: string): Promise<QuestionImport>;
  /** Writes the questions into the bank and the test. Done once, however often it is asked for. */
  confirm(actor: Actor, id: string, rule: DuplicateRule): Promise<QuestionImport>;
  /**
   * Takes out of the bank what the import wrote and no test uses; a draft gives its questions back first.
   * @returns how many stay because a published test uses them
   * @throws DomainError `import-not-done` (409)
   */
  undo(actor: Actor, id: string): Promise<number>;
}

export interface ImportDeps {
  readonly imports: ImportsStore;
  readonly questions: QuestionsStore;
  readonly tests: Pick<TestsService, 'find' | 'list' | 'addFromBank' | 'removeQuestion'>;
  readonly clock: Clock;
}

/** One preview page, and one document of the database. */
const MOST_QUESTIONS = 2_000;

export function createImportService({ imports, questions, tests, clock }: ImportDeps): ImportService {
  async function find(actor: Actor, id: string): Promise<QuestionImport> {
    const found = await imports.findOptional(actor.courseId, id);
    if (found === null) throw notFound();
    return found;
  }

  /** Writes a new question, or the next version of the one it replaces. @returns the key in the bank */
  async function write(actor: Actor, question: ImportedQuestion, rule: DuplicateRule): Promise<string> {
    const { courseId, personId } = actor;
    const replaced = rule === 'replace' && question.duplicateOf !== null;
    const [before] = replaced ? await questions.current(courseId, [question.duplicateOf ?? '']) : [];
    const key = before?.key ?? question.key;
    const version = (before?.version ?? 0) + 1;
    await questions.insert({ ...question.content, courseId, key, version, createdBy: personId }, clock.now());
    return key;
  }

  return {
    async read(actor, file, testId) {
      if (testId !== null) await tests.find(actor, testId);
      const read = await readOrRefuse(file);
      const { kept, leftOut } = mapped(read, await questions.recent(actor.courseId));
      if (kept.length === 0 && leftOut.length === 0 && read.unreadable.length === 0)
        throw badInput({ file: 'exchange.problem.noQuestions' });
      if (kept.length > MOST_QUESTIONS) throw badInput({ file: 'exchange.problem.tooMany' });
      return imports.insert({
        courseId: actor.courseId,
        createdBy: actor.personId,
        createdAt: clock.now(),
        name: file.name.slice(0, 200),
        format: read.format,
        testId,
        state: 'preview',
        added: [],
        questions: kept,
        leftOut,
        unreadable: read.unreadable.slice(0, MOST_QUESTIONS),
      });
    },

    find,

    async confirm(actor, id, rule) {
      const found = await find(actor, id);
      if (found.state !== 'preview') return found;
      const wanted = found.questions.filter((question) => rule !== 'skip' || question.duplicateOf === null);
      const keys: string[] = [];
      for (const question of wanted) keys.push(await write(actor, question, rule));
      if (found.testId !== null && keys.length > 0) await tests.addFromBank(actor, found.testId, keys);
      const own = new Set(found.questions.map(({ key }) => key));
      await imports.setState(
        actor.courseId,
        id,
        'preview',
        'done',
        keys.filter((key) => own.has(key)),
      );
      return find(actor, id);
    },

    async undo(actor, id) {
      const found = await find(actor, id);
      if (found.state === 'preview') throw conflict('import-not-done');
      if (found.state === 'undone') return 0;
      const all = await tests.list(actor);
      const draft = all.find((test) => test.id === found.testId && test.state === 'draft');
      for (const key of draft ? found.added : []) await tests.removeQuestion(actor, draft?.id ?? '', key);
      const used = new Set(
        all.filter((test) => test !== draft).flatMap(({ items }) => items.map(({ key }) => key)),
      );
      await questions.remove(
        actor.courseId,
        found.added.filter((key) => !used.has(key)),
        clock.now(),
      );
      await imports.setState(actor.courseId, id, 'done', 'undone', found.added);
      return found.added.filter((key) => used.has(key)).length;
    },
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

/** @param bank questions of the course, to tell duplicates by their text */
function mapped(
  { questions }: ForeignFile,
  bank: readonly QuestionVersion[],
): { kept: ImportedQuestion[]; leftOut: LeftOut[] } {
  const known = new Map(bank.map(({ text, key }) => [normalised(text, false), key]));
  const kept: ImportedQuestion[] = [];
  const leftOut: LeftOut[] = [];
  for (const question of questions) {
    const made = contentOf(question);
    if ('problem' in made) {
      leftOut.push({ place: question.place, text: question.text.slice(0, 300), ...made });
      continue;
    }
    kept.push({
      key: newKey(),
      place: question.place,
      content: made.content,
      notes: made.notes,
      duplicateOf: known.get(normalised(made.content.text, false)) ?? null,
    });
  }
  return { kept, leftOut };
}
