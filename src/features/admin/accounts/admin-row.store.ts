import { Schema, type Connection, type Types } from 'mongoose';
import { modelOf } from '../../../storage/index.js';

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

export interface AdminRow {
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

const schema = new Schema<AdminRow>(
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

export type FoundAdmin = AdminRow & { _id: Types.ObjectId };

export const plainAdmin = (row: FoundAdmin): Admin => ({
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

/** Accounts; an invitation is none yet. */
export const NAMED = { loginKey: { $exists: true } };
export const NAMELESS = { loginKey: { $exists: false } };

export const adminsModel = (connection: Connection) => modelOf(connection, 'Admin', schema);
