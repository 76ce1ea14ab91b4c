import type { Actor } from '../../../shared/actor.js';
import type { BankService } from '../bank/bank.service.js';
import { filesIn } from '../bank/files-in.js';
import type { QuestionFiles } from '../bank/question-files.service.js';
import type { QuestionContent } from '../bank/questions.store.js';
import type { TestsService } from '../tests/tests.service.js';
import type { ExportFormat, ExportSource } from './export-formats.js';
import { LARGE } from './large-file.js';
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
  /** Title of the test; '' for the bank. @throws DomainError `not-found` */
  titleOf(actor: Actor, source: ExportSource): Promise<string>;
  /** The questions, as the actor may have them. @throws DomainError `not-found` */
  contentsOf(actor: Actor, source: ExportSource): Promise<readonly QuestionContent[]>;
  /** Writes a file at once. */
  write(plan: ExportPlan, format: ExportFormat): Promise<WrittenFile>;
}

export interface ExportServiceDeps {
  readonly tests: Pick<TestsService, 'find' | 'placed'>;
  readonly bank: Pick<BankService, 'list'>;
  readonly media: Pick<QuestionFiles, 'read' | 'bytesOf'>;
}

export function createExportService({ tests, bank, media }: ExportServiceDeps): ExportService {
  async function isLarge(contents: readonly QuestionContent[]): Promise<boolean> {
    if (contents.length > LARGE.questions) return true;
    const ofTexts = JSON.stringify(contents).length;
    return ofTexts + (await media.bytesOf([...new Set(contents.flatMap(filesIn))])) > LARGE.bytes;
  }

  const titleOf: ExportService['titleOf'] = async (actor, source) =>
    source.kind === 'bank' ? '' : (await tests.find(actor, source.testId)).title;

  const contentsOf: ExportService['contentsOf'] = async (actor, source) => {
    if (source.kind === 'bank') {
      const { entries } = await bank.list(actor, source.filter);
      return entries.map(({ question }) => question);
    }
    const placed = await tests.placed(await tests.find(actor, source.testId));
    return placed.map(({ question, item }) => ({ ...question, mark: item.mark }));
  };

  return {
    titleOf,
    contentsOf,

    async plan(actor, source) {
      const contents = await contentsOf(actor, source);
      return { contents, title: await titleOf(actor, source), isLarge: await isLarge(contents) };
    },

    write: async ({ contents }, format) => fileOf(format, contents, await mediaOf(contents, media)),
  };
}
