import { Router, type Request } from 'express';
import { DomainError } from '../../../shared/errors.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import type { AccountsService } from './accounts.service.js';
import { callerOf, enteredOf, giveCookie, insideOf, requireAdmin, takeCookie } from '../admin.guard.js';
import { accountForm, codeForm, linkToken, loginForm, passwordForm } from '../admin.schema.js';
import type { Link } from './admins.store.js';
import { loginKey } from './login-key.js';
import type { KnownBrowsers } from './known-browsers.js';
import type { createPasswordGate } from './local.strategy.js';
import type { LoginService } from './login.service.js';

export interface LoginRouterDeps {
  readonly login: LoginService;
  readonly accounts: AccountsService;
  readonly known: Pick<KnownBrowsers, 'remember'>;
  readonly passwordGate: ReturnType<typeof createPasswordGate>;
}

/** What may stand in a form again: passwords and codes never do. */
const again = (form: FormAgain | undefined) => ({
  login: String(form?.values.login ?? ''),
  errors: form?.errors ?? {},
});

const loginPage = (req: Request, form?: FormAgain): Page => ({
  view: 'admin/login',
  title: req.page.t('admin.login.title'),
  data: again(form),
});

const codePage = (req: Request, form?: FormAgain): Page => ({
  view: 'admin/code',
  title: req.page.t('admin.code.title'),
  data: { errors: again(form).errors },
});

const setupPage = (req: Request, link: Link, token: string, form?: FormAgain): Page => ({
  view: 'admin/setup',
  title: req.page.t(`admin.setup.${link.kind}`),
  data: { kind: link.kind, token, ...again(form), ...(link.kind === 'password' && { login: link.login }) },
});

/** `/admin`: sign-in pages, for visitors without a session. */
export function loginRouter({ login, accounts, known, passwordGate }: LoginRouterDeps): Router {
  const router = Router();

  router.get('/login', (req, res) => {
    const entered = enteredOf(req);
    if (entered?.session.stage === 'open') seeOther(res, '/admin');
    else present(req, res, loginPage(req));
  });

  router.post('/login', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        parse(loginForm, req.body ?? {});
        const admin = await passwordGate(req, res);
        const { token, owesCode } = await login.begin(admin, callerOf(req));
        giveCookie(res, token);
        if (!owesCode) known.remember(req, res, loginKey(admin.login));
        seeOther(res, owesCode ? '/admin/login/code' : '/admin');
      },
      (form) => loginPage(req, form),
    );
  });

  router.get('/login/code', (req, res) => {
    const entered = enteredOf(req);
    if (entered?.session.stage === 'code') present(req, res, codePage(req));
    else seeOther(res, entered === null ? '/admin/login' : '/admin');
  });

  router.post('/login/code', async (req, res) => {
    const entered = enteredOf(req);
    if (entered === null || 'guest' in entered || entered.session.stage !== 'code') {
      throw new DomainError('admin-login-needed', 401);
    }
    await answerForm(
      req,
      res,
      async () => {
        const { code } = parse(codeForm, req.body ?? {});
        giveCookie(res, await login.finish(entered, code, callerOf(req)));
        known.remember(req, res, loginKey(entered.admin.login));
        seeOther(res, '/admin');
      },
      (form) => codePage(req, form),
    );
  });

  router.post('/logout', requireAdmin(), async (req, res) => {
    await login.leave(insideOf(req));
    takeCookie(res);
    seeOther(res, '/admin/login', 'admin.loggedOut');
  });

  router.get('/setup', async (req, res) => {
    const { token } = parse(linkToken, req.query);
    present(req, res, setupPage(req, await accounts.findLink(token), token));
  });

  router.post('/setup', async (req, res) => {
    const { token } = parse(linkToken, req.body ?? {});
    const link = await accounts.findLink(token);
    await answerForm(
      req,
      res,
      async () => {
        const given =
          link.kind === 'account'
            ? parse(accountForm, req.body)
            : { ...parse(passwordForm, req.body), login: link.login };
        const made = await accounts.useLink(token, given, callerOf(req).address);
        known.remember(req, res, loginKey(made.login));
        seeOther(res, '/admin/login', link.kind === 'account' ? 'admin.accountMade' : 'admin.passwordSet');
      },
      (form) => setupPage(req, link, token, form),
    );
  });

  return router;
}
