import { Router, type Request } from 'express';
import { z } from 'zod';
import { notFound } from '../../shared/errors.js';
import { fullName } from '../../shared/names.js';
import { parse } from '../../web/parse.js';
import { present } from '../../web/present.js';
import type { ActionsService } from './actions/actions.service.js';
import { MESSENGERS } from './channels/channel.js';
import type { Parents } from './contacts/parents.service.js';
import { unsubscribeForm } from './preferences/preferences.schema.js';
import type { PreferencesService } from './preferences/preferences.service.js';
import type { UnsubscribeTokens, Unsubscription } from './preferences/unsubscribe.js';

export interface OpenRouterDeps {
  readonly actions: Pick<ActionsService, 'look' | 'run'>;
  readonly parents: Pick<Parents, 'asked' | 'messengers' | 'unlink' | 'confirm' | 'refuse'>;
  readonly preferences: Pick<PreferencesService, 'unsubscribe' | 'isSingle'>;
  readonly unsubscribe: UnsubscribeTokens;
}

const params = z.object({ token: z.string().min(1).max(1_000) });
const unlinking = z.object({ channel: z.enum(MESSENGERS) });
const answer = z.object({ answer: z.enum(['yes', 'no']) });
const tokenOf = (req: Request): string => parse(params, { token: req.params.token }).token;

/**
 * Pages that links of messages lead to, without a login: `/act`, `/unsubscribe`, `/parents`. The token in the address is
 * the right to it. Looking changes nothing, for programs of mail open links by themselves.
 */
export function openRouter({ actions, parents, preferences, unsubscribe }: OpenRouterDeps): Router {
  const router = Router();

  const told = (req: Request, text: string) => ({
    view: 'notifications/told',
    title: req.page.t('notifications.title'),
    data: { text },
  });

  router.get('/act/:token', async (req, res) => {
    const { name, used, about } = await actions.look(tokenOf(req));
    present(req, res, {
      view: 'notifications/act',
      title: req.page.t(`notifications.action.${name}`),
      data: { name, used, about },
    });
  });
  router.post('/act/:token', async (req, res) => {
    const { name } = await actions.run(tokenOf(req), null);
    present(req, res, told(req, req.page.t(`notifications.acted.${name}`)));
  });

  const unsubscriptionOf = (req: Request): Unsubscription => {
    const found = unsubscribe.open(tokenOf(req));
    if (found === null) throw notFound();
    return found;
  };
  router.get('/unsubscribe/:token', (req, res) => {
    const { topic, kind, contactId } = unsubscriptionOf(req);
    present(req, res, {
      view: 'notifications/unsubscribe',
      title: req.page.t('notifications.unsubscribe.title'),
      // What is the only kind of its topic is left with it.
      data: { topic, kind: preferences.isSingle(kind) ? '' : kind, parent: contactId !== '' },
    });
  });
  // Programs of mail post `List-Unsubscribe=One-Click`: https://www.rfc-editor.org/rfc/rfc8058#section-3.2
  router.post('/unsubscribe/:token', async (req, res) => {
    const unsubscription = unsubscriptionOf(req);
    await preferences.unsubscribe(unsubscription, parse(unsubscribeForm, req.body ?? {}).only);
    const done = unsubscription.contactId === '' ? 'done' : 'parentDone';
    present(req, res, told(req, req.page.t(`notifications.unsubscribe.${done}`)));
  });

  router.get('/parents/:token', async (req, res) => {
    const { contact, student } = await parents.asked(tokenOf(req));
    const messengers = await parents.messengers(contact);
    present(req, res, {
      view: 'notifications/parent',
      title: req.page.t('notifications.parent.subject'),
      data: {
        student: fullName(student),
        address: contact.address,
        confirmed: contact.confirmedAt !== null,
        token: tokenOf(req),
        ...messengers,
      },
      locals: { hasMessengers: messengers.linked.length > 0 || messengers.offers.length > 0 },
    });
  });
  router.post('/parents/:token/unlink', async (req, res) => {
    await parents.unlink(tokenOf(req), parse(unlinking, req.body ?? {}).channel);
    res.redirect(303, `/parents/${tokenOf(req)}`);
  });
  router.post('/parents/:token', async (req, res) => {
    if (parse(answer, req.body ?? {}).answer === 'yes') {
      await parents.confirm(tokenOf(req));
      // There a messenger can be linked.
      res.redirect(303, `/parents/${tokenOf(req)}`);
      return;
    }
    await parents.refuse(tokenOf(req));
    present(req, res, told(req, req.page.t('notifications.parent.refused')));
  });

  return router;
}
