import type * as OtpAuth from 'otpauth';
import { SECOND, type Clock } from '../../../shared/clock.js';
import { badInput, conflict } from '../../../shared/errors.js';
import { lazyPackage } from '../../../shared/lazy-package.js';
import { digest, newKey } from '../../../shared/ids.js';
import type { SealedField, Sealer } from '../../../shared/sealing.js';
import type { Audit } from '../../../infra/audit/index.js';
import { accountSubject, adminActor } from './accounts.service.js';
import type { Admin, AdminsStore } from './admins.store.js';

export interface TotpDeps {
  readonly admins: AdminsStore;
  readonly sealer: Sealer;
  readonly audit: Pick<Audit, 'append'>;
  readonly clock: Clock;
  /** Under which the key stands in the authenticator. */
  readonly issuer: string;
}

/** A key as an authenticator takes it: by its address (in a QR code), or typed. */
export interface TotpKey {
  readonly uri: string;
  readonly key: string;
}

export interface TotpService {
  /** Makes a key that counts once a code has confirmed it. @throws DomainError `admin-totp-there` (409) */
  start(admin: Admin): Promise<void>;
  /** The key that waits for its code; null when there is none. */
  draft(admin: Admin): TotpKey | null;
  /** @returns recovery codes, shown this once. @throws DomainError `bad-input` on `code`; `admin-totp-draft` (409) */
  confirm(admin: Admin, code: string): Promise<string[]>;
  /** Takes a code, or a recovery code; each once. */
  accept(admin: Admin, code: string): Promise<boolean>;
  /** New recovery codes in place of the old. */
  renewRecovery(admin: Admin): Promise<string[]>;
  drop(admin: Admin): Promise<void>;
}

const PURPOSE = 'admin-totp';

export const ADMIN_SEALED: readonly SealedField[] = ['totp', 'totpDraft'].map((path) => ({
  collection: 'admins',
  path,
  purpose: PURPOSE,
}));

const PERIOD_S = 30;
/** One step to either side: clocks of telephones differ a little (RFC 6238, 5.2). */
const WINDOW = 1;
const RECOVERY_CODES = 10;
/** 79 bits: a stolen digest does not reveal the code. */
const RECOVERY_LETTERS = 16;

const bare = (code: string): string => code.toLowerCase().replace(/[\s-]+/g, '');

function newRecovery(): { codes: string[]; digests: string[] } {
  const bareCodes = Array.from({ length: RECOVERY_CODES }, () => newKey(RECOVERY_LETTERS));
  return {
    codes: bareCodes.map((code) => (code.match(/.{4}/g) ?? []).join('-')),
    digests: bareCodes.map(digest),
  };
}

const otpAuth = lazyPackage<typeof OtpAuth>('otpauth');

export function createTotpService({ admins, sealer, audit, clock, issuer }: TotpDeps): TotpService {
  /** Sealed with the account's id: a key copied into another account's record is none. */
  function openKey(admin: Admin, sealed: string): string {
    const [id, key] = sealer.open(sealed, PURPOSE).split(' ');
    if (id !== admin.id || key === undefined) throw new Error('the key is of another account');
    return key;
  }

  /** Everything that authenticators know: others read SHA-1, six digits, thirty seconds only. */
  const authenticator = (admin: Admin, sealed: string): OtpAuth.TOTP =>
    new (otpAuth().TOTP)({
      issuer,
      label: admin.login,
      algorithm: 'SHA1',
      digits: 6,
      period: PERIOD_S,
      secret: otpAuth().Secret.fromBase32(openKey(admin, sealed)),
    });

  /** The step that a code belongs to, or null. */
  function stepOf(admin: Admin, sealed: string, code: string): number | null {
    if (!/^\d{6}$/.test(code)) return null;
    const timestamp = clock.now().getTime();
    const delta = authenticator(admin, sealed).validate({ token: code, timestamp, window: WINDOW });
    return delta === null ? null : Math.floor(timestamp / (PERIOD_S * SECOND)) + delta;
  }

  const note = (admin: Admin, action: 'totp-on' | 'totp-off' | 'recovery-used' | 'recovery-renewed') =>
    audit.append({ actor: adminActor(admin), action, subject: accountSubject(admin) });

  return {
    async start(admin) {
      if (admin.totp !== '') throw conflict('admin-totp-there');
      const secret = new (otpAuth().Secret)({ size: 20 });
      await admins.draftTotp(admin.id, sealer.seal(`${admin.id} ${secret.base32}`, PURPOSE));
    },

    draft(admin) {
      if (admin.totpDraft === '') return null;
      const totp = authenticator(admin, admin.totpDraft);
      return { uri: totp.toString(), key: totp.secret.base32 };
    },

    async confirm(admin, code) {
      if (admin.totpDraft === '') throw conflict('admin-totp-draft');
      const step = stepOf(admin, admin.totpDraft, bare(code));
      if (step === null) throw badInput({ code: 'errors.field.codeRefused' });
      const { codes, digests } = newRecovery();
      if (!(await admins.confirmTotp(admin.id, admin.totpDraft, step, digests))) {
        throw conflict('admin-totp-draft');
      }
      await note(admin, 'totp-on');
      return codes;
    },

    async accept(admin, code) {
      const given = bare(code);
      const step = stepOf(admin, admin.totp, given);
      if (step !== null) return admins.takeStep(admin.id, admin.totp, step);
      if (!(await admins.takeRecovery(admin.id, digest(given)))) return false;
      await note(admin, 'recovery-used');
      return true;
    },

    async renewRecovery(admin) {
      if (admin.totp === '') throw conflict('admin-totp-draft');
      const { codes, digests } = newRecovery();
      await admins.setRecovery(admin.id, digests);
      await note(admin, 'recovery-renewed');
      return codes;
    },

    async drop(admin) {
      await admins.dropTotp(admin.id);
      if (admin.totp !== '') await note(admin, 'totp-off');
    },
  };
}
