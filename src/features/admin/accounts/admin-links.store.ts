import type { Connection } from 'mongoose';
import { isDuplicateKey } from '../../../storage/index.js';
import { adminsModel, NAMED, NAMELESS, plainAdmin, type Admin, type FoundAdmin } from './admin-row.store.js';
import { loginKey } from './login-key.js';

/** A one-time link as the page that it opens needs it. */
export interface Link {
  /** `account`: makes a new account; `password`: sets the password of one that is there. */
  readonly kind: 'account' | 'password';
  /** Whose password; '' for a new account. */
  readonly login: string;
}

/** One-time links: invitations for new accounts, and links for a new password. */
export interface AdminLinksStore {
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
}

export function createAdminLinksStore(connection: Connection): AdminLinksStore {
  const model = adminsModel(connection);
  return {
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
        .lean<FoundAdmin>();
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
          .lean<FoundAdmin>();
        if (row === null) return null;
        // Links printed at starts end with the first account, whichever way it came.
        await model.deleteMany({ first: true, ...NAMELESS });
        return plainAdmin(row);
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
          .lean<FoundAdmin>()) ??
        (await model
          .findOneAndUpdate(
            which,
            { $set: { passwordHash }, $unset: { link: 1 } },
            { returnDocument: 'after' },
          )
          .lean<FoundAdmin>());
      return row && plainAdmin(row);
    },
  };
}
