import { Router, type Request } from 'express';
import { forbidden } from '../../../shared/errors.js';
import { actorOf } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import type { Linking } from '../channels/linking.service.js';
import type { Parents } from '../contacts/parents.service.js';
import { preferenceFields } from './preferences.fields.js';
import {
  channelParams,
  codeForm,
  parentForm,
  parentParams,
  preferencesForm,
  pushForm,
  telephoneForm,
} from './preferences.schema.js';
import type { PreferencesService } from './preferences.service.js';

export interface PreferencesRouterDeps {
  readonly preferences: PreferencesService;
  readonly linking: Pick<Linking, 'unlink' | 'sendCode' | 'confirmCode'>;
  readonly parents: Pick<Parents, 'add' | 'remove'>;
}

/** `/c/:courseKey/notifications/preferences`: how a person wants to be told of things. */
export function preferencesRouter({ preferences, linking, parents }: PreferencesRouterDeps): Router {
  const router = Router({ mergeParams: true });
  const here = (req: Request): string => req.baseUrl;

  const page = async (req: Request, again?: FormAgain): Promise<Page> => {
    const actor = actorOf(req);
    const mayChange = actor.viewer === undefined;
    const found = await preferences.page(actor, mayChange);
    const { preferences: saved, parents: all, email, channels, columns, topics, offers, pushKey } = found;
    return {
      view: 'notifications/preferences',
      title: req.page.t('notifications.preferences.title'),
      data: {
        values: { ...preferenceFields.texts(saved), ...again?.values },
        errors: again?.errors ?? {},
        email,
        channels,
        columns,
        topics,
        offers,
        parents: all.map(({ id, name, address, confirmedAt, brokenAt }) => ({
          id,
          name,
          address,
          confirmed: confirmedAt !== null,
          broken: brokenAt !== null,
        })),
        pushKey,
        mayChange,
        student: actor.role === 'student',
      },
    };
  };
  const form = async (req: Request, act: () => Promise<void>, res: Parameters<typeof answerForm>[1]) =>
    answerForm(req, res, act, (again) => page(req, again));

  router.get('/', async (req, res) => {
    present(req, res, await page(req));
  });

  router.post('/', async (req, res) => {
    await form(
      req,
      async () => {
        await preferences.save(actorOf(req), parse(preferencesForm, req.body ?? {}));
        seeOther(res, here(req), 'notifications.saved');
      },
      res,
    );
  });

  router.post('/channels/:channel/unlink', async (req, res) => {
    const { channel } = parse(channelParams, { channel: req.params.channel });
    await linking.unlink(actorOf(req).personId, channel);
    seeOther(res, here(req), 'notifications.unlinked');
  });

  router.post('/telephone', async (req, res) => {
    await form(
      req,
      async () => {
        const { telephone } = parse(telephoneForm, req.body ?? {});
        await linking.sendCode(actorOf(req).personId, telephone, req.page.locale);
        seeOther(res, here(req), 'notifications.codeSent');
      },
      res,
    );
  });

  router.post('/telephone/code', async (req, res) => {
    await form(
      req,
      async () => {
        await linking.confirmCode(actorOf(req).personId, parse(codeForm, req.body ?? {}).code);
        seeOther(res, here(req), 'notifications.linked');
      },
      res,
    );
  });

  router.post('/parents', async (req, res) => {
    await form(
      req,
      async () => {
        if (actorOf(req).role !== 'student') throw forbidden();
        const { name, address } = parse(parentForm, req.body ?? {});
        await parents.add(actorOf(req).personId, { name, address, locale: req.page.locale });
        seeOther(res, here(req), 'notifications.parentAsked');
      },
      res,
    );
  });

  router.post('/parents/:id/remove', async (req, res) => {
    await parents.remove(actorOf(req).personId, parse(parentParams, { id: req.params.id }).id);
    seeOther(res, here(req), 'notifications.saved');
  });

  router.post('/browsers', async (req, res) => {
    await preferences.addBrowser(actorOf(req), parse(pushForm, req.body ?? {}));
    res.status(204).end();
  });

  return router;
}
