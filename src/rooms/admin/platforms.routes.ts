import { Router, type Request } from 'express';
import type { ConnectionReport, Registration } from '../../lti/index.js';
import { answerForm, type FormAgain } from '../../web/form.js';
import { parse } from '../../web/parse.js';
import { present, seeOther, type Page } from '../../web/present.js';
import { byOf } from './admin.guard.js';
import {
  newPlatform,
  platformEdit,
  platformId,
  platformInvitation,
  rolesForm,
  strangerId,
} from './platforms.schema.js';
import { ROLES } from '../../shared/roles.js';
import { rolesVersionOf, versionOf, type PlatformsService } from './platforms.service.js';
import {
  editValues,
  platformView,
  reportView,
  rolesView,
  strangerView,
  type OurValues,
} from './platforms.view.js';

const idOf = (req: Request): string => parse(platformId, req.params).id;

/** `/admin/platforms`: the LMSs that may launch this tool. */
export function platformsRouter(service: PlatformsService, ours: OurValues): Router {
  const router = Router();

  const newPage = (req: Request, again?: FormAgain): Page => ({
    view: 'admin/platform-new',
    title: req.page.t('admin.platforms.new'),
    data: { ours, values: again?.values ?? {}, errors: again?.errors ?? {} },
  });

  const editPage = (req: Request, platform: Registration, again?: FormAgain): Page => ({
    view: 'admin/platform-edit',
    title: req.page.t('admin.platforms.edit'),
    data: {
      platform: platformView(platform),
      // Whoever is told that it was changed meanwhile goes on from what is there now.
      values: { ...editValues(platform), ...again?.values, version: versionOf(platform) },
      errors: again?.errors ?? {},
    },
  });

  const platformPage = async (
    platform: Registration,
    report: ConnectionReport | null = null,
  ): Promise<Page> => ({
    view: 'admin/platform',
    title: platform.name === '' ? platform.issuer : platform.name,
    data: {
      ours,
      platform: platformView(platform),
      strangers: (await service.strangers(platform)).map(strangerView),
      report: report && reportView(report),
    },
  });

  router.get('/', async (req, res) => {
    const platforms = await service.list();
    const waiting = await Promise.all(platforms.map((one) => service.strangers(one)));
    present(req, res, {
      view: 'admin/platforms',
      title: req.page.t('admin.platforms.title'),
      data: {
        ours,
        platforms: platforms.map((one, at) => ({ ...platformView(one), waiting: waiting[at]?.length ?? 0 })),
      },
    });
  });

  router.get('/new', (req, res) => {
    present(req, res, newPage(req));
  });

  router.post('/', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const added = await service.add(byOf(req), parse(newPlatform, req.body ?? {}));
        seeOther(res, `/admin/platforms/${added.id}`, 'admin.platformAdded');
      },
      (again) => newPage(req, again),
    );
  });

  router.post('/invite', async (req, res) => {
    const { expected } = parse(platformInvitation, req.body ?? {});
    present(req, res, {
      view: 'admin/platform-invited',
      title: req.page.t('admin.invite.title'),
      // Shown this once: the store has a digest of it only.
      data: await service.invite(byOf(req), expected),
    });
  });

  router.get('/:id', async (req, res) => {
    present(req, res, await platformPage(await service.find(idOf(req))));
  });

  router.get('/:id/edit', async (req, res) => {
    present(req, res, editPage(req, await service.find(idOf(req))));
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
      async (again) => editPage(req, await service.find(id), again),
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
    const { id, deployment } = parse(strangerId, req.params);
    await service.approve(byOf(req), id, deployment);
    seeOther(res, `/admin/platforms/${id}`, 'admin.deploymentApproved');
  });

  const rolesPage = (req: Request, platform: Registration, again?: FormAgain): Page => ({
    view: 'admin/platform-roles',
    title: req.page.t('admin.roles.title'),
    data: {
      platform: platformView(platform),
      rows: rolesView(platform, again?.values),
      roles: ROLES,
      version: rolesVersionOf(platform),
      errors: again?.errors ?? {},
    },
  });

  router.get('/:id/roles', async (req, res) => {
    present(req, res, rolesPage(req, await service.find(idOf(req))));
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
      async (again) => rolesPage(req, await service.find(id), again),
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
    present(req, res, await platformPage(platform, report));
  });

  return router;
}
