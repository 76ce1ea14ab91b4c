import { HOUR, MINUTE, SECOND, type Clock } from '../../../shared/clock.js';
import { DomainError } from '../../../shared/errors.js';
import { masked, type Audit, type AuditActor } from '../../../infra/audit/index.js';
import { accountSubject, adminActor } from './accounts.service.js';
import type { Admin, AdminsStore } from './admins.store.js';
import { loginKey } from './login-key.js';
import { GUEST_IDLE_MS, guestActor, type Guest, type GuestsService } from './guests.service.js';
import type { Passwords } from './passwords.js';
import type { AdminSession, AdminSessionsStore } from './sessions.store.js';
import type { TotpService } from './totp.service.js';
import { triesAt, type TriesRule, type TriesStore } from './tries.store.js';
import { ifWritable } from '../../../storage/index.js';

export interface LoginDeps {
  readonly admins: AdminsStore;
  readonly sessions: AdminSessionsStore;
  readonly tries: TriesStore;
  readonly passwords: Passwords;
  readonly totp: Pick<TotpService, 'accept'>;
  readonly guests: Pick<GuestsService, 'who'>;
  readonly audit: Pick<Audit, 'append'>;
  readonly clock: Clock;
}

/** Where a sign-in comes from. */
export interface Caller {
  readonly address: string;
  readonly userAgent: string;
  /** Token of the cookie that the browser had before, or ''. */
  readonly token: string;
}

/** Whose password is tried, and by whom. */
export interface PasswordTry {
  readonly login: string;
  readonly password: string;
  readonly address: string;
  /** Id of a browser that has signed in to this account before, else null. */
  readonly browser: string | null;
}

/** A browser that is in, or that has given the password and owes the code. */
export interface Entered {
  readonly admin: Admin;
  readonly session: AdminSession;
  readonly token: string;
}

/** A session without an account, vouched for by an LMS. */
export interface Visiting {
  readonly guest: Guest;
  readonly session: AdminSession;
  readonly token: string;
}

export type Inside = Entered | Visiting;

/** Who acts, as the audit log knows them. */
export const insideActor = (inside: Inside): AuditActor =>
  'guest' in inside ? guestActor(inside.guest) : adminActor(inside.admin);

/** An administrator's ownAccount is left alone sooner than a course page. */
const IDLE_MS = 30 * MINUTE;
const LONGEST_MS = 12 * HOUR;
/** Between the password and the code. */
const CODE_MS = 5 * MINUTE;
/** A visit is written down at most this often. */
const TOUCH_MS = MINUTE;

const LOGIN_RULE: TriesRule = {
  free: 5,
  firstPause: 30 * SECOND,
  longestPause: 15 * MINUTE,
  forget: 24 * HOUR,
};
/** All that strangers try at one login, from any number of networks. */
const ALL_NETWORKS_RULE: TriesRule = {
  free: 100,
  firstPause: 30 * SECOND,
  longestPause: 15 * MINUTE,
  forget: 24 * HOUR,
};
/** A whole school may share one address: only failures count there, and many are free. */
const ADDRESS_RULE: TriesRule = {
  free: 40,
  firstPause: 30 * SECOND,
  longestPause: 15 * MINUTE,
  forget: HOUR,
};

/** i18n key of what is wrong, by the field that it stands beside. */
const REFUSED = {
  password: 'errors.field.loginRefused',
  code: 'errors.field.codeRefused',
  current: 'errors.field.passwordRefused',
} as const;

const refused = (field: keyof typeof REFUSED): DomainError =>
  new DomainError('admin-login-refused', 401, { fields: { [field]: REFUSED[field] } });

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

export interface LoginService {
  /**
   * Checks a password. Unknown and disabled accounts get the same answer after the same work, and the same
   * pauses, so that existing logins cannot be found out. Tries are counted by login and network; those of a browser
   * that is known apart from all others.
   * @throws DomainError `admin-login-refused` (401), `admin-login-paused` (429)
   */
  check(attempt: PasswordTry): Promise<Admin>;
  /** Checks the password that a signed-in administrator repeats. @throws DomainError as `check`, on `current` */
  checkAgain(admin: Admin, password: string): Promise<Admin>;
  /**
   * Opens the session of one whose password was right; where there is a second factor, half a session that
   * opens nothing but the page for the code.
   * @returns the new token, and whether a code is owed
   */
  begin(admin: Admin, caller: Caller): Promise<{ token: string; owesCode: boolean }>;
  /**
   * Ends the login with a code, or a recovery code.
   * @returns the token of the whole session
   * @throws DomainError `admin-login-refused`, `admin-login-paused`
   */
  finish(entered: Entered, code: string, caller: Caller): Promise<string>;
  /** A whole session in place of the one that the browser has. @returns the new token */
  renew(admin: Admin, caller: Caller): Promise<string>;
  /** Who a browser with this token is; null when the session or the account is over. */
  enter(token: string): Promise<Inside | null>;
  leave(inside: Inside): Promise<void>;
}

