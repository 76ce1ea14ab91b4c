import { Router, type Request } from 'express';
import { renderSVG } from 'uqr';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { adminOf, callerOf, giveCookie } from '../admin.guard.js';
import { changePasswordForm, codeForm, passwordAgain, sessionKey } from '../admin.schema.js';
import type { OwnAccountService } from './own-account.service.js';
import type { TotpKey } from './totp.service.js';

/** `/admin/account`: an administrator's own sessions, password and second factor. */
export function accountRouter(ownAccount: OwnAccountService): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    const { admin, session } = adminOf(req);
    const sessions = await ownAccount.sessions(admin);
    present(req, res, {
      view: 'admin/account',
      title: req.page.t('admin.account.title'),
      data: {
        account: {
          login: admin.login,
          createdAt: admin.createdAt,
          secondFactor: admin.totp !== '',
          recoveryLeft: admin.recovery.length,
        },
        sessions: sessions.map(({ key, createdAt, seenAt, address, userAgent }) => ({
          key,
          createdAt,
          seenAt,
          address,
          userAgent,
          here: key === session.key,
        })),
      },
    });
  });

  router.post('/sessions/end-others', async (req, res) => {
    await ownAccount.endOthers(adminOf(req));
    seeOther(res, '/admin/account', 'admin.sessionsEnded');
  });

  router.post('/sessions/:key/end', async (req, res) => {
    await ownAccount.endSession(adminOf(req).admin, parse(sessionKey, req.params).key);
    seeOther(res, '/admin/account', 'admin.sessionEnded');
  });

  const passwordPage = (req: Request, form?: FormAgain): Page => ({
    view: 'admin/password',
    title: req.page.t('admin.password.title'),
    data: { errors: form?.errors ?? {} },
  });

  router.get('/password', (req, res) => {
    present(req, res, passwordPage(req));
  });

  router.post('/password', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const { current, password } = parse(changePasswordForm, req.body ?? {});
        giveCookie(res, await ownAccount.changePassword(adminOf(req), current, password, callerOf(req)));
        seeOther(res, '/admin/account', 'admin.passwordSet');
      },
      (form) => passwordPage(req, form),
    );
  });

  /** @param key waits for its code */
  const totpPage = (req: Request, key: TotpKey | null, form?: FormAgain): Page => ({
    view: 'admin/totp',
    title: req.page.t('admin.totp.title'),
    data: {
      on: adminOf(req).admin.totp !== '',
      draft: key && { ...key, qr: renderSVG(key.uri, { border: 4 }) },
      errors: form?.errors ?? {},
    },
  });

  router.get('/totp', (req, res) => {
    present(req, res, totpPage(req, ownAccount.totpDraft(adminOf(req).admin)));
  });

  router.post('/totp', async (req, res) => {
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

  router.post('/totp/confirm', async (req, res) => {
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

  router.post('/totp/recovery', async (req, res) => {
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

  router.post('/totp/off', async (req, res) => {
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
