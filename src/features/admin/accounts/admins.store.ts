import type { Connection } from 'mongoose';
import { createAdminLinksStore, type AdminLinksStore } from './admin-links.store.js';
import { adminsModel, NAMED, plainAdmin, type Admin, type FoundAdmin } from './admin-row.store.js';
import { loginKey } from './login-key.js';

export type { Admin } from './admin-row.store.js';
export type { Link } from './admin-links.store.js';

export interface AdminsStore extends AdminLinksStore {
  findOptional(id: string): Promise<Admin | null>;
  findOptionalByLogin(login: string): Promise<Admin | null>;
  /** Oldest first; invitations are none yet. */
  all(): Promise<Admin[]>;
  any(): Promise<boolean>;
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
  const model = adminsModel(connection);
  return {
    ...createAdminLinksStore(connection),
    async findOptional(id: string): Promise<Admin | null> {
      const row = await model.findOne({ _id: id, ...NAMED }).lean<FoundAdmin>();
      return row && plainAdmin(row);
    },
    async findOptionalByLogin(login: string): Promise<Admin | null> {
      const row = await model.findOne({ loginKey: loginKey(login) }).lean<FoundAdmin>();
      return row && plainAdmin(row);
    },
    async all(): Promise<Admin[]> {
      return (await model.find(NAMED).sort({ createdAt: 1, _id: 1 }).lean<FoundAdmin[]>()).map(plainAdmin);
    },
    async any(): Promise<boolean> {
      return (await model.exists(NAMED)) !== null;
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
