import { masked, type Audit } from '../../../infra/audit/index.js';
import type { Clock } from '../../../shared/clock.js';
import { accountSubject } from './accounts.service.js';
import type { Admin, AdminsStore } from './admins.store.js';
import { loginKey } from './login-key.js';
import { ADDRESS_RULE, ALL_NETWORKS_RULE, claimTry, LOGIN_RULE, refused } from './login-refusals.js';
import type { Passwords } from './passwords.js';
import { triesAt, type TriesRule, type TriesStore } from './tries.store.js';

export interface PasswordCheckDeps {
  readonly admins: Pick<AdminsStore, 'findOptionalByLogin' | 'setPassword'>;
  readonly tries: Pick<TriesStore, 'claim' | 'refund'>;
  readonly passwords: Passwords;
  readonly audit: Pick<Audit, 'append'>;
  readonly clock: Clock;
}

/** Whose password is tried, and by whom. */
export interface PasswordTry {
  readonly login: string;
  readonly password: string;
  readonly address: string;
  /** Id of a browser that has signed in to this account before, else null. */
  readonly browser: string | null;
}

interface Counted {
  readonly what: string;
  readonly rule: TriesRule;
}

interface Verification {
  readonly login: string;
  readonly password: string;
  /** What the try is counted by, in this order. */
  readonly counted: readonly Counted[];
  /** Stands beside the refusal. */
  readonly field: 'password' | 'current';
  readonly known: boolean;
}

export interface PasswordCheck {
  /**
   * Checks a password. Unknown and disabled accounts get the same answer after the same work, and the same
   * pauses, so that existing logins cannot be found out. Tries are counted by login and network; those of a browser
   * that is known apart from all others.
   * @throws DomainError `admin-login-refused` (401), `admin-login-paused` (429)
   */
  check(attempt: PasswordTry): Promise<Admin>;
  /** Checks the password that a signed-in administrator repeats. @throws DomainError as `check`, on `current` */
  checkAgain(admin: Admin, password: string): Promise<Admin>;
}

export function createPasswordCheck(deps: PasswordCheckDeps): PasswordCheck {
  const { admins, tries, passwords, audit } = deps;

  async function verify({ login, password, counted, field, known }: Verification): Promise<Admin> {
    for (const { what, rule } of counted) await claimTry(deps, { what, rule, field });
    const admin = await admins.findOptionalByLogin(login);
    if (admin === null) await passwords.pretend(password);
    const { ok, outdated } =
      admin === null
        ? { ok: false, outdated: false }
        : await passwords.verify(password, admin.passwordHash, known);
    if (admin === null || !ok || admin.disabled) {
      await audit.append({
        actor: { kind: 'nobody', id: '', name: '' },
        action: 'login-failed',
        // What was typed may be a password in the wrong field.
        subject: admin === null ? { kind: 'account', id: '', name: masked(login) } : accountSubject(admin),
      });
      throw refused(field);
    }
    await Promise.all(counted.map(({ what }) => tries.refund(what)));
    if (!outdated) return admin;
    const passwordHash = await passwords.hash(password);
    const grown = await admins.setPassword(admin.id, admin.passwordHash, passwordHash);
    return grown ? { ...admin, passwordHash } : admin;
  }

  return {
    check({ login, password, address, browser }: PasswordTry): Promise<Admin> {
      const key = loginKey(login);
      const counted: Counted[] =
        browser !== null
          ? [{ what: triesAt.browser(browser), rule: LOGIN_RULE }]
          : [
              { what: triesAt.address(address), rule: ADDRESS_RULE },
              { what: triesAt.loginFrom(key, address), rule: LOGIN_RULE },
              { what: triesAt.login(key), rule: ALL_NETWORKS_RULE },
            ];
      return verify({ login, password, counted, field: 'password', known: browser !== null });
    },

    checkAgain({ id, login }: Admin, password: string): Promise<Admin> {
      const counted = [{ what: triesAt.own(id), rule: LOGIN_RULE }];
      return verify({ login, password, counted, field: 'current', known: true });
    },
  };
}
