import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { fileName, type Exports } from '../../../infra/export/index.js';
import type { Clock } from '../../../shared/clock.js';
import { contentDisposition } from '../../../web/content-disposition.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { parse } from '../../../web/parse.js';
import { seeOther } from '../../../web/present.js';
import { homeOf, requesterOf } from '../../../web/requester.js';
import { recordId } from '../assessments.schema.js';
import { bankFilter } from '../bank/bank.schema.js';
import type { ExportService } from './export.service.js';
import { EXPORT_FORMATS, type ExportSource } from './export-formats.js';
import { parametersOf, QUESTION_FILES } from './question-files.export.js';

const wanted = z.object({ format: z.enum(EXPORT_FORMATS) });

export interface ExportRouterDeps {
  readonly service: ExportService;
  readonly exports: Pick<Exports, 'ask' | 'find'>;
  readonly clock: Clock;
}

/** `/c/:courseKey/tests/:id/export` and `/bank/export`: questions as a file, for teachers. */
export function exportRouter({ service, exports, clock }: ExportRouterDeps): Router {
  const router = Router();
  const teacher = requireRole('teacher');
  const nameOf = (req: Request, title: string, ending: string): string =>
    fileName(title || req.page.t('assessments.bankPage.title'), clock.now(), req.page.zone, ending);

  /** Sends a small file at once; a large one is written by a job, to whose page the answer leads. */
  async function answer(req: Request, res: Response, source: ExportSource, back: string): Promise<void> {
    const { format } = parse(wanted, req.query);
    const plan = await service.plan(actorOf(req), source);
    if (plan.isLarge) {
      const wish = { kind: QUESTION_FILES, parameters: parametersOf(source), format, back };
      const id = await exports.ask(requesterOf(req), wish, req.page);
      seeOther(res, `${homeOf(requesterOf(req))}/exports/${id}?now=1`);
      return;
    }
    const { ending, type, content } = await service.write(plan, format);
    res.setHeader('Content-Disposition', contentDisposition('attachment', nameOf(req, plan.title, ending)));
    res.setHeader('Cache-Control', 'no-store');
    res.type(type).send(content);
  }

  // The address of the bank comes first: it is no id of a test.
  router.get('/bank/export', teacher, (req, res) => {
    const { page: _page, ...filter } = parse(bankFilter, req.query);
    return answer(req, res, { kind: 'bank', filter }, `${req.baseUrl}/bank`);
  });
  router.get('/:id/export', teacher, (req, res) => {
    const testId = recordId(req.params.id);
    return answer(req, res, { kind: 'test', testId }, `${req.baseUrl}/${testId}`);
  });

  // Where such files stood before.
  router.get('/exports/:id', teacher, async (req, res) => {
    const { id } = await exports.find(requesterOf(req), recordId(req.params.id));
    seeOther(res, `${homeOf(requesterOf(req))}/exports/${id}`);
  });

  return router;
}
