import { Router, type Request } from 'express';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { adminOf, callerOf, giveCookie } from '../admin.guard.js';
import { changePasswordForm, sessionKey } from '../admin.schema.js';
import type { OwnAccountService } from './own-account.service.js';
import { twoFactorRouter } from './two-factor.routes.js';

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

  router.use('/totp', twoFactorRouter(ownAccount));

  return router;
}
