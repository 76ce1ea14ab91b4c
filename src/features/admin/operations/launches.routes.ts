import { Router } from 'express';
import type { Registration } from '../../../lti/index.js';
import { notFound } from '../../../shared/errors.js';
import { errorWords } from '../../../web/error-handler.js';
import { parse } from '../../../web/parse.js';
import { present } from '../../../web/present.js';
import type { LaunchLogFeature } from '../../launch/index.js';
import { launchesQuery, launchId } from './launches.schema.js';
import { launchesView, launchView } from './launches.view.js';

/** `/admin/launches`: what came of the last launches. */
export function launchesRouter(
  log: LaunchLogFeature['log'],
  platforms: () => Promise<Registration[]>,
): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    const { page, platform, result, request } = parse(launchesQuery, req.query);
    const found = await log.read(
      {
        ...(platform !== undefined && { registrationId: platform }),
        ...(result !== undefined && { accepted: result === 'accepted' }),
        ...(request !== undefined && { requestId: request }),
      },
      page,
    );
    present(req, res, {
      view: 'admin/launches',
      title: req.page.t('admin.launches.title'),
      data: launchesView(found, await platforms(), { platform, result, request }, (code) =>
        errorWords(req.page, code),
      ),
    });
  });

  router.get('/:id', async (req, res) => {
    const launch = await log.findOptional(parse(launchId, req.params).id);
    if (launch === null) throw notFound();
    present(req, res, {
      view: 'admin/launch',
      title: req.page.t('admin.launches.one'),
      data: launchView(launch, await platforms(), (code) => errorWords(req.page, code)),
    });
  });

  return router;
}
