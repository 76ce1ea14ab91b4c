import { Router, type Request } from 'express';
import { LOCALES } from '../../../i18n/index.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { adminOf, byOf, isGuest, requireAccount } from '../admin.guard.js';
import { passwordAgain } from '../admin.schema.js';
import type { OwnAccountService } from '../accounts/own-account.service.js';
import { admittedForm, settingsForm } from './settings.schema.js';
import { settingsValues, type SettingsService } from './settings.service.js';
import { admittedView } from './settings.view.js';

export interface SettingsRouterDeps {
  readonly settings: SettingsService;
  readonly ownAccount: Pick<OwnAccountService, 'confirm'>;
  /** What holds where nothing is set here. */
  readonly environment: { readonly rosterHours: number };
}

/** `/admin/settings`: what holds for the whole centre. */
export function settingsRouter({ settings, ownAccount, environment }: SettingsRouterDeps): Router {
  const router = Router();

  const settingsPage = async (req: Request, form?: FormAgain): Promise<Page> => {
    const { settings: saved, version } = await settings.find();
    const values = settingsValues(saved);
    return {
      view: 'admin/settings',
      title: req.page.t('admin.settings.title'),
      data: {
        // After a conflict the form shows what is stored now.
        values: { ...values, ...form?.values, version },
        saved: form?.errors.version === undefined ? null : values,
        zone: saved.zone,
        locales: LOCALES,
        environment,
        admits: saved.administrators.length > 0,
        guest: isGuest(req),
        errors: form?.errors ?? {},
      },
    };
  };

  router.get('/', async (req, res) => {
    present(req, res, await settingsPage(req));
  });

  router.post('/', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const { version, ...edit } = parse(settingsForm, req.body ?? {});
        await settings.save(byOf(req), version, edit);
        seeOther(res, '/admin/settings', 'admin.settingsSaved');
      },
      (form) => settingsPage(req, form),
    );
  });

  const admittedPage = async (req: Request, form?: FormAgain): Promise<Page> => ({
    view: 'admin/settings-administrators',
    title: req.page.t('admin.settings.administrators'),
    data: {
      ...admittedView(await settings.admitted(), form?.values),
      stale: form?.errors.version !== undefined,
      errors: form?.errors ?? {},
    },
  });

  // Another way in is for those to open who came by the first one.
  router.use('/administrators', requireAccount());

  router.get('/administrators', async (req, res) => {
    present(req, res, await admittedPage(req));
  });

  router.post('/administrators', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const { platform, version } = parse(admittedForm, req.body ?? {});
        const { current } = parse(passwordAgain, req.body ?? {});
        await ownAccount.confirm(adminOf(req).admin, current);
        await settings.admit(byOf(req), version, platform);
        seeOther(res, '/admin/settings', 'admin.settingsSaved');
      },
      (form) => admittedPage(req, form),
    );
  });

  return router;
}
