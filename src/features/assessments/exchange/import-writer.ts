import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { NAMELESS } from '../../../shared/names.js';
import { filesIn } from '../bank/files-in.js';
import type { QuestionContent, QuestionsStore, QuestionVersion } from '../bank/questions.store.js';
import type { TestsService } from '../tests/tests.service.js';
import type { ImportedQuestion, ImportsStore, QuestionImport } from './imports.store.js';

/** What becomes of a question whose text the bank has already. */
export const DUPLICATE_RULES = ['skip', 'both', 'replace'] as const;
export type DuplicateRule = (typeof DUPLICATE_RULES)[number];

export interface ImportWriter {
  /** The questions that the rule lets in. */
  wanted(found: Pick<QuestionImport, 'questions'>, rule: string): ImportedQuestion[];
  /**
   * Writes an import in the state `writing` into the bank and the test. A run after a crash goes on: what is written
   * already is not written twice.
   */
  write(id: string): Promise<void>;
}

export interface ImportWriterDeps {
  readonly imports: ImportsStore;
  readonly questions: QuestionsStore;
  readonly tests: Pick<TestsService, 'addFromBank'>;
  readonly clock: Clock;
}

/** A page that is looked at meanwhile shows how far it is. */
const PROGRESS_EVERY = 50;

export function createImportWriter({ imports, questions, tests, clock }: ImportWriterDeps): ImportWriter {
  const wanted: ImportWriter['wanted'] = (found, rule) =>
    found.questions.filter(({ duplicateOf }) => rule !== 'skip' || duplicateOf === null);

  /** @returns the key in the bank: of the question that it replaces, or its own */
  async function writeQuestion(found: QuestionImport, question: ImportedQuestion): Promise<string> {
    const { courseId, createdBy } = found;
    const replaced = found.rule === 'replace' && question.duplicateOf !== null;
    const [before] = replaced ? await questions.current(courseId, [question.duplicateOf]) : [];
    const key = before?.key ?? question.key;
    if (before !== undefined && isSame(before, question.content)) return key;
    const version = (before?.version ?? 0) + 1;
    const files = filesIn(question.content);
    await questions.insert({ ...question.content, courseId, key, version, createdBy, files }, clock.now());
    return key;
  }

  return {
    wanted,
    async write(id) {
      const found = await imports.unsafe_findOptional(id);
      if (found?.state !== 'writing') return;
      const keys: string[] = [];
      for (const question of wanted(found, found.rule)) {
        keys.push(await writeQuestion(found, question));
        if (keys.length % PROGRESS_EVERY === 0) await imports.setWritten(id, keys.length);
      }
      if (found.testId !== null && keys.length > 0)
        await tests.addFromBank(teacherOf(found), found.testId, keys);
      const own = new Set(found.questions.map(({ key }) => key));
      const added = keys.filter((key) => own.has(key));
      await imports.setState(id, 'writing', 'done', { added, written: keys.length });
    },
  };
}

/** Written by this import before a crash, or edited to the same by hand. */
const isSame = ({ text, mark, feedback, definition }: QuestionVersion, content: QuestionContent): boolean =>
  text === content.text &&
  mark === content.mark &&
  feedback === content.feedback &&
  isDeepStrictEqual(definition, content.definition);

/** The teacher who asked for an import or export; a job has no session. */
export const teacherOf = ({
  courseId,
  createdBy,
}: Pick<QuestionImport, 'courseId' | 'createdBy'>): Actor => ({
  personId: createdBy,
  registrationId: '',
  courseId,
  courseKey: '',
  courseTitle: '',
  role: 'teacher',
  name: NAMELESS,
});
