import { Router, type Response } from 'express';
import { z } from 'zod';
import { contentDisposition } from '../../../web/content-disposition.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { parse } from '../../../web/parse.js';
import { fileName } from '../../../infra/export/index.js';
import type { Clock } from '../../../shared/clock.js';
import { recordId } from '../assessments.schema.js';
import { bankFilter } from '../bank/bank.schema.js';
import type { BankService } from '../bank/bank.service.js';
import type { QuestionFiles } from '../bank/question-files.service.js';
import type { QuestionContent } from '../bank/questions.store.js';
import { MOST_QUESTIONS, type TestsService } from '../tests/tests.service.js';
import { foreignOf } from './foreign-of.js';
import { writeGift } from './writers/gift.js';
import { mediaOf } from './writers/media-out.js';
import { writeMoodleXml } from './writers/moodle-xml.js';
import { writeQtiPackage } from './writers/qti3.js';

const wanted = z.object({ format: z.enum(['gift', 'moodle-xml', 'qti']) });
type ExportFormat = z.infer<typeof wanted>['format'];

export interface ExportDeps {
  readonly tests: Pick<TestsService, 'find' | 'placed'>;
  readonly bank: Pick<BankService, 'list'>;
  readonly media: Pick<QuestionFiles, 'read'>;
  readonly clock: Clock;
}

/** `/c/:courseKey/tests/:id/export` and `/bank/export`: questions as a file, for teachers. */
export function exportRouter({ tests, bank, media, clock }: ExportDeps): Router {
  const router = Router();

  async function send(
    res: Response,
    { format, title, zone }: { readonly format: ExportFormat; readonly title: string; readonly zone: string },
    contents: readonly QuestionContent[],
  ): Promise<void> {
    const { ending, type, content } = await fileOf(format, contents, media);
    res.setHeader(
      'Content-Disposition',
      contentDisposition('attachment', fileName(title, clock.now(), zone, ending)),
    );
    res.setHeader('Cache-Control', 'no-store');
    res.type(type).send(content);
  }

  // The address of the bank comes first: it is no id of a test.
  router.get('/bank/export', requireRole('teacher'), async (req, res) => {
    const { format } = parse(wanted, req.query);
    const { entries } = await bank.list(actorOf(req), parse(bankFilter, req.query));
    const contents = entries.slice(0, MOST_QUESTIONS).map(({ question }) => question);
    await send(
      res,
      { format, title: req.page.t('assessments.bankPage.title'), zone: req.page.zone },
      contents,
    );
  });

  router.get('/:id/export', requireRole('teacher'), async (req, res) => {
    const { format } = parse(wanted, req.query);
    const test = await tests.find(actorOf(req), recordId(req.params.id));
    const contents = (await tests.placed(test)).map(({ question, item }) => ({
      ...question,
      mark: item.mark,
    }));
    await send(res, { format, title: test.title, zone: req.page.zone }, contents);
  });
  return router;
}

async function fileOf(
  format: ExportFormat,
  contents: readonly QuestionContent[],
  files: Pick<QuestionFiles, 'read'>,
): Promise<{ ending: string; type: string; content: string | Buffer }> {
  const questions = contents.map(foreignOf);
  switch (format) {
    case 'gift':
      return { ending: 'gift.txt', type: 'text/plain; charset=utf-8', content: writeGift(questions) };
    case 'moodle-xml':
      return {
        ending: 'xml',
        type: 'application/xml; charset=utf-8',
        content: writeMoodleXml(questions, await mediaOf(contents, files)),
      };
    case 'qti':
      return {
        ending: 'zip',
        type: 'application/zip',
        content: await writeQtiPackage(questions, await mediaOf(contents, files)),
      };
  }
}
