import type { Request } from 'express';
import { listView, pageOf } from '../../../infra/lists/index.js';
import type { FormAgain } from '../../../web/form.js';
import type { Page } from '../../../web/present.js';
import { adminOf } from '../admin.guard.js';
import type { AccountsService } from './accounts.service.js';
import type { Admin } from './admins.store.js';
import { chosenAdmins, staffList } from './staff.list.js';

const view = (admin: Admin, me: Admin) => ({
  id: admin.id,
  login: admin.login,
  createdAt: admin.createdAt,
  lastLoginAt: admin.lastLoginAt,
  disabled: admin.disabled,
  secondFactor: admin.totp !== '',
  self: admin.id === me.id,
});

/** Pages of `/admin/administrators` that more than one route shows. */
export interface StaffPages {
  list(req: Request, form?: FormAgain): Promise<Page>;
  account(req: Request, admin: Admin, form?: FormAgain): Page;
  link(req: Request, token: string): Page;
}

/** @param linkUrl where the token of a one-time link is used */
export function createStaffPages(
  accounts: Pick<AccountsService, 'list'>,
  linkUrl: (token: string) => string,
): StaffPages {
  return {
    async list(req, form) {
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
    },

    account: (req, admin, form) => ({
      view: 'admin/staff-one',
      title: admin.login,
      data: { account: view(admin, adminOf(req).admin), errors: form?.errors ?? {} },
    }),

    link: (req, token) => ({
      view: 'admin/staff-link',
      title: req.page.t('admin.staff.link'),
      // Shown this once: the store has a digest of it only.
      data: { url: linkUrl(token) },
    }),
  };
}
