import { Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { exportRecordView, KEPT_DAYS, type Exports } from '../../../infra/export/index.js';
import { notFound } from '../../../shared/errors.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, whileWaiting, type Page } from '../../../web/present.js';
import { homeOf, requesterOf } from '../../../web/requester.js';
import { recordId } from '../assessments.schema.js';
import type { Test } from '../tests/tests.store.js';
import { ATTEMPT_FILES } from './attempt-files.js';

const RESULT_FORMATS = ['xlsx', 'csv'] as const;
const askForm = z.object({ format: z.enum(RESULT_FORMATS) });

/** `/c/:courseKey/tests/:id/exports`: all attempts of a test as a file, for those who teach. */
export function resultExportsRouter(
  exports: Pick<Exports, 'ask' | 'list'>,
  findTest: (courseId: string, testId: string) => Promise<Test | null>,
): Router {
  const router = Router();
  const assistant = requireRole('assistant');
  const exportsAt = (req: Request): string => `${homeOf(requesterOf(req))}/exports`;

  const exportsPage = async (req: Request, again?: FormAgain): Promise<Page> => {
    const id = recordId(req.params.id);
    const test = await findTest(actorOf(req).courseId, id);
    if (test === null) throw notFound();
    const files = await exports.list(requesterOf(req), { kind: ATTEMPT_FILES, subject: id });
    return {
      view: 'assessments/result-exports',
      title: req.page.t('assessments.resultExport.title'),
      data: {
        test: { id: test.id, title: test.title },
        files: files.map((file) => exportRecordView(file, exportsAt(req))),
        errors: again?.errors ?? {},
      },
      locals: { formats: RESULT_FORMATS, days: KEPT_DAYS },
      ...whileWaiting(files.some(({ state }) => state === 'waiting')),
    };
  };

  router.get('/:id/exports', assistant, async (req, res) => {
    present(req, res, await exportsPage(req));
  });

  router.post('/:id/exports', assistant, async (req: Request, res: Response) => {
    const act = async (): Promise<void> => {
      const test = recordId(req.params.id);
      const { format } = parse(askForm, req.body ?? {});
      const back = `${req.baseUrl}/${test}/exports`;
      const wish = { kind: ATTEMPT_FILES, subject: test, parameters: { test }, format, back };
      const id = await exports.ask(requesterOf(req), wish, req.page);
      seeOther(res, `${exportsAt(req)}/${id}?now=1`);
    };
    await answerForm(req, res, act, (again) => exportsPage(req, again));
  });

  return router;
}
