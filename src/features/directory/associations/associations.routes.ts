import { Router, type Request } from 'express';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import type { AssociationsService } from './associations.service.js';
import type { Association, Card } from '../cards/card.js';
import { changedAssociation, newAssociation } from '../directory.schema.js';
import { associationValues, headChoices } from '../directory.view.js';
import { slugOf } from '../addresses.js';
import { mayManage } from '../directory.policy.js';
import { cardActorOf, requireManager } from '../who.js';

export interface AssociationsRouterDeps {
  readonly associations: AssociationsService;
  /** People who can head an association. */
  readonly everybody: () => Promise<readonly Card[]>;
}

/** Associations are made and removed by methodists and administrators, and edited also by those who answer for them. */
export function associationsRouter({ associations, everybody }: AssociationsRouterDeps): Router {
  const router = Router();

  async function formPage(req: Request, association: Association | null, again?: FormAgain): Promise<Page> {
    const actor = cardActorOf(req);
    const heads = await everybody();
    const saved = associationValues(association, heads);
    return {
      view: 'directory/association-form',
      title: req.page.t(association ? 'directory.editAssociation' : 'directory.newAssociation'),
      data: {
        kept: association && {
          slug: association.slug,
          title: association.title,
          version: association.version,
        },
        values: { ...saved, ...again?.values },
        errors: again?.errors ?? {},
        can: { manage: mayManage(actor), nameHead: await associations.mayNameHead(actor) },
        saved: again?.errors.version === undefined ? {} : saved,
        heads: headChoices(heads),
      },
    };
  }

  router.get('/new-association', requireManager, async (req, res) => {
    present(req, res, await formPage(req, null));
  });

  router.post('/associations', requireManager, async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const made = await associations.create(cardActorOf(req), parse(newAssociation, req.body ?? {}));
        seeOther(res, `${req.baseUrl}/associations/${made.slug}`, 'directory.made');
      },
      (again) => formPage(req, null, again),
    );
  });

  router.get('/associations/:slug/edit', async (req, res) => {
    const association = await associations.forEdit(cardActorOf(req), slugOf(req));
    present(req, res, await formPage(req, association));
  });

  router.post('/associations/:slug', async (req, res) => {
    const actor = cardActorOf(req);
    const association = await associations.forEdit(actor, slugOf(req));
    await answerForm(
      req,
      res,
      async () => {
        const whole = {
          ...associationValues(association, await everybody()),
          ...(req.body as Record<string, unknown> | undefined),
        };
        const { version, ...input } = parse(changedAssociation, whole);
        const saved = await associations.save(actor, association, version, input);
        seeOther(res, `${req.baseUrl}/associations/${saved.slug}`, 'directory.saved');
      },
      async (again) => formPage(req, await associations.forEdit(actor, association.slug), again),
    );
  });

  router.get('/associations/:slug/remove', requireManager, async (req, res) => {
    const { slug, title } = await associations.forEdit(cardActorOf(req), slugOf(req));
    present(req, res, {
      view: 'directory/remove-association',
      title: req.page.t('directory.removeAssociation'),
      data: { association: { slug, title } },
    });
  });

  router.post('/associations/:slug/remove', requireManager, async (req, res) => {
    await associations.remove(cardActorOf(req), slugOf(req));
    seeOther(res, `${req.baseUrl}/associations`, 'directory.removed');
  });

  return router;
}
