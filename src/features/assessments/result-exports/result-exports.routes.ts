import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { recordId } from '../assessments.schema.js';
import type { ResultExports } from './result-exports.service.js';
import { KEPT_DAYS, RESULT_FORMATS } from './result-export.js';
import { exportsView } from './result-exports.view.js';

const askForm = z.object({ format: z.enum(RESULT_FORMATS) });

/** `/c/:courseKey/tests/:id/exports`: all attempts of a test as a file, for those who teach. */
export function resultExportsRouter(exports: ResultExports): Router {
  const router = Router();
  const assistant = requireRole('assistant');

  const exportsPage = async (req: Request, res: Response, again?: FormAgain): Promise<Page> => {
    const found = await exports.listOwn(actorOf(req), recordId(req.params.id));
    // Works without a script: the page is asked for again until the jobs are done.
    if (found.files.some(({ state }) => state === 'waiting')) res.setHeader('Refresh', '2');
    return {
      view: 'assessments/result-exports',
      title: req.page.t('assessments.resultExport.title'),
      data: { ...exportsView(found), errors: again?.errors ?? {} },
      locals: { formats: RESULT_FORMATS, days: KEPT_DAYS },
    };
  };

  router.get('/:id/exports', assistant, async (req, res) => {
    present(req, res, await exportsPage(req, res));
  });

  router.post('/:id/exports', assistant, async (req, res) => {
    const act = async (): Promise<void> => {
      const id = recordId(req.params.id);
      const { format } = parse(askForm, req.body ?? {});
      const { locale, zone } = req.page;
      await exports.ask(actorOf(req), id, { format, locale, zone });
      seeOther(res, `${req.baseUrl}/${id}/exports`);
    };
    await answerForm(req, res, act, (again) => exportsPage(req, res, again));
  });

  return router;
}
