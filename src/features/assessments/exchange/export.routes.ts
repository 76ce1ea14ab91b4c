import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { fileName } from '../../../infra/export/index.js';
import type { Clock } from '../../../shared/clock.js';
import { contentDisposition } from '../../../web/content-disposition.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther } from '../../../web/present.js';
import { recordId } from '../assessments.schema.js';
import { bankFilter } from '../bank/bank.schema.js';
import type { ExportService } from './export.service.js';
import { EXPORT_FORMATS, type ExportSource } from './export-formats.js';

const wanted = z.object({ format: z.enum(EXPORT_FORMATS) });

/** `/c/:courseKey/tests/:id/export`, `/bank/export` and `/exports`: questions as a file, for teachers. */
export function exportRouter(exports: ExportService, clock: Clock): Router {
  const router = Router();
  const teacher = requireRole('teacher');
  const nameOf = (req: Request, title: string, ending: string): string =>
    fileName(title || req.page.t('assessments.bankPage.title'), clock.now(), req.page.zone, ending);

  /** Sends a small file at once; of a large one the page says that it takes a while. */
  async function answer(req: Request, res: Response, source: ExportSource): Promise<void> {
    const { format } = parse(wanted, req.query);
    const plan = await exports.plan(actorOf(req), source);
    if (!plan.isLarge) {
      const { ending, type, content } = await exports.write(plan, format);
      res.setHeader('Content-Disposition', contentDisposition('attachment', nameOf(req, plan.title, ending)));
      res.setHeader('Cache-Control', 'no-store');
      res.type(type).send(content);
      return;
    }
    const { kind: _kind, ...asked } = source;
    present(req, res, {
      view: 'assessments/export',
      title: req.page.t('exchange.export.title'),
      data: {
        state: 'asked',
        title: plan.title,
        count: plan.contents.length,
        format,
        test: source.kind === 'test' ? source.testId : null,
        filter: 'filter' in asked ? asked.filter : {},
      },
      locals: { fields: Object.entries('filter' in asked ? asked.filter : {}) },
    });
  }

  async function start(req: Request, res: Response, source: ExportSource): Promise<void> {
    const actor = actorOf(req);
    const { format } = parse(wanted, req.body);
    const { title } = await exports.plan(actor, source);
    // The ending is that of the format.
    const id = await exports.start(actor, source, format, nameOf(req, title, '').replace(/\.$/u, ''));
    seeOther(res, `${req.baseUrl}/exports/${id}`);
  }

  const bankSource = (fields: unknown): ExportSource => {
    const { page: _page, ...filter } = parse(bankFilter, fields ?? {});
    return { kind: 'bank', filter };
  };
  const testSource = (req: Request): ExportSource => ({ kind: 'test', testId: recordId(req.params.id) });

  // The address of the bank comes first: it is no id of a test.
  router.get('/bank/export', teacher, (req, res) => answer(req, res, bankSource(req.query)));
  router.post('/bank/export', teacher, (req, res) => start(req, res, bankSource(req.body)));
  router.get('/:id/export', teacher, (req, res) => answer(req, res, testSource(req)));
  router.post('/:id/export', teacher, (req, res) => start(req, res, testSource(req)));

  router.get('/exports/:id', teacher, async (req, res) => {
    const found = await exports.find(actorOf(req), recordId(req.params.id));
    // Works without a script: the page is asked for again until the job is done.
    if (found.state === 'writing') res.setHeader('Refresh', '2');
    present(req, res, {
      view: 'assessments/export',
      title: req.page.t('exchange.export.title'),
      data: {
        state: found.state,
        title: '',
        count: found.total,
        format: found.format,
        test: found.source.kind === 'test' ? found.source.testId : null,
        written: found.written,
        file: found.fileId,
      },
    });
  });

  return router;
}
