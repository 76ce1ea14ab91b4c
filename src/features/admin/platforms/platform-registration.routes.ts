import { Router, type Request, type Response } from 'express';
import { DomainError } from '../../../shared/errors.js';
import { answerForm } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, wantsJson, type Page } from '../../../web/present.js';
import { byOf } from '../admin.guard.js';
import type { PlatformPages } from './platforms.pages.js';
import { platformAddress, platformId, platformInvitation } from './platforms.schema.js';
import { describedView, heldView, platformView, refusalView, type RefusalView } from './platforms.view.js';
import type { PlatformsService } from './platforms.service.js';
import type { RegisteringService } from './platform-registration.service.js';

const idOf = (req: Request): string => parse(platformId, req.params).id;

/**
 * What a platform does wrong is shown on the page where it was asked; a program gets the problem as always.
 * @param otherwise the page with what is wrong on it
 */
async function unlessRefused(
  req: Request,
  res: Response,
  act: () => Promise<Page>,
  otherwise: (refusal: RefusalView) => Page | Promise<Page>,
): Promise<void> {
  try {
    present(req, res, await act());
  } catch (error) {
    if (!(error instanceof DomainError) || !error.code.startsWith('lti-') || wantsJson(req)) throw error;
    present(req, res, { ...(await otherwise(refusalView(error))), status: error.status });
  }
}

/** Under `/admin/platforms`: how platforms and this tool come to know each other, and again. */
export function registeringRouter(
  service: RegisteringService,
  platforms: Pick<PlatformsService, 'find'>,
  pages: PlatformPages,
): Router {
  const router = Router();

  // A link is shown this once: the store has a digest of it only.
  router.post('/invite', async (req, res) => {
    const { expected } = parse(platformInvitation, req.body ?? {});
    const { url, expiresAt } = await service.invite(byOf(req), expected);
    present(req, res, {
      view: 'admin/platform-invited',
      title: req.page.t('admin.invite.title'),
      data: { url, expiresAt, renewed: null },
    });
  });

  router.post('/:id/invite', async (req, res) => {
    const { url, expiresAt, platform } = await service.inviteToRenew(byOf(req), idOf(req));
    present(req, res, {
      view: 'admin/platform-invited',
      title: req.page.t('admin.renew.title'),
      data: { url, expiresAt, renewed: platformView(platform) },
    });
  });

  router.post('/describe', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const { configuration } = parse(platformAddress, req.body ?? {});
        const values = { configuration };
        await unlessRefused(
          req,
          res,
          async () =>
            pages.draft(req, { values }, { found: describedView(await service.describe(configuration)) }),
          (refusal) => pages.draft(req, { values }, { refusal }),
        );
      },
      (again) => pages.draft(req, again),
    );
  });

  for (const [path, act] of [
    ['compare', 'compare'],
    ['inform', 'send'],
  ] as const) {
    router.post(`/:id/${path}`, async (req, res) => {
      const id = idOf(req);
      await unlessRefused(
        req,
        res,
        async () => {
          const held = await service[act](byOf(req), id);
          return pages.platform(held.platform, { held: heldView(held, act === 'send') });
        },
        async (refusal) => pages.platform(await platforms.find(id), { refusal }),
      );
    });
  }

  return router;
}
