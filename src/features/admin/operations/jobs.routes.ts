import { Router } from 'express';
import { z } from 'zod';

import { id, parse } from '../../../web/parse.js';
import { present, seeOther } from '../../../web/present.js';
import { byOf } from '../admin.guard.js';
import type { JobsPageService } from './jobs.service.js';
import { jobsView } from './jobs.view.js';

const jobId = z.object({ id });
const retryForm = z.object({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,99}$/)
    .optional(),
});

/** `/admin/jobs`: all background work. */
export function jobsRouter(service: JobsPageService): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    present(req, res, {
      view: 'admin/jobs',
      title: req.page.t('admin.jobs.title'),
      data: jobsView(await service.read(), req.page.t),
    });
  });

  router.post('/retry', async (req, res) => {
    const { name } = parse(retryForm, req.body ?? {});
    await service.retryAll(byOf(req), name);
    seeOther(res, '/admin/jobs', 'admin.jobsRetried');
  });

  router.post('/:id/retry', async (req, res) => {
    await service.retry(byOf(req), parse(jobId, req.params).id);
    seeOther(res, '/admin/jobs', 'admin.jobsRetried');
  });

  return router;
}
