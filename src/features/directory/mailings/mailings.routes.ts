import { Router, type Request } from 'express';
import { z } from 'zod';
import { newToken } from '../../../shared/ids.js';
import { actorOf } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { checkbox, list, parse, text } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import type { MailingsService } from './mailings.service.js';

const NOTE_LENGTH = 2_000;
const MOST_MATERIALS = 20;

const mailingForm = z.strictObject({
  key: z.string().regex(/^[\w-]{20,50}$/),
  group: z.string().max(100).default(''),
  contacts: checkbox,
  materials: list(z.string().max(120)).refine(
    (given) => given.length <= MOST_MATERIALS,
    'errors.field.tooBig',
  ),
  note: text(NOTE_LENGTH),
});

/** `/c/:courseKey/directory/send` */
export function mailingsRouter(mailings: MailingsService): Router {
  const router = Router();

  async function formPage(req: Request, again?: FormAgain): Promise<Page> {
    const { materials, groups, students, reachable, card } = await mailings.choices(actorOf(req));
    const sent = again?.values;
    const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
    const chosen = sent === undefined ? [] : listed(sent.materials ?? []);
    return {
      view: 'directory/send',
      title: req.page.t('directory.mailing.title'),
      data: {
        slug: card.slug,
        key: sent?.key ?? newToken(),
        groups: groups.map(({ id, name }) => ({ id, name })),
        materials: materials.map(({ key, title }) => ({ key, title, chosen: chosen.includes(key) })),
        values: { group: '', note: '', contacts: sent === undefined ? '1' : '', ...sent },
        errors: again?.errors ?? {},
        ...{ students, reachable, noteLength: NOTE_LENGTH },
      },
    };
  }

  router.get('/send', async (req, res) => {
    present(req, res, await formPage(req));
  });

  router.post('/send', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        await mailings.send(actorOf(req), parse(mailingForm, req.body ?? {}));
        seeOther(res, `${req.baseUrl}/send`, 'directory.mailed');
      },
      (again) => formPage(req, again),
    );
  });

  return router;
}
