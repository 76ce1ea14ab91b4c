import { Router, type Request } from 'express';
import { z } from 'zod';
import { notFound } from '../../../shared/errors.js';
import { answerForm } from '../../../web/form.js';
import { id, parse } from '../../../web/parse.js';
import { present, seeOther } from '../../../web/present.js';
import { adminActor, type AccountsService } from './accounts.service.js';
import { adminOf } from '../admin.guard.js';
import { passwordAgain } from '../admin.schema.js';
import type { Admin } from './admins.store.js';
import type { OwnAccountService } from './own-account.service.js';
import { createStaffPages } from './staff.pages.js';

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
  const pages = createStaffPages(accounts, linkUrl);

  async function find(req: Request): Promise<Admin> {
    const wanted = parse(idParams, req.params).id;
    const found = (await accounts.list()).find((admin) => admin.id === wanted);
    if (found === undefined) throw notFound('admin-not-found');
    return found;
  }

  /** @throws DomainError on `current`, as at a login */
  const confirm = (req: Request): Promise<void> =>
    ownAccount.confirm(adminOf(req).admin, parse(passwordAgain, req.body ?? {}).current);

  router.get('/', async (req, res) => {
    present(req, res, await pages.list(req));
  });

  router.post('/invite', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        await confirm(req);
        present(req, res, pages.link(req, await accounts.invite(adminActor(adminOf(req).admin))));
      },
      (form) => pages.list(req, form),
    );
  });

  router.get('/:id', async (req, res) => {
    present(req, res, pages.account(req, await find(req)));
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
          present(req, res, pages.link(req, await accounts.offerPassword(login, forgetTotp, by)));
        },
        async (form) => pages.account(req, await find(req), form),
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
        async (form) => pages.account(req, await find(req), form),
      );
    });
  }

  return router;
}
