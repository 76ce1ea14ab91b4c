import { Router } from 'express';
import { forbidden } from '../../../shared/errors.js';
import { fullName } from '../../../shared/names.js';
import { present } from '../../../web/present.js';
import type { CardActor } from '../directory.policy.js';
import { hasDuties, type Duties } from '../organisation/organisation.js';
import type { ReadingService } from '../public/reading.service.js';
import { cardActorOf } from '../who.js';

export interface LedRouterDeps {
  readonly reading: Pick<ReadingService, 'everyone'>;
  readonly dutiesOf: (actor: CardActor) => Promise<Duties>;
}

/** `led`: the associations that the reader answers for, with the cards to edit. */
export function ledRouter({ reading, dutiesOf }: LedRouterDeps): Router {
  const router = Router();
  router.get('/led', async (req, res) => {
    const duties = await dutiesOf(cardActorOf(req));
    if (!hasDuties(duties)) throw forbidden();
    const { cards, associations } = await reading.everyone('staff');
    const led = associations.filter(({ id }) => duties.all || duties.associationIds.includes(id));
    present(req, res, {
      view: 'directory/led',
      title: req.page.t('directory.led.title'),
      data: {
        associations: led.map(({ id, headId, slug, title }) => ({
          slug,
          title,
          teachers: cards
            .filter((card) => card.id === headId || card.associationIds.includes(id))
            .map((card) => ({ slug: card.slug, fullName: fullName(card.name), position: card.position })),
        })),
      },
    });
  });
  return router;
}
