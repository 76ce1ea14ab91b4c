import { Schema, type Connection } from 'mongoose';
import { MINUTE, SECOND } from '../../../shared/clock.js';
import { digest, newKey } from '../../../shared/ids.js';
import type { MessengerName } from './channel.js';

interface Row {
  /** Digest of the code. */
  _id: string;
  personId: string;
  channel: string;
  /** The telephone that the code was sent to; '' where the code tells us the address. */
  address: string;
  at: Date;
}

const VALID_MS = 15 * MINUTE;

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    personId: { type: String, required: true },
    channel: { type: String, required: true },
    address: { type: String, default: '' },
    at: { type: Date, required: true },
  },
  { collection: 'notification_codes', versionKey: false },
);
schema.index({ personId: 1 });
schema.index({ at: 1 }, { expireAfterSeconds: VALID_MS / SECOND });

/** One-time codes by which a person tells a messenger's bot who they are. */
export interface CodesStore {
  /** Returns a new code of 16 letters and digits. */
  make(personId: string, channel: MessengerName, now: Date, address?: string): Promise<string>;
  /**
   * Uses a code up. Returns the person, or null if the code is unknown, used or older than 15 minutes.
   * @param personId whose code it must be; another's stays unused
   */
  redeem(
    code: string,
    channel: MessengerName,
    now: Date,
    personId?: string,
  ): Promise<{ readonly personId: string; readonly address: string } | null>;
  deleteForPerson(personId: string): Promise<void>;
}

export function createCodesStore(connection: Connection): CodesStore {
  const model = connection.model('NotificationCode', schema);
  return {
    async make(personId, channel, now, address = '') {
      const code = newKey(16);
      await model.create({ _id: digest(code), personId, channel, address, at: now });
      return code;
    },
    async redeem(code, channel, now, personId) {
      const row = await model
        .findOneAndDelete({
          _id: digest(code),
          channel,
          at: { $gt: new Date(now.getTime() - VALID_MS) },
          ...(personId !== undefined && { personId }),
        })
        .lean<Row>();
      return row && { personId: row.personId, address: row.address };
    },
    async deleteForPerson(personId) {
      await model.deleteMany({ personId });
    },
  };
}
