import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { conflict } from '../../../shared/errors.js';
import { filesIn } from '../bank/files-in.js';
import { contentOf, type QuestionsStore } from '../bank/questions.store.js';
import type { Test } from '../tests/tests.store.js';
import type { TestsService } from '../tests/tests.service.js';
import { isSame } from './import-writer.js';
import type { ImportsStore, QuestionImport } from './imports.store.js';

export interface ImportUndoDeps {
  readonly imports: Pick<ImportsStore, 'setState'>;
  readonly questions: QuestionsStore;
  readonly tests: Pick<TestsService, 'list' | 'removeQuestion'>;
  readonly clock: Clock;
}

/** Takes an import back. Returns how many questions stay because a test uses them. */
export type ImportUndo = (actor: Actor, found: QuestionImport) => Promise<number>;

export function createImportUndo({ imports, questions, tests, clock }: ImportUndoDeps): ImportUndo {
  /** A replaced question gets its former content as a new version, unless it was edited since. */
  async function restore(actor: Actor, found: QuestionImport, key: string, version: number): Promise<void> {
    const { courseId } = actor;
    const versions = await questions.versionsOf(courseId, key);
    const [current] = versions;
    const before = versions.find((each) => each.version === version);
    const written = found.questions.findLast(({ duplicateOf }) => duplicateOf === key);
    if (!current || !before || !written || current.version === version) return;
    if (current.removedAt !== undefined || !isSame(current, written.content)) return;
    const content = contentOf(before);
    await questions.insert(
      {
        ...content,
        courseId,
        key,
        version: current.version + 1,
        createdBy: actor.personId,
        files: filesIn(content),
      },
      clock.now(),
    );
  }

  /** A draft gives back what the import put into it. */
  async function takeOut(actor: Actor, { plan, added }: QuestionImport, draft: Test): Promise<void> {
    const placed = new Set(plan?.placed ?? added);
    for (const { key } of draft.items.filter((item) => placed.has(item.key)))
      await tests.removeQuestion(actor, draft.id, key);
  }

  return async (actor, found) => {
    if (found.state === 'undone') return 0;
    if (found.state !== 'done') throw conflict('import-not-done');
    const all = await tests.list(actor);
    const draft = all.find((test) => test.id === found.testId && test.state === 'draft');
    if (draft) await takeOut(actor, found, draft);
    for (const { key, version } of found.plan?.replaced ?? []) await restore(actor, found, key, version);
    const used = new Set(
      all.filter((test) => test !== draft).flatMap(({ items }) => items.map(({ key }) => key)),
    );
    const free = found.added.filter((key) => !used.has(key));
    await questions.remove(actor.courseId, free, clock.now());
    await imports.setState(found.id, 'done', 'undone', {});
    return found.added.length - free.length;
  };
}