export function createLoginService(deps: LoginDeps): LoginService {
  const { admins, sessions, tries, passwords, totp, guests, audit, clock } = deps;

  /** @throws DomainError `admin-login-paused` (429) */
  async function claim(what: string, rule: TriesRule, field: string): Promise<void> {
    const until = await tries.claim(what, rule, clock.now());
    if (until === null) return;
    const seconds = Math.max(1, Math.ceil((until.getTime() - clock.now().getTime()) / SECOND));
    throw new DomainError('admin-login-paused', 429, {
      retryAfter: seconds,
      fields: { [field]: 'errors.field.loginPaused' },
    });
  }

  async function verify({ login, password, counted, field, known }: Verification): Promise<Admin> {
    for (const { what, rule } of counted) await claim(what, rule, field);
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

  async function open(admin: Admin, stage: AdminSession['stage'], caller: Caller): Promise<string> {
    const { address, userAgent } = caller;
    const longest = stage === 'open' ? LONGEST_MS : CODE_MS;
    // The id is drawn now, so that a prepared one is useless (session fixation).
    if (caller.token !== '') await sessions.end(caller.token);
    const session = {
      adminId: admin.id,
      registrationId: '',
      personId: '',
      stage,
      address,
      userAgent: userAgent.slice(0, 300),
    };
    return sessions.open(session, clock.now(), stage === 'open' ? IDLE_MS : CODE_MS, longest);
  }

  async function arrive(admin: Admin, caller: Caller): Promise<string> {
    await tries.forget(triesAt.loginFrom(loginKey(admin.login), caller.address));
    await tries.forget(triesAt.code(admin.id));
    const token = await open(admin, 'open', caller);
    await admins.noteLogin(admin.id, clock.now());
    await audit.append({ actor: adminActor(admin), action: 'login', subject: accountSubject(admin) });
    return token;
  }

  /** Notes a visit, so that the session lives on. */
  async function seen({ seenAt, endsAt }: AdminSession, token: string, idleMs: number): Promise<void> {
    const now = clock.now();
    if (now.getTime() - seenAt.getTime() < TOUCH_MS) return;
    const expiresAt = new Date(Math.min(now.getTime() + idleMs, endsAt.getTime()));
    await ifWritable(sessions.touch(token, now, expiresAt));
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

    async begin(admin: Admin, caller: Caller): Promise<{ token: string; owesCode: boolean }> {
      if (admin.totp === '') return { token: await arrive(admin, caller), owesCode: false };
      return { token: await open(admin, 'code', caller), owesCode: true };
    },

    async finish({ admin }: Entered, code: string, caller: Caller): Promise<string> {
      await claim(triesAt.code(admin.id), LOGIN_RULE, 'code');
      if (!(await totp.accept(admin, code))) {
        await audit.append({
          actor: { kind: 'nobody', id: '', name: '' },
          action: 'login-code-failed',
          subject: accountSubject(admin),
        });
        throw refused('code');
      }
      return arrive(admin, caller);
    },

    renew: (admin: Admin, caller: Caller): Promise<string> => open(admin, 'open', caller),

    async enter(token: string): Promise<Inside | null> {
      const session = await sessions.findOptional(token, clock.now());
      if (session === null) return null;
      if (session.personId !== '') {
        const guest = await guests.who(session, token);
        if (guest === null) return null;
        await seen(session, token, GUEST_IDLE_MS);
        return { guest, session, token };
      }
      const admin = await admins.findOptional(session.adminId);
      if (admin === null || admin.disabled) return null;
      if (session.stage === 'open') await seen(session, token, IDLE_MS);
      return { admin, session, token };
    },

    async leave(inside: Inside): Promise<void> {
      await sessions.end(inside.token);
      await audit.append({
        actor: insideActor(inside),
        action: 'logout',
        subject:
          'guest' in inside
            ? { kind: 'person', id: inside.guest.personId, name: '' }
            : accountSubject(inside.admin),
      });
    },
  };
}
