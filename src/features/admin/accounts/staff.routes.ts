import { Router, type Request } from 'express';
import { z } from 'zod';
import { listView, pageOf } from '../../../infra/lists/index.js';
import { notFound } from '../../../shared/errors.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { id, parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { adminActor, type AccountsService } from './accounts.service.js';
import { adminOf } from '../admin.guard.js';
import { passwordAgain } from '../admin.schema.js';
import type { Admin } from './admins.store.js';
import { chosenAdmins, staffList } from './staff.list.js';
import type { OwnAccountService } from './own-account.service.js';

export interface StaffRouterDeps {
  readonly accounts: AccountsService;
  readonly ownAccount: Pick<OwnAccountService, 'confirm'>;
  /** Where the token of a one-time link is used. */
  readonly linkUrl: (token: string) => string;
}

const idParams = z.object({ id });

/**
 * `/admin/administrators`: administrators manage the accounts. Every change asks for the own password again:
 * an unattended browser must not create another account.
 */
export function staffRouter({ accounts, ownAccount, linkUrl }: StaffRouterDeps): Router {
  const router = Router();

  const view = (admin: Admin, me: Admin) => ({
    id: admin.id,
    login: admin.login,
    createdAt: admin.createdAt,
    lastLoginAt: admin.lastLoginAt,
    disabled: admin.disabled,
    secondFactor: admin.totp !== '',
    self: admin.id === me.id,
  });

  const listPage = async (req: Request, form?: FormAgain): Promise<Page> => {
    const wanted = staffList.parse(req.query, req.page);
    const { rows, ...found } = pageOf(
      chosenAdmins(await accounts.list(), wanted),
      wanted.page,
      staffList.size,
    );
    return {
      view: 'admin/staff',
      title: req.page.t('admin.staff.title'),
      data: {
        admins: rows.map((admin) => view(admin, adminOf(req).admin)),
        errors: form?.errors ?? {},
      },
      locals: {
        listing: listView(staffList, wanted, req.page, { action: '/admin/administrators', found }),
      },
    };
  };

  async function find(req: Request): Promise<Admin> {
    const wanted = parse(idParams, req.params).id;
    const found = (await accounts.list()).find((admin) => admin.id === wanted);
    if (found === undefined) throw notFound('admin-not-found');
    return found;
  }

  const onePage = async (req: Request, form?: FormAgain): Promise<Page> => {
    const admin = await find(req);
    return {
      view: 'admin/staff-one',
      title: admin.login,
      data: { account: view(admin, adminOf(req).admin), errors: form?.errors ?? {} },
    };
  };

  /** @throws DomainError on `current`, as at a login */
  const confirm = (req: Request): Promise<void> =>
    ownAccount.confirm(adminOf(req).admin, parse(passwordAgain, req.body ?? {}).current);

  const linkPage = (req: Request, token: string): Page => ({
    view: 'admin/staff-link',
    title: req.page.t('admin.staff.link'),
    // Shown this once: the store has a digest of it only.
    data: { url: linkUrl(token) },
  });

  router.get('/', async (req, res) => {
    present(req, res, await listPage(req));
  });

  router.post('/invite', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        await confirm(req);
        present(req, res, linkPage(req, await accounts.invite(adminActor(adminOf(req).admin))));
      },
      (form) => listPage(req, form),
    );
  });

  router.get('/:id', async (req, res) => {
    present(req, res, await onePage(req));
  });

  for (const [path, forgetTotp] of [
    ['password', false],
    ['forget', true],
  ] as const) {
    router.post(`/:id/${path}`, async (req, res) => {
      const { login } = await find(req);
      await answerForm(
        req,
        res,
        async () => {
          await confirm(req);
          const by = adminActor(adminOf(req).admin);
          present(req, res, linkPage(req, await accounts.offerPassword(login, forgetTotp, by)));
        },
        (form) => onePage(req, form),
      );
    });
  }

  for (const [path, done] of [
    ['end-sessions', 'admin.staffEnded'],
    ['disable', 'admin.staffDisabled'],
    ['enable', 'admin.staffEnabled'],
  ] as const) {
    router.post(`/:id/${path}`, async (req, res) => {
      const admin = await find(req);
      await answerForm(
        req,
        res,
        async () => {
          await confirm(req);
          const by = adminOf(req).admin;
          if (path === 'end-sessions') await accounts.endSessions(admin, adminActor(by));
          else await accounts.setDisabledByOther(admin, path === 'disable', by);
          seeOther(res, '/admin/administrators', done);
        },
        (form) => onePage(req, form),
      );
    });
  }

  return router;
}
