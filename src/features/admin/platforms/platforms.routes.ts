import { Router, type Request } from 'express';
import { answerForm } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther } from '../../../web/present.js';
import { byOf } from '../admin.guard.js';
import type { PlatformPages } from './platforms.pages.js';
import { newPlatform, platformEdit, platformId, rolesForm, unknownDeploymentId } from './platforms.schema.js';
import type { PlatformsService } from './platforms.service.js';
import { platformView, reportView } from './platforms.view.js';

const idOf = (req: Request): string => parse(platformId, req.params).id;

/** `/admin/platforms`: the LMSs that may launch this tool. */
export function platformsRouter(
  service: PlatformsService,
  { pages, registering }: { pages: PlatformPages; registering: Router },
): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    present(req, res, await pages.list(req));
  });

  router.get('/new', (req, res) => {
    present(req, res, pages.draft(req));
  });

  router.post('/', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const added = await service.add(byOf(req), parse(newPlatform, req.body ?? {}));
        seeOther(res, `/admin/platforms/${added.id}`, 'admin.platformAdded');
      },
      (again) => pages.draft(req, again),
    );
  });

  router.use(registering);

  router.get('/:id', async (req, res) => {
    present(req, res, await pages.platform(await service.find(idOf(req))));
  });

  router.get('/:id/edit', async (req, res) => {
    present(req, res, pages.edit(req, await service.find(idOf(req))));
  });

  router.post('/:id', async (req, res) => {
    const id = idOf(req);
    await answerForm(
      req,
      res,
      async () => {
        const { version, ...edit } = parse(platformEdit, req.body ?? {});
        await service.edit(byOf(req), id, version, edit);
        seeOther(res, `/admin/platforms/${id}`, 'admin.platformChanged');
      },
      async (again) => pages.edit(req, await service.find(id), again),
    );
  });

  for (const [path, state, done] of [
    ['enable', 'active', 'admin.platformEnabled'],
    ['disable', 'disabled', 'admin.platformDisabled'],
  ] as const) {
    router.post(`/:id/${path}`, async (req, res) => {
      const id = idOf(req);
      await service.setState(byOf(req), id, state);
      seeOther(res, `/admin/platforms/${id}`, done);
    });
  }

  router.post('/:id/deployments/:deployment/approve', async (req, res) => {
    const { id, deployment } = parse(unknownDeploymentId, req.params);
    await service.approve(byOf(req), id, deployment);
    seeOther(res, `/admin/platforms/${id}`, 'admin.deploymentApproved');
  });

  router.get('/:id/roles', async (req, res) => {
    present(req, res, pages.roles(req, await service.find(idOf(req))));
  });

  router.post('/:id/roles', async (req, res) => {
    const id = idOf(req);
    await answerForm(
      req,
      res,
      async () => {
        const { version, rules } = parse(rolesForm, req.body ?? {});
        await service.setRoles(byOf(req), id, version, rules);
        seeOther(res, `/admin/platforms/${id}`, 'admin.rolesSaved');
      },
      async (again) => pages.roles(req, await service.find(id), again),
    );
  });

  router.get('/:id/remove', async (req, res) => {
    present(req, res, {
      view: 'admin/platform-remove',
      title: req.page.t('admin.platforms.remove'),
      data: { platform: platformView(await service.find(idOf(req))) },
    });
  });

  router.post('/:id/remove', async (req, res) => {
    await service.setState(byOf(req), idOf(req), 'removed');
    seeOther(res, '/admin/platforms', 'admin.platformRemoved');
  });

  router.post('/:id/test', async (req, res) => {
    const { platform, report } = await service.test(byOf(req), idOf(req));
    present(req, res, await pages.platform(platform, { report: reportView(report) }));
  });

  return router;
}
