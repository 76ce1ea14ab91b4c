import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { notFound } from '../../../shared/errors.js';
import type { BankService } from '../bank/bank.service.js';
import { filesIn } from '../bank/files-in.js';
import type { QuestionFiles } from '../bank/question-files.service.js';
import type { QuestionContent } from '../bank/questions.store.js';
import type { TestsService } from '../tests/tests.service.js';
import type { ExportFormat, ExportSource } from './export-formats.js';
import type { ExportsStore, QuestionExport } from './exports.store.js';
import { LARGE } from './import.service.js';
import { fileOf, type WrittenFile } from './writers/file-of.js';
import { mediaOf } from './writers/media-out.js';

/** The questions of a file that is asked for. */
export interface ExportPlan {
  readonly contents: readonly QuestionContent[];
  /** Title of the test; '' for the bank. */
  readonly title: string;
  /** Too large to be written while a person waits: a job does it. */
  readonly isLarge: boolean;
}

/** Questions as files. */
export interface ExportService {
  /** @throws DomainError `not-found` */
  plan(actor: Actor, source: ExportSource): Promise<ExportPlan>;
  /** Writes a file at once. */
  write(plan: ExportPlan, format: ExportFormat): Promise<WrittenFile>;
  /** Has a job write the file. @param name of the file, without its ending. @returns id of the export */
  start(actor: Actor, source: ExportSource, format: ExportFormat, name: string): Promise<string>;
  /** @throws DomainError `not-found` */
  find(actor: Actor, id: string): Promise<QuestionExport>;
}

export interface ExportServiceDeps {
  readonly exports: ExportsStore;
  readonly tests: Pick<TestsService, 'find' | 'placed'>;
  readonly bank: Pick<BankService, 'list'>;
  readonly media: Pick<QuestionFiles, 'read' | 'bytesOf'>;
  readonly write: (exportId: string) => Promise<void>;
  readonly clock: Clock;
}

/** The questions of a source, as the actor may have them. @throws DomainError `not-found` */
export async function contentsOf(
  { tests, bank }: Pick<ExportServiceDeps, 'tests' | 'bank'>,
  actor: Actor,
  source: ExportSource,
): Promise<Pick<ExportPlan, 'contents' | 'title'>> {
  if (source.kind === 'bank') {
    const { entries } = await bank.list(actor, source.filter);
    return { contents: entries.map(({ question }) => question), title: '' };
  }
  const test = await tests.find(actor, source.testId);
  const placed = await tests.placed(test);
  return {
    contents: placed.map(({ question, item }) => ({ ...question, mark: item.mark })),
    title: test.title,
  };
}

export function createExportService(deps: ExportServiceDeps): ExportService {
  const { exports, media, write, clock } = deps;

  async function isLarge(contents: readonly QuestionContent[]): Promise<boolean> {
    if (contents.length > LARGE.questions) return true;
    const ofTexts = JSON.stringify(contents).length;
    return ofTexts + (await media.bytesOf([...new Set(contents.flatMap(filesIn))])) > LARGE.bytes;
  }

  const plan: ExportService['plan'] = async (actor, source) => {
    const found = await contentsOf(deps, actor, source);
    return { ...found, isLarge: await isLarge(found.contents) };
  };

  return {
    plan,
    write: async ({ contents }, format) => fileOf(format, contents, await mediaOf(contents, media)),

    async start(actor, source, format, name) {
      const { contents } = await contentsOf(deps, actor, source);
      const id = await exports.insert({
        courseId: actor.courseId,
        createdBy: actor.personId,
        createdAt: clock.now(),
        format,
        source,
        name: name.slice(0, 200),
        total: contents.length,
      });
      await write(id);
      return id;
    },

    async find(actor, id) {
      const found = await exports.findOptional(actor.courseId, id);
      if (found === null) throw notFound();
      return found;
    },
  };
}
