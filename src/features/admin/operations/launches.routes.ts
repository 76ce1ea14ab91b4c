import { Router, type Request } from 'express';
import { z } from 'zod';
import { sendExport } from '../../../infra/export/index.js';
import { listView } from '../../../infra/lists/index.js';
import { platformName, type Registration } from '../../../lti/index.js';
import type { Clock } from '../../../shared/clock.js';
import { notFound } from '../../../shared/errors.js';
import { errorWords } from '../../../web/error-handler.js';
import { id, parse } from '../../../web/parse.js';
import { present } from '../../../web/present.js';
import type { LaunchFilter, LaunchLogFeature } from '../../launch/index.js';
import { launchColumns, launchesList } from './launches.list.js';
import { launchesView, launchView } from './launches.view.js';

export interface LaunchesRouterDeps {
  readonly log: LaunchLogFeature['log'];
  readonly platforms: () => Promise<Registration[]>;
  readonly clock: Clock;
}

const launchId = z.object({ id });

/** `/admin/launches`: what came of the last launches. */
export function launchesRouter({ log, platforms, clock }: LaunchesRouterDeps): Router {
  const router = Router();

  const wantedOf = (req: Request) => {
    const wanted = launchesList.parse(req.query, req.page);
    const { platform, result, request, at } = wanted.filters;
    const filter: LaunchFilter = {
      ...(platform !== undefined && { registrationId: platform }),
      ...(result !== undefined && { accepted: result === 'accepted' }),
      ...(request !== undefined && { requestId: request }),
      ...at,
    };
    return { wanted, filter };
  };

  router.get('/', async (req, res) => {
    const { wanted, filter } = wantedOf(req);
    const [found, registrations] = await Promise.all([log.read(filter, wanted.page), platforms()]);
    const { platform, result, request } = wanted.filters;
    present(req, res, {
      view: 'admin/launches',
      title: req.page.t('admin.launches.title'),
      data: launchesView(found, registrations, { platform, result, request }, (code) =>
        errorWords(req.page, code),
      ),
      locals: {
        listing: listView(launchesList, wanted, req.page, {
          action: '/admin/launches',
          found,
          choices: {
            platform: registrations.map((registration) => [registration.id, platformName(registration)]),
          },
          exports: { action: '/admin/launches/export', columns: launchColumns(registrations) },
        }),
      },
    });
  });

  router.get('/export', async (req, res) => {
    const { filter } = wantedOf(req);
    await sendExport(req, res, {
      title: req.page.t('admin.launches.title'),
      columns: launchColumns(await platforms()),
      rows: () => log.readAll(filter),
      now: clock.now(),
    });
  });

  router.get('/:id', async (req, res) => {
    const launch = await log.findOptional(parse(launchId, req.params).id);
    if (launch === null) throw notFound();
    present(req, res, {
      view: 'admin/launch',
      title: req.page.t('admin.launches.heading'),
      data: launchView(launch, await platforms(), (code) => errorWords(req.page, code)),
    });
  });

  return router;
}
