import { Router, type Request } from 'express';
import { z } from 'zod';
import { badInput } from '../../../shared/errors.js';
import { fullName } from '../../../shared/names.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { checkbox, list, parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { VISIBILITIES } from '../cards/card.js';
import { cardActorOf, requireManager } from '../who.js';
import type { RosterCards } from './roster-cards.service.js';

const TEACHERS = '/admin/directory/teachers';
const chosen = z.object({
  person: list(z.string().regex(/^[0-9a-f]{24}$/)),
  visibility: z.enum(VISIBILITIES).default('staff'),
  consent: checkbox,
});

/** `/admin/directory/roster`: teachers of courses who have no card yet, to be given one. */
export function rosterCardsRouter(rosterCards: RosterCards): Router {
  const router = Router();

  const page = async (req: Request, again?: FormAgain): Promise<Page> => ({
    view: 'directory/roster',
    title: req.page.t('directory.roster.title'),
    data: {
      teachers: (await rosterCards.listWithoutCard()).map(({ personId, name, courses }) => ({
        personId,
        fullName: fullName(name),
        courses,
        chosen: again === undefined || [again.values.person].flat().includes(personId),
      })),
      visibilities: VISIBILITIES,
      values: again?.values ?? { visibility: 'staff' },
      errors: again?.errors ?? {},
    },
  });

  router.get('/', requireManager, async (req, res) => {
    present(req, res, await page(req));
  });

  router.post('/', requireManager, async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const { person, ...seenBy } = parse(chosen, req.body);
        if (person.length === 0) throw badInput({ person: 'errors.field.missing' });
        await rosterCards.makeCards(cardActorOf(req), person, seenBy);
        seeOther(res, TEACHERS, 'directory.rosterMade');
      },
      (again) => page(req, again),
    );
  });
  return router;
}
