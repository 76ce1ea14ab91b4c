import { Router, type Request } from 'express';
import type * as Uqr from 'uqr';
import { lazyPackage } from '../../../shared/lazy-package.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { adminOf } from '../admin.guard.js';
import { codeForm, passwordAgain } from '../admin.schema.js';
import type { OwnAccountService } from './own-account.service.js';
import type { TotpKey } from './totp.service.js';

const uqr = lazyPackage<typeof Uqr>('uqr');

/** `/admin/account/totp`: an administrator's own second factor and its recovery codes. */
export function twoFactorRouter(ownAccount: OwnAccountService): Router {
  const router = Router();

  /** @param key waits for its code */
  const totpPage = (req: Request, key: TotpKey | null, form?: FormAgain): Page => ({
    view: 'admin/totp',
    title: req.page.t('admin.totp.title'),
    data: {
      on: adminOf(req).admin.totp !== '',
      draft: key && { ...key, qr: uqr().renderSVG(key.uri, { border: 4 }) },
      errors: form?.errors ?? {},
    },
  });

  router.get('/', (req, res) => {
    present(req, res, totpPage(req, ownAccount.totpDraft(adminOf(req).admin)));
  });

  router.post('/', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        await ownAccount.startTotp(adminOf(req).admin, parse(passwordAgain, req.body ?? {}).current);
        seeOther(res, '/admin/account/totp');
      },
      (form) => totpPage(req, null, form),
    );
  });

  const recoveryPage = (req: Request, codes: readonly string[]): Page => ({
    view: 'admin/recovery',
    title: req.page.t('admin.totp.recovery'),
    data: { codes },
  });

  router.post('/confirm', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const { code } = parse(codeForm, req.body ?? {});
        // Shown this once, on the answer itself: no address leads here again.
        present(req, res, recoveryPage(req, await ownAccount.confirmTotp(adminOf(req), code)));
      },
      (form) => totpPage(req, ownAccount.totpDraft(adminOf(req).admin), form),
    );
  });

  router.post('/recovery', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const { current } = parse(passwordAgain, req.body ?? {});
        const codes = await ownAccount.renewRecovery(adminOf(req).admin, current);
        present(req, res, recoveryPage(req, codes));
      },
      (form) => totpPage(req, null, form),
    );
  });

  router.post('/off', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        await ownAccount.dropTotp(adminOf(req).admin, parse(passwordAgain, req.body ?? {}).current);
        seeOther(res, '/admin/account', 'admin.totpOff');
      },
      (form) => totpPage(req, null, form),
    );
  });

  return router;
}
