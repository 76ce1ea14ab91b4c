import { Router, type Request } from 'express';
import { z } from 'zod';
import { uploadedFiles } from '../../../infra/files/index.js';
import { actorOf } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { questionIndex, recordId } from '../assessments.schema.js';
import { MOST_MEGABYTES, type AttemptFiles } from './attempt-files.service.js';

const removed = z.object({ file: z.string().regex(/^[a-z2-9]{20}$/) });

/** `/c/:courseKey/tests/:id/attempts/:attempt/files/:number`: the files of an answer. */
export function attemptFilesRouter(files: AttemptFiles): Router {
  const router = Router();
  const idsOf = (req: Request) => {
    const [testId, attemptId] = [recordId(req.params.id), recordId(req.params.attempt)];
    const index = questionIndex(req.params.number);
    const attempt = `${req.baseUrl}/${testId}/attempts/${attemptId}`;
    return { testId, attemptId, index, attempt, own: `${attempt}/files/${index + 1}` };
  };

  router.get('/:id/attempts/:attempt/files/:number', async (req, res) => {
    present(req, res, await filesPage(req));
  });

  router.post('/:id/attempts/:attempt/files/:number', async (req, res) => {
    const { testId, attemptId, index, own } = idsOf(req);
    const act = async (): Promise<void> => {
      await files.add(actorOf(req), testId, attemptId, index, uploadedFiles(req)[0]);
      seeOther(res, own, 'assessments.fileAdded');
    };
    await answerForm(req, res, act, (again) => filesPage(req, again));
  });

  router.post('/:id/attempts/:attempt/files/:number/remove', async (req, res) => {
    const { testId, attemptId, index, own } = idsOf(req);
    await files.remove(actorOf(req), testId, attemptId, index, parse(removed, req.body).file);
    seeOther(res, own, 'assessments.fileRemoved');
  });

  async function filesPage(req: Request, again?: FormAgain): Promise<Page> {
    const { testId, attemptId, index, attempt, own } = idsOf(req);
    const { version, mostFiles, files: found } = await files.find(actorOf(req), testId, attemptId, index);
    return {
      view: 'assessments/files',
      title: req.page.t('assessments.files.title', { number: index + 1 }),
      data: {
        question: {
          text: version.text,
          format: version.format ?? 'plain',
          mostFiles,
        },
        files: found.map(({ id, name, size }) => ({ id, name, size })),
        megabytes: MOST_MEGABYTES,
        errors: again?.errors ?? {},
      },
      locals: { action: own, back: `${attempt}#q${index + 1}`, values: {} },
    };
  }

  return router;
}
