import { Router } from 'express';
import { z } from 'zod';
import { fullName } from '../../../shared/names.js';
import { list, parse, whole } from '../../../web/parse.js';
import { present, seeOther } from '../../../web/present.js';
import { slugOf } from '../addresses.js';
import { cardActorOf, requireManager } from '../who.js';
import type { Card } from './card.js';
import type { CardsService } from './cards.service.js';
import type { MergeService } from './merge.service.js';

const slug = z.string().regex(/^[a-z0-9-]{1,100}$/);
const chosen = z.object({ into: z.union([z.literal(''), slug]).default('') });
const confirmed = z.strictObject({
  into: slug,
  version: whole(1, 1_000_000_000),
  take: list(z.string().max(40)).default([]),
});

const short = (card: Card) => ({ slug: card.slug, fullName: fullName(card.name), position: card.position });

/** `…/directory/teachers/:slug/merge`: first which card, then what becomes of both, then the merge. */
export function mergeRouter(
  merging: MergeService,
  cards: Pick<CardsService, 'forEdit' | 'everybody'>,
): Router {
  const router = Router();

  router.get('/teachers/:slug/merge', requireManager, async (req, res) => {
    const actor = cardActorOf(req);
    const card = await cards.forEdit(actor, slugOf(req));
    const { into } = parse(chosen, req.query);
    const title = req.page.t('directory.merge.title');
    if (into === '') {
      const others = (await cards.everybody()).filter(({ id }) => id !== card.id);
      present(req, res, {
        view: 'directory/merge-choose',
        title,
        data: { card: short(card), others: others.map(short) },
      });
      return;
    }
    const { kept, merged, result, conflicts, materials } = await merging.preview(actor, card.slug, into);
    present(req, res, {
      view: 'directory/merge-sure',
      title,
      data: {
        merged: short(merged),
        kept: { ...short(kept), version: kept.version },
        result: {
          subjects: result.subjects,
          contacts: result.contacts.length,
          programmes: result.programmes,
        },
        conflicts,
        materials,
      },
    });
  });

  router.post('/teachers/:slug/merge', requireManager, async (req, res) => {
    const { into, version, take } = parse(confirmed, { ...(req.body as object | undefined) });
    const card = await merging.merge(cardActorOf(req), slugOf(req), into, version, take);
    seeOther(res, `${req.baseUrl}/teachers/${card.slug}`, 'directory.merged');
  });

  return router;
}
