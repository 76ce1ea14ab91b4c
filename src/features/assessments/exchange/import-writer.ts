import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { DomainError } from '../../../shared/errors.js';
import { NAMELESS } from '../../../shared/names.js';
import { filesIn } from '../bank/files-in.js';
import { contentFields } from '../bank/question.schema.js';
import type { QuestionContent, QuestionsStore } from '../bank/questions.store.js';
import type { TestsService } from '../tests/tests.service.js';
import type { ImportedQuestion, ImportsStore, QuestionImport, WritePlan } from './imports.store.js';

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
  readonly tests: Pick<TestsService, 'addFromBank' | 'find'>;
  readonly clock: Clock;
}

/** A page that is looked at meanwhile shows how far it is. */
const PROGRESS_EVERY = 50;

export function createImportWriter({ imports, questions, tests, clock }: ImportWriterDeps): ImportWriter {
  const wanted: ImportWriter['wanted'] = (found, rule) =>
    found.questions.filter(({ duplicateOf }) => rule !== 'skip' || duplicateOf === null);

  /** Keys of the questions that stand in the test; null if it is gone. */
  async function keysInTest(found: QuestionImport): Promise<Set<string> | null> {
    if (found.testId === null) return null;
    try {
      const { items } = await tests.find(teacherOf(found), found.testId);
      return new Set(items.map(({ key }) => key));
    } catch (error) {
      if (error instanceof DomainError && error.code === 'not-found') return null;
      throw error;
    }
  }

  /** Notes what the import changes, before it changes anything. */
  async function planOf(found: QuestionImport, inTest: ReadonlySet<string> | null): Promise<WritePlan> {
    if (found.plan) return found.plan;
    const duplicates = found.rule === 'replace' ? found.questions.flatMap((q) => q.duplicateOf ?? []) : [];
    const before = await questions.current(found.courseId, [...new Set(duplicates)]);
    const replaced = before
      .filter(({ removedAt }) => removedAt === undefined)
      .map(({ key, version }) => ({ key, version }));
    const targets = targetsOf(found, replaced);
    const keys = new Set(wanted(found, found.rule).map((question) => targets(question)));
    const placed = inTest === null ? [] : [...keys].filter((key) => !inTest.has(key));
    await imports.setState(found.id, 'writing', 'writing', { plan: { replaced, placed } });
    return { replaced, placed };
  }

  /** @param key of the question in the bank: its own, or that of the question which it replaces */
  async function writeQuestion(found: QuestionImport, { key: own, content }: ImportedQuestion, key: string) {
    const { courseId, createdBy } = found;
    const [before] = key === own ? [] : await questions.current(courseId, [key]);
    // Written by this import already: before a crash, or as the same question earlier in the file.
    if (before !== undefined && isSame(before, content)) return;
    const version = (before?.version ?? 0) + 1;
    await questions.insert(
      { ...content, courseId, key, version, createdBy, files: filesIn(content) },
      clock.now(),
    );
  }

  return {
    wanted,
    async write(id) {
      const found = await imports.unsafe_findOptional(id);
      if (found?.state !== 'writing') return;
      const inTest = await keysInTest(found);
      const plan = await planOf(found, inTest);
      const targets = targetsOf(found, plan.replaced);
      const keys: string[] = [];
      for (const question of wanted(found, found.rule)) {
        const key = targets(question);
        await writeQuestion(found, question, key);
        keys.push(key);
        if (keys.length % PROGRESS_EVERY === 0) await imports.setWritten(id, keys.length);
      }
      if (found.testId !== null && inTest !== null && keys.length > 0)
        await tests.addFromBank(teacherOf(found), found.testId, [...new Set(keys)]);
      const replaced = new Set(plan.replaced.map(({ key }) => key));
      const added = [...new Set(keys.filter((key) => !replaced.has(key)))];
      await imports.setState(id, 'writing', 'done', { added, written: keys.length });
    },
  };
}

/** Returns the key under which a question is written: of what it replaces in the bank or earlier in the file, or its own. */
function targetsOf(
  found: QuestionImport,
  replaced: WritePlan['replaced'],
): (question: ImportedQuestion) => string {
  const keys = new Set([...replaced, ...found.questions].map(({ key }) => key));
  return ({ key, duplicateOf }) =>
    found.rule === 'replace' && duplicateOf !== null && keys.has(duplicateOf) ? duplicateOf : key;
}

/** Whether two questions are the same in all that a form holds. */
export const isSame = (a: QuestionContent, b: QuestionContent): boolean =>
  isDeepStrictEqual(contentFields(a), contentFields(b));

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
