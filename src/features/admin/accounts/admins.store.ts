import { Schema, type Connection, type Types } from 'mongoose';
import { isDuplicateKey } from '../../../storage/index.js';
import { loginKey } from './login-key.js';

/** An administrator's account. */
export interface Admin {
  readonly id: string;
  readonly login: string;
  readonly passwordHash: string;
  readonly createdAt: Date;
  readonly lastLoginAt: Date | null;
  readonly disabled: boolean;
  /** Sealed key of the second factor; '' where there is none. */
  readonly totp: string;
  /** A sealed key that has not been confirmed by a code yet, or ''. */
  readonly totpDraft: string;
  /** Digests of the recovery codes not used yet. */
  readonly recovery: readonly string[];
}

/** A one-time link as the page that it opens needs it. */
export interface Link {
  /** `account`: makes a new account; `password`: sets the password of one that is there. */
  readonly kind: 'account' | 'password';
  /** Whose password; '' for a new account. */
  readonly login: string;
}

interface Row {
  /** Absent until the one-time link is used: an invitation is an account without a login. */
  login?: string;
  /** The login as it is compared. */
  loginKey?: string;
  passwordHash?: string;
  createdAt: Date;
  lastLoginAt: Date | null;
  disabled: boolean;
  /** Of the very first account alone: unique, so that there can be one such. */
  first?: true;
  link?: { digest: string; expiresAt: Date; forgetTotp: boolean };
  totp: string;
  totpDraft: string;
  /** Step (RFC 6238, 4.2) of the newest code taken; codes up to it are used up. */
  totpStep: number;
  recovery: string[];
}

const schema = new Schema<Row>(
  {
    login: String,
    loginKey: String,
    passwordHash: String,
    createdAt: { type: Date, required: true },
    lastLoginAt: { type: Date, default: null },
    disabled: { type: Boolean, default: false },
    first: Boolean,
    link: new Schema({ digest: String, expiresAt: Date, forgetTotp: Boolean }, { _id: false }),
    totp: { type: String, default: '' },
    totpDraft: { type: String, default: '' },
    totpStep: { type: Number, default: 0 },
    recovery: { type: [String], default: [] },
  },
  { collection: 'admins', versionKey: false },
);
schema.index({ loginKey: 1 }, { unique: true, sparse: true });
schema.index({ first: 1 }, { unique: true, sparse: true });
schema.index({ 'link.digest': 1 }, { unique: true, sparse: true });

type Found = Row & { _id: Types.ObjectId };

const plain = (row: Found): Admin => ({
  id: row._id.toString(),
  login: row.login ?? '',
  passwordHash: row.passwordHash ?? '',
  createdAt: row.createdAt,
  lastLoginAt: row.lastLoginAt,
  disabled: row.disabled,
  totp: row.totp,
  totpDraft: row.totpDraft,
  recovery: row.recovery,
});

const NAMED = { loginKey: { $exists: true } };
const NAMELESS = { loginKey: { $exists: false } };

export interface AdminsStore {
  findOptional(id: string): Promise<Admin | null>;
  findOptionalByLogin(login: string): Promise<Admin | null>;
  /** Oldest first; invitations are none yet. */
  all(): Promise<Admin[]>;
  any(): Promise<boolean>;
  /** An invitation for a new account. Those that have run out go. */
  invite(digest: string, now: Date, expiresAt: Date): Promise<void>;
  /**
   * The invitation for the very first account, in place of the one before.
   * @returns false when that account is made
   */
  inviteFirst(digest: string, now: Date, expiresAt: Date): Promise<boolean>;
  /** A link by which this account gets a new password, in place of any before. */
  offerPassword(id: string, digest: string, expiresAt: Date, forgetTotp: boolean): Promise<void>;
  findOptionalLink(digest: string, now: Date): Promise<Link | null>;
  /**
   * Uses an invitation up: of any number that come with it, one gets the account.
   * @returns the account; `taken` when another has this login; null when the link is over
   */
  name(
    digest: string,
    now: Date,
    account: { readonly login: string; readonly passwordHash: string },
  ): Promise<Admin | 'taken' | null>;
  /** Uses up a link for a new password. @returns null when it is over */
  resetPassword(digest: string, now: Date, passwordHash: string): Promise<Admin | null>;
  /** @param before the hash that was checked: a password changed meanwhile stays. @returns false then */
  setPassword(id: string, before: string, passwordHash: string): Promise<boolean>;
  /** A key that waits to be confirmed, in place of any before; '' takes it away. */
  draftTotp(id: string, totpDraft: string): Promise<void>;
  /** Makes the draft the key. @param step of the code that confirmed it. @returns false when the draft is another */
  confirmTotp(id: string, totpDraft: string, step: number, recovery: readonly string[]): Promise<boolean>;
  /** Uses a code up. @returns false when it, or a later one, has been used already */
  takeStep(id: string, totp: string, step: number): Promise<boolean>;
  /** Uses a recovery code up. @returns false when there is none such */
  takeRecovery(id: string, digest: string): Promise<boolean>;
  setRecovery(id: string, recovery: readonly string[]): Promise<void>;
  dropTotp(id: string): Promise<void>;
  noteLogin(id: string, at: Date): Promise<void>;
  setDisabled(id: string, disabled: boolean): Promise<void>;
}

