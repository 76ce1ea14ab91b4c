import { Router } from 'express';
import { z } from 'zod';
import type { Exports } from '../../../infra/export/index.js';
import { address, listView } from '../../../infra/lists/index.js';
import { platformName, type Registration } from '../../../lti/index.js';
import { forbidden, notFound } from '../../../shared/errors.js';
import { errorWords } from '../../../web/error-handler.js';
import { id, parse } from '../../../web/parse.js';
import { present } from '../../../web/present.js';
import type { LaunchFilter, LaunchLogFeature } from '../../launch/index.js';
import { launchColumns, launchesList } from './launches.list.js';
import { launchesView, launchView } from './launches.view.js';

export interface LaunchesRouterDeps {
  readonly log: LaunchLogFeature['log'];
  readonly platforms: () => Promise<Registration[]>;
  readonly exports: Pick<Exports, 'defineTable'>;
}

const launchId = z.object({ id });

/** `/admin/launches`: what came of the last launches. */
export function launchesRouter({ log, platforms, exports }: LaunchesRouterDeps): Router {
  const router = Router();

  const wantedOf = (query: unknown, reader: { readonly zone: string }) => {
    const wanted = launchesList.parse(query, reader);
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
    const { wanted, filter } = wantedOf(req.query, req.page);
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

  const file = exports.defineTable({
    name: 'launches',
    async open({ kind }, query, reader) {
      if (kind !== 'admin') throw forbidden();
      const { filter } = wantedOf(query, reader);
      return {
        title: reader.t('admin.launches.title'),
        columns: launchColumns(await platforms()),
        rows: () => log.readAll(filter),
      };
    },
  });

  router.get('/export', async (req, res) => {
    const { state } = wantedOf(req.query, req.page).wanted;
    await file.answer(req, res, state, address(req.baseUrl, state));
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
