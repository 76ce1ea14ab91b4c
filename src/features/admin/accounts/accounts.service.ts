import { DAY, type Clock } from '../../../shared/clock.js';
import { badInput, conflict, DomainError, notFound } from '../../../shared/errors.js';
import { digest, newToken } from '../../../shared/ids.js';
import type { Audit, AuditActor } from '../../../infra/audit/index.js';
import type { Admin, AdminsStore, Link } from './admins.store.js';
import { loginKey } from './login-key.js';
import { isTrivial } from './password-rules.js';
import type { Passwords } from './passwords.js';
import type { AdminSessionsStore } from './sessions.store.js';
import { triesAt, type TriesStore } from './tries.store.js';

export interface AccountsDeps {
  readonly admins: AdminsStore;
  readonly sessions: Pick<AdminSessionsStore, 'endAll'>;
  readonly tries: Pick<TriesStore, 'forget'>;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly audit: Pick<Audit, 'append'>;
  readonly clock: Clock;
}

/** Accounts are made and changed here; who may do it is for the callers: the terminal, or a signed-in page. */
export interface AccountsService {
  /** Oldest first. */
  list(): Promise<Admin[]>;
  /** A link for the very first account, in place of the one before; null when there are administrators. */
  firstLink(): Promise<string | null>;
  /** @returns the token of a link that makes one new account within a day */
  invite(by: AuditActor): Promise<string>;
  /**
   * @param forgetTotp the second factor is lost and goes with the old password
   * @returns the token of a link that sets a new password within a day
   * @throws DomainError `admin-not-found`, `admin-account-disabled`
   */
  offerPassword(login: string, forgetTotp: boolean, by: AuditActor): Promise<string>;
  /** @throws DomainError `admin-link-over` (410) */
  findLink(token: string): Promise<Link>;
  /**
   * Makes the account of an invitation, or sets the password that a link is for; once. Ends the pause after wrong
   * passwords.
   * @param address of the browser that uses the link
   * @throws DomainError `admin-link-over`; `bad-input` on `login` or `password`
   */
  useLink(
    token: string,
    given: { readonly login: string; readonly password: string },
    address: string,
  ): Promise<Admin>;
  /** Ends its sessions when disabled. @throws DomainError `admin-not-found` */
  setDisabled(login: string, disabled: boolean, by: AuditActor): Promise<Admin>;
  /** As another administrator does it. @throws DomainError `admin-self` (409): administrators cannot lock themselves out */
  setDisabledByOther(admin: Admin, disabled: boolean, by: Admin): Promise<void>;
  /** Ends every session of an account. */
  endSessions(admin: Admin, by: AuditActor): Promise<void>;
}

const LINK_MS = DAY;

export const adminActor = ({ id, login }: Pick<Admin, 'id' | 'login'>): AuditActor => ({
  kind: 'admin',
  id,
  name: login,
});

export const accountSubject = ({ id, login }: Pick<Admin, 'id' | 'login'>) =>
  ({ kind: 'account', id, name: login }) as const;

const linkOver = (): DomainError => new DomainError('admin-link-over', 410);

/** @throws DomainError `bad-input` on `password` */
export function refuseTrivial(password: string, login: string): void {
  if (isTrivial(password, login)) throw badInput({ password: 'errors.field.passwordTrivial' });
}

export function createAccountsService(deps: AccountsDeps): AccountsService {
  const { admins, sessions, tries, passwords, audit, clock } = deps;
  const expiry = (): Date => new Date(clock.now().getTime() + LINK_MS);

  async function find(login: string): Promise<Admin> {
    const admin = await admins.findOptionalByLogin(login);
    if (admin === null) throw notFound('admin-not-found');
    return admin;
  }

  async function findLink(token: string): Promise<Link> {
    const link = await admins.findOptionalLink(digest(token), clock.now());
    if (link === null) throw linkOver();
    return link;
  }

  async function setDisabled(login: string, disabled: boolean, by: AuditActor): Promise<Admin> {
    const admin = await find(login);
    await admins.setDisabled(admin.id, disabled);
    if (disabled) await sessions.endAll(admin.id);
    if (admin.disabled !== disabled) {
      await audit.append({
        actor: by,
        action: disabled ? 'account-disabled' : 'account-enabled',
        subject: accountSubject(admin),
      });
    }
    return { ...admin, disabled };
  }

  return {
    list: () => admins.all(),
    findLink,
    setDisabled,

    async setDisabledByOther(admin, disabled, by) {
      // So there is always one left who can come in.
      if (admin.id === by.id) throw conflict('admin-self');
      await setDisabled(admin.login, disabled, adminActor(by));
    },

    async endSessions(admin, by) {
      const count = await sessions.endAll(admin.id);
      if (count === 0) return;
      await audit.append({
        actor: by,
        action: 'sessions-ended',
        subject: accountSubject(admin),
        after: { count: String(count) },
      });
    },

    async firstLink() {
      if (await admins.any()) return null;
      const token = newToken();
      return (await admins.inviteFirst(digest(token), clock.now(), expiry())) ? token : null;
    },

    async invite(by) {
      const token = newToken();
      await admins.invite(digest(token), clock.now(), expiry());
      await audit.append({
        actor: by,
        action: 'link-made',
        subject: { kind: 'account', id: '', name: '' },
      });
      return token;
    },

    async offerPassword(login, forgetTotp, by) {
      const admin = await find(login);
      if (admin.disabled) throw new DomainError('admin-account-disabled', 409);
      const token = newToken();
      await admins.offerPassword(admin.id, digest(token), expiry(), forgetTotp);
      await audit.append({ actor: by, action: 'link-made', subject: accountSubject(admin) });
      return token;
    },

    async useLink(token, { login, password }, address) {
      const link = await findLink(token);
      const named = link.kind === 'account' ? login : link.login;
      refuseTrivial(password, named);
      const passwordHash = await passwords.hash(password);
      const now = clock.now();
      const made =
        link.kind === 'account'
          ? await admins.name(digest(token), now, { login: named, passwordHash })
          : await admins.resetPassword(digest(token), now, passwordHash);
      if (made === 'taken') throw badInput({ login: 'errors.field.taken' });
      if (made === null) throw linkOver();
      await sessions.endAll(made.id);
      const key = loginKey(made.login);
      await tries.forget(triesAt.login(key));
      await tries.forget(triesAt.loginFrom(key, address));
      await audit.append({
        actor: adminActor(made),
        action: link.kind === 'account' ? 'account-made' : 'password-reset',
        subject: accountSubject(made),
      });
      return made;
    },
  };
}