export function createAdminsStore(connection: Connection): AdminsStore {
  const model = connection.model('Admin', schema);
  return {
    async findOptional(id: string): Promise<Admin | null> {
      const row = await model.findOne({ _id: id, ...NAMED }).lean<Found>();
      return row && plain(row);
    },
    async findOptionalByLogin(login: string): Promise<Admin | null> {
      const row = await model.findOne({ loginKey: loginKey(login) }).lean<Found>();
      return row && plain(row);
    },
    async all(): Promise<Admin[]> {
      return (await model.find(NAMED).sort({ createdAt: 1, _id: 1 }).lean<Found[]>()).map(plain);
    },
    async any(): Promise<boolean> {
      return (await model.exists(NAMED)) !== null;
    },

    async invite(digest: string, now: Date, expiresAt: Date): Promise<void> {
      await model.deleteMany({ ...NAMELESS, 'link.expiresAt': { $lte: now } });
      await model.create({ createdAt: now, link: { digest, expiresAt, forgetTotp: false } });
    },
    async inviteFirst(digest: string, now: Date, expiresAt: Date): Promise<boolean> {
      try {
        await model.updateOne(
          { first: true, ...NAMELESS },
          {
            $set: { link: { digest, expiresAt, forgetTotp: false } },
            $setOnInsert: { createdAt: now },
          },
          { upsert: true },
        );
        return true;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return false;
      }
    },
    async offerPassword(id: string, digest: string, expiresAt: Date, forgetTotp: boolean): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { link: { digest, expiresAt, forgetTotp } } });
    },
    async findOptionalLink(digest: string, now: Date): Promise<Link | null> {
      const row = await model
        .findOne({ 'link.digest': digest, 'link.expiresAt': { $gt: now } })
        .lean<Found>();
      return row && { kind: row.loginKey === undefined ? 'account' : 'password', login: row.login ?? '' };
    },

    async name(
      digest: string,
      now: Date,
      account: { readonly login: string; readonly passwordHash: string },
    ): Promise<Admin | 'taken' | null> {
      try {
        const row = await model
          .findOneAndUpdate(
            { 'link.digest': digest, 'link.expiresAt': { $gt: now }, ...NAMELESS },
            {
              $set: { ...account, loginKey: loginKey(account.login), createdAt: now },
              $unset: { link: 1 },
            },
            { returnDocument: 'after' },
          )
          .lean<Found>();
        if (row === null) return null;
        // Links printed at starts end with the first account, whichever way it came.
        await model.deleteMany({ first: true, ...NAMELESS });
        return plain(row);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return 'taken';
      }
    },
    async resetPassword(digest: string, now: Date, passwordHash: string): Promise<Admin | null> {
      const which = { 'link.digest': digest, 'link.expiresAt': { $gt: now }, ...NAMED };
      const row =
        (await model
          .findOneAndUpdate(
            { ...which, 'link.forgetTotp': true },
            {
              $set: { passwordHash, totp: '', totpDraft: '', recovery: [] },
              $unset: { link: 1 },
            },
            { returnDocument: 'after' },
          )
          .lean<Found>()) ??
        (await model
          .findOneAndUpdate(
            which,
            { $set: { passwordHash }, $unset: { link: 1 } },
            { returnDocument: 'after' },
          )
          .lean<Found>());
      return row && plain(row);
    },

    async setPassword(id: string, before: string, passwordHash: string): Promise<boolean> {
      const result = await model.updateOne({ _id: id, passwordHash: before }, { $set: { passwordHash } });
      return result.matchedCount > 0;
    },
    async draftTotp(id: string, totpDraft: string): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { totpDraft } });
    },
    async confirmTotp(
      id: string,
      totpDraft: string,
      step: number,
      recovery: readonly string[],
    ): Promise<boolean> {
      const result = await model.updateOne(
        { _id: id, totpDraft },
        { $set: { totp: totpDraft, totpDraft: '', totpStep: step, recovery: [...recovery] } },
      );
      return result.matchedCount > 0;
    },
    async takeStep(id: string, totp: string, step: number): Promise<boolean> {
      const result = await model.updateOne(
        { _id: id, totp, totpStep: { $lt: step } },
        { $set: { totpStep: step } },
      );
      return result.matchedCount > 0;
    },
    async takeRecovery(id: string, digest: string): Promise<boolean> {
      const result = await model.updateOne({ _id: id, recovery: digest }, { $pull: { recovery: digest } });
      return result.matchedCount > 0;
    },
    async setRecovery(id: string, recovery: readonly string[]): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { recovery: [...recovery] } });
    },
    async dropTotp(id: string): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { totp: '', totpDraft: '', recovery: [] } });
    },
    async noteLogin(id: string, at: Date): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { lastLoginAt: at } });
    },
    async setDisabled(id: string, disabled: boolean): Promise<void> {
      await model.updateOne({ _id: id }, { $set: { disabled }, $unset: { link: 1 } });
    },
  };
}
