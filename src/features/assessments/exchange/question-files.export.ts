import { z } from 'zod';
import type { ExportKind, ExportParameters } from '../../../infra/export/index.js';
import { forbidden } from '../../../shared/errors.js';
import { parse } from '../../../web/parse.js';
import { mayEdit } from '../assessments.policy.js';
import { bankFilter } from '../bank/bank.schema.js';
import type { QuestionFiles } from '../bank/question-files.service.js';
import { EXPORT_FORMATS, type ExportSource } from './export-formats.js';
import type { ExportService } from './export.service.js';
import { writeInThread } from './write-in-thread.js';
import { KINDS } from './writers/file-of.js';
import { mediaOf } from './writers/media-out.js';

export const QUESTION_FILES = 'questions';

const formats = z.enum(EXPORT_FORMATS);

/** Which questions, of a request or as it was stored. @throws DomainError `bad-input` */
export function sourceOf({ test, ...fields }: ExportParameters): ExportSource {
  if (test !== undefined) return { kind: 'test', testId: test };
  const { page: _page, ...filter } = parse(bankFilter, fields);
  return { kind: 'bank', filter };
}

/** The same as texts. */
export const parametersOf = (source: ExportSource): ExportParameters =>
  source.kind === 'test' ? { test: source.testId } : { ...source.filter };

/** Large files of questions, written in a thread. Parameters: `test`, its id; or the filter of the bank. */
export const questionFiles = (
  service: Pick<ExportService, 'titleOf' | 'contentsOf'>,
  media: Pick<QuestionFiles, 'read'>,
): ExportKind => ({
  name: QUESTION_FILES,
  async open({ actor }, parameters, { t }) {
    if (actor === null || !mayEdit(actor)) throw forbidden();
    const source = sourceOf(parameters);
    return {
      title: (await service.titleOf(actor, source)) || t('assessments.bankPage.title'),
      async write({ format, tell }) {
        const contents = await service.contentsOf(actor, source);
        await tell(0, contents.length);
        const byId = await mediaOf(contents, media);
        const wanted = parse(formats, format);
        const bytes = await writeInThread(
          { format: wanted, contents, media: [...byId.values()] },
          // How far it is may go unsaid; the file does not depend on it.
          (ready) => void tell(ready, contents.length).catch(() => undefined),
        );
        await tell(contents.length, contents.length);
        const { ending, type } = KINDS[wanted];
        return { bytes, type: type.split(';')[0] ?? type, extension: ending };
      },
    };
  },
});
