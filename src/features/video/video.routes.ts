import { Router, type Request } from 'express';
import { z } from 'zod';
import type { AuditActor } from '../../infra/audit/index.js';
import { actorOf, requireRole } from '../../web/actor.js';
import { answerForm, type FormAgain } from '../../web/form.js';
import { checkbox, optionalLine, parse, whole } from '../../web/parse.js';
import { present, seeOther, type Page } from '../../web/present.js';
import type { VideoService } from './video.service.js';

const isHttps = (value: string): boolean =>
  value === '' || (URL.canParse(value) && new URL(value).protocol === 'https:');
/** A server of the centre may be on this machine. */
const isWeb = (value: string): boolean =>
  value === '' || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol));

/** Only what a browser opens as a page, and no address that carries a login. */
const ownLink = z.object({
  url: optionalLine(500).refine((value) => isHttps(value) && !hasLogin(value), {
    message: 'errors.field.httpsAddress',
  }),
  password: optionalLine(100),
});

const hasLogin = (value: string): boolean => {
  if (value === '') return false;
  const { username, password } = new URL(value);
  return username !== '' || password !== '';
};

const secret = z
  .string()
  .max(300)
  .default('')
  .transform((value) => value.trim());

/** A secret that is left empty stays as it is; `forget…` removes it. */
const videoForm = z
  .object({
    version: whole(0, 1e9),
    jitsiUrl: optionalLine(300)
      .refine(isWeb, { message: 'errors.field.webAddress' })
      .transform((value) => (value === '' ? '' : new URL(value).origin)),
    jitsiAppId: optionalLine(100),
    jitsiSecret: secret,
    forgetJitsi: checkbox,
    bbbUrl: optionalLine(300)
      .refine(isWeb, { message: 'errors.field.webAddress' })
      .transform((value) => (value === '' ? '' : apiAddress(value))),
    bbbSecret: secret,
    forgetBbb: checkbox,
  })
  .strip();

/** `bbb-conf --secret` shows the address without `api/`. */
const apiAddress = (value: string): string => {
  const address = value.replace(/[?#].*$/, '').replace(/\/*$/, '/');
  return address.endsWith('/api/') ? address : `${address}api/`;
};

const NOTHING_WRONG = {};

/** `/c/:courseKey/video`: a teacher's own link. */
export function ownVideoRouter(video: VideoService): Router {
  const router = Router();
  router.use(requireRole('teacher'));

  const page = async (req: Request, again?: FormAgain): Promise<Page> => {
    const own = await video.findOwn(actorOf(req).personId);
    return {
      view: 'video/own',
      title: req.page.t('video.own.title'),
      data: { own, values: { ...own, ...again?.values }, errors: again?.errors ?? NOTHING_WRONG },
    };
  };

  router.get('/', async (req, res) => {
    present(req, res, await page(req));
  });

  router.post('/', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        await video.saveOwn(actorOf(req).personId, parse(ownLink, req.body ?? {}));
        seeOther(res, `${req.baseUrl}/`, 'video.saved');
      },
      (again) => page(req, again),
    );
  });

  return router;
}

/** `/admin/video`: servers of the centre. @param byOf who acts, for the audit log */
export function videoSettingsRouter(video: VideoService, byOf: (req: Request) => AuditActor): Router {
  const router = Router();

  const page = async (req: Request, again?: FormAgain, checked?: string): Promise<Page> => {
    const { settings, version } = await video.find();
    const { jitsiUrl, jitsiAppId, bbbUrl } = settings;
    return {
      view: 'video/settings',
      title: req.page.t('admin.video.title'),
      data: {
        values: { jitsiUrl, jitsiAppId, bbbUrl, ...withoutSecrets(again?.values), version },
        stored: { jitsi: settings.jitsiSecret !== '', bbb: settings.bbbSecret !== '' },
        ready: bbbUrl !== '' && settings.bbbSecret !== '',
        checked: checked ?? null,
        errors: again?.errors ?? NOTHING_WRONG,
      },
    };
  };

  router.get('/', async (req, res) => {
    present(req, res, await page(req));
  });

  router.post('/', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const { version, forgetJitsi, forgetBbb, ...sent } = parse(videoForm, req.body ?? {});
        const { settings } = await video.find();
        await video.save(byOf(req), version, {
          ...sent,
          jitsiSecret: forgetJitsi ? '' : sent.jitsiSecret || settings.jitsiSecret,
          bbbSecret: forgetBbb ? '' : sent.bbbSecret || settings.bbbSecret,
        });
        seeOther(res, '/admin/video', 'admin.videoSaved');
      },
      (again) => page(req, again),
    );
  });

  router.post('/check', async (req, res) => {
    present(req, res, await page(req, undefined, await video.check()));
  });

  return router;
}

const withoutSecrets = (values: FormAgain['values'] = {}): FormAgain['values'] =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !name.endsWith('Secret')));
