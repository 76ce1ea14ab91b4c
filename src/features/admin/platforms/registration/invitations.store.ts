import { Schema, type Connection } from 'mongoose';
import { HOUR, type Clock } from '../../../../shared/clock.js';
import { digest, newToken } from '../../../../shared/ids.js';

/** A link by which one platform may register itself, once. */
export interface Invitation {
  /** The issuer that an administrator expects, whose launches may come at once; '' for any, who must wait. */
  readonly issuer: string;
  /** The registration that it is to renew; '' for a new one. */
  readonly registrationId: string;
  readonly expiresAt: Date;
}

interface Row extends Omit<Invitation, 'registrationId'> {
  _id: string;
  /** A record may lack it: it was written before it was thought of. */
  registrationId?: string;
  usedAt: Date | null;
}

export const INVITATION_TTL_MS = 24 * HOUR;

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    issuer: { type: String, default: '' },
    registrationId: { type: String, default: '' },
    usedAt: { type: Date, default: null },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'invitations', versionKey: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export interface InvitationsStore {
  /** @returns the token, which is told this once */
  make(issuer: string, registrationId?: string): Promise<{ token: string; expiresAt: Date }>;
  /** Null when it was used, is over, or never was. */
  findOptional(token: string): Promise<Invitation | null>;
  /** Uses it up, atomically; null when another was quicker. */
  use(token: string): Promise<Invitation | null>;
  /** After a registration that failed: the same link may be tried again. */
  release(token: string): Promise<void>;
}

export function createInvitationsStore(connection: Connection, clock: Clock): InvitationsStore {
  const model = connection.model('Invitation', schema);
  const plain = ({ issuer, registrationId = '', expiresAt }: Row): Invitation => ({
    issuer,
    registrationId,
    expiresAt,
  });
  const good = (token: string) => ({ _id: digest(token), usedAt: null, expiresAt: { $gt: clock.now() } });
  return {
    async make(issuer: string, registrationId = ''): Promise<{ token: string; expiresAt: Date }> {
      const token = newToken();
      const expiresAt = new Date(clock.now().getTime() + INVITATION_TTL_MS);
      await model.create({ _id: digest(token), issuer, registrationId, expiresAt });
      return { token, expiresAt };
    },
    async findOptional(token: string): Promise<Invitation | null> {
      const row = await model.findOne(good(token)).lean<Row>();
      return row && plain(row);
    },
    async use(token: string): Promise<Invitation | null> {
      const row = await model.findOneAndUpdate(good(token), { $set: { usedAt: clock.now() } }).lean<Row>();
      return row && plain(row);
    },
    async release(token: string): Promise<void> {
      await model.updateOne({ _id: digest(token) }, { $set: { usedAt: null } });
    },
  };
}
