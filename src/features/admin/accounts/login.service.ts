import { HOUR, MINUTE, type Clock } from '../../../shared/clock.js';
import type { Audit, AuditActor } from '../../../infra/audit/index.js';
import { accountSubject, adminActor } from './accounts.service.js';
import type { Admin, AdminsStore } from './admins.store.js';
import { loginKey } from './login-key.js';
import { GUEST_IDLE_MS, guestActor, type Guest, type GuestsService } from './guests.service.js';
import { claimTry, LOGIN_RULE, refused } from './login-refusals.js';
import { createPasswordCheck, type PasswordCheck } from './password-check.service.js';
import type { Passwords } from './passwords.js';
import type { AdminSession, AdminSessionsStore } from './sessions.store.js';
import type { TotpService } from './totp.service.js';
import { triesAt, type TriesStore } from './tries.store.js';
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

/** An administrator's session ends sooner than one of a course. */
const IDLE_MS = 30 * MINUTE;
const LONGEST_MS = 12 * HOUR;
/** Between the password and the code. */
const CODE_MS = 5 * MINUTE;
/** A visit is written down at most this often. */
const TOUCH_MS = MINUTE;

export interface LoginService extends PasswordCheck {
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
  const { admins, sessions, tries, totp, guests, audit, clock } = deps;

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
    ...createPasswordCheck(deps),

    async begin(admin: Admin, caller: Caller): Promise<{ token: string; owesCode: boolean }> {
      if (admin.totp === '') return { token: await arrive(admin, caller), owesCode: false };
      return { token: await open(admin, 'code', caller), owesCode: true };
    },

    async finish({ admin }: Entered, code: string, caller: Caller): Promise<string> {
      await claimTry(deps, { what: triesAt.code(admin.id), rule: LOGIN_RULE, field: 'code' });
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
