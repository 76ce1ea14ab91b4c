import type { Clock } from '../../../shared/clock.js';
import { conflict, notFound } from '../../../shared/errors.js';
import type { Audit } from '../../../infra/audit/index.js';
import { accountSubject, adminActor, refuseTrivial } from './accounts.service.js';
import type { Admin, AdminsStore } from './admins.store.js';
import type { Caller, Entered, LoginService } from './login.service.js';
import type { Passwords } from './passwords.js';
import type { AdminSession, AdminSessionsStore } from './sessions.store.js';
import type { TotpKey, TotpService } from './totp.service.js';

export interface OwnAccountDeps {
  readonly admins: AdminsStore;
  readonly sessions: AdminSessionsStore;
  readonly passwords: Passwords;
  readonly login: Pick<LoginService, 'checkAgain' | 'renew'>;
  readonly totp: TotpService;
  readonly audit: Pick<Audit, 'append'>;
  readonly clock: Clock;
}

/** Changes to an administrator's own account. Changes that weaken it ask for the password again. */
export interface OwnAccountService {
  endOthers(entered: Entered): Promise<void>;
  /** Confirms the password of the signed-in administrator. */
  confirm(admin: Admin, current: string): Promise<void>;
  sessions(admin: Admin): Promise<AdminSession[]>;
  /** @throws DomainError `not-found` (404) for a session that is over, or another's */
  endSession(admin: Admin, key: string): Promise<void>;
  /**
   * Ends every other session, and gives this one a new id.
   * @returns the new token
   * @throws DomainError `admin-login-refused`, `admin-login-paused` on `current`; `bad-input` on `password`
   */
  changePassword(entered: Entered, current: string, password: string, caller: Caller): Promise<string>;
  totpDraft(admin: Admin): TotpKey | null;
  startTotp(admin: Admin, current: string): Promise<void>;
  /** Sessions that came in without a code end. @returns recovery codes */
  confirmTotp(entered: Entered, code: string): Promise<string[]>;
  renewRecovery(admin: Admin, current: string): Promise<string[]>;
  dropTotp(admin: Admin, current: string): Promise<void>;
}

export function createOwnAccountService(deps: OwnAccountDeps): OwnAccountService {
  const { admins, sessions, passwords, login, totp, audit, clock } = deps;

  /** @throws DomainError as `LoginService.checkAgain`, on `current` */
  const again = (admin: Admin, current: string): Promise<Admin> => login.checkAgain(admin, current);

  async function endOthers({ admin, token }: Entered): Promise<void> {
    const count = await sessions.endAll(admin.id, token);
    if (count === 0) return;
    await audit.append({
      actor: adminActor(admin),
      action: 'sessions-ended',
      subject: accountSubject(admin),
      after: { count: String(count) },
    });
  }

  return {
    endOthers,
    async confirm(admin: Admin, current: string): Promise<void> {
      await again(admin, current);
    },
    sessions: (admin: Admin): Promise<AdminSession[]> => sessions.ofAdmin(admin.id, clock.now()),

    async endSession(admin: Admin, key: string): Promise<void> {
      if (!(await sessions.endByKey(admin.id, key))) throw notFound();
      await audit.append({
        actor: adminActor(admin),
        action: 'session-ended',
        subject: { kind: 'session', id: key, name: admin.login },
      });
    },

    async changePassword(
      { admin }: Entered,
      current: string,
      password: string,
      caller: Caller,
    ): Promise<string> {
      refuseTrivial(password, admin.login);
      const { id, passwordHash } = await again(admin, current);
      // Only over the password that was just checked: of two changes at once, one is told to look again.
      if (!(await admins.setPassword(id, passwordHash, await passwords.hash(password)))) {
        throw conflict('try-again');
      }
      const renewed = await login.renew(admin, caller);
      await sessions.endAll(id, renewed);
      await audit.append({
        actor: adminActor(admin),
        action: 'password-changed',
        subject: accountSubject(admin),
      });
      return renewed;
    },

    totpDraft: (admin: Admin): TotpKey | null => totp.draft(admin),
    async startTotp(admin: Admin, current: string): Promise<void> {
      await again(admin, current);
      await totp.start(admin);
    },
    async confirmTotp(entered: Entered, code: string): Promise<string[]> {
      const codes = await totp.confirm(entered.admin, code);
      await endOthers(entered);
      return codes;
    },
    async renewRecovery(admin: Admin, current: string): Promise<string[]> {
      await again(admin, current);
      return totp.renewRecovery(admin);
    },
    async dropTotp(admin: Admin, current: string): Promise<void> {
      await again(admin, current);
      await totp.drop(admin);
    },
  };
}
