import { Router, type Request, type Response } from 'express';
import type { Audit } from '../../../infra/audit/index.js';
import { isRecordId } from '../../../shared/ids.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import type { MessengerName, NotificationsAdministration } from '../../notifications/index.js';
import { byOf } from '../admin.guard.js';
import {
  channelForm,
  channelParams,
  channelValue,
  failedParams,
  templateForm,
  templateParams,
  testForm,
} from './notifications.schema.js';
import { channelView, failedView, templateView } from './notifications.view.js';

export interface NotificationsRouterDeps {
  readonly notifications: NotificationsAdministration;
  readonly audit: Pick<Audit, 'append'>;
}

/** `/admin/notifications`: channels, words of messages, and what could not be sent. */
export function notificationsRouter(deps: NotificationsRouterDeps): Router {
  const { notifications, audit } = deps;
  const router = Router();

  const note = (req: Request, name: string): Promise<void> =>
    audit.append({
      actor: byOf(req),
      action: 'notifications-changed',
      subject: { kind: 'centre', id: '', name },
    });

  router.get('/', async (req, res) => {
    const { channels, failed, bounced } = await notifications.overview();
    const { kinds, changed } = await notifications.templates();
    present(req, res, {
      view: 'admin/notifications/overview',
      title: req.page.t('admin.notifications.title'),
      data: {
        channels,
        failed: failed.map(failedView),
        bounced: bounced.map(({ personId, reason, brokenAt }) => ({
          // The holder of a card has no page of a person.
          person: isRecordId(personId) ? `/admin/people/${personId}` : '',
          reason,
          brokenAt,
        })),
        kinds: kinds.map(({ name, to }) => ({
          name,
          to,
          changed: changed.some((key) => key.startsWith(`${name}:`)),
        })),
      },
    });
  });

  router.post('/failed/:id/resend', async (req, res) => {
    await notifications.resend(parse(failedParams, { id: req.params.id }).id);
    seeOther(res, '/admin/notifications', 'admin.messageResent');
  });

  router.use(channelRoutes(deps, note));
  router.use(templateRoutes(deps, note));
  return router;
}

type Note = (req: Request, name: string) => Promise<void>;

function channelRoutes({ notifications }: NotificationsRouterDeps, note: Note): Router {
  const router = Router();
  const nameOf = (req: Request): MessengerName =>
    parse(channelParams, { channel: req.params.channel }).channel;

  const page = async (
    req: Request,
    more: { again?: FormAgain; result?: { ok: boolean; words: string } } = {},
  ): Promise<Page> => {
    const name = nameOf(req);
    const found = await notifications.channel(name);
    return {
      view: 'admin/notifications/channel',
      title: req.page.t(`notifications.channel.${name}`),
      data: { ...channelView(found, req.page.t, more.again), result: more.result ?? null },
    };
  };

  router.get('/channels/:channel', async (req, res) => {
    present(req, res, await page(req));
  });

  router.post('/channels/:channel', async (req, res) => {
    const name = nameOf(req);
    await answerForm(
      req,
      res,
      async () => {
        const { enabled, content, version, ...sent } = parse(channelForm, req.body ?? {});
        const { channel } = await notifications.channel(name);
        const values: Record<string, string> = {};
        const secrets: Record<string, string> = {};
        for (const { name: field, secret } of channel.fields) {
          const value = parse(channelValue, sent[field]).replace(/\r\n/g, '\n').trim();
          if (secret !== true) values[field] = value;
          else if (sent[`${field}-remove`] !== undefined) secrets[field] = '';
          else if (value !== '') secrets[field] = value;
        }
        await notifications.saveChannel(name, version, { enabled, content, values, secrets });
        await note(req, name);
        seeOther(res, `/admin/notifications/channels/${name}`, 'admin.settingsSaved');
      },
      (again) => page(req, { again }),
    );
  });

  const tried =
    (what: (name: MessengerName) => Promise<{ ok: boolean; words: string }>) =>
    async (req: Request, res: Response): Promise<void> => {
      const result = await what(nameOf(req));
      present(req, res, await page(req, { result }));
    };
  router.post(
    '/channels/:channel/test',
    tried((name) => notifications.testChannel(name)),
  );
  router.post(
    '/channels/:channel/webhook',
    tried((name) => notifications.connectWebhook(name)),
  );
  return router;
}

function templateRoutes({ notifications }: NotificationsRouterDeps, note: Note): Router {
  const router = Router();
  const paramsOf = (req: Request) => parse(templateParams, req.params);
  const addressOf = (req: Request): string => {
    const { kind, locale } = paramsOf(req);
    return `/admin/notifications/templates/${kind}/${locale}`;
  };

  const page = async (req: Request, again?: FormAgain): Promise<Page> => {
    const { kind, locale } = paramsOf(req);
    const found = await notifications.template(kind, locale);
    return {
      view: 'admin/notifications/template',
      title: req.page.t(`notifications.kind.${kind}.title`),
      data: templateView(found, again),
    };
  };

  router.get('/templates/:kind/:locale', async (req, res) => {
    present(req, res, await page(req));
  });

  router.post('/templates/:kind/:locale', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const { kind, locale } = paramsOf(req);
        await notifications.saveTemplate(kind, locale, parse(templateForm, req.body ?? {}));
        await note(req, kind);
        seeOther(res, addressOf(req), 'admin.settingsSaved');
      },
      (again) => page(req, again),
    );
  });

  router.post('/templates/:kind/:locale/reset', async (req, res) => {
    const { kind, locale } = paramsOf(req);
    await notifications.resetTemplate(kind, locale);
    await note(req, kind);
    seeOther(res, addressOf(req), 'admin.settingsSaved');
  });

  router.post('/templates/:kind/:locale/test', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const { kind, locale } = paramsOf(req);
        await notifications.sendTest(kind, locale, parse(testForm, req.body ?? {}).address);
        seeOther(res, addressOf(req), 'admin.testSent');
      },
      (again) => page(req, again),
    );
  });
  return router;
}
