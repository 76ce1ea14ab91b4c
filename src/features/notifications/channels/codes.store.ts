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
  /** Of the button whose text is awaited there; absent for codes. */
  token?: string;
  at: Date;
}

const VALID_MS = 15 * MINUTE;

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    personId: { type: String, required: true },
    channel: { type: String, required: true },
    address: { type: String, default: '' },
    token: String,
    at: { type: Date, required: true },
  },
  { collection: 'notification_codes', versionKey: false },
);
schema.index({ personId: 1 });
schema.index({ at: 1 }, { expireAfterSeconds: VALID_MS / SECOND });

/** What a bot waits for: one-time codes by which people say who they are, and texts that buttons ask for. */
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
  /** Notes that the next message from an address is the text that a button asks for; within 15 minutes. */
  awaitText(
    chat: Chat,
    awaited: { readonly personId: string; readonly token: string },
    now: Date,
  ): Promise<void>;
  /** Returns the token of the button that has asked, once; null if none has, or too long ago. */
  takeAwaited(chat: Chat, now: Date): Promise<string | null>;
  deleteForPerson(personId: string): Promise<void>;
}

export interface Chat {
  readonly channel: MessengerName;
  readonly address: string;
}

const awaitedId = ({ channel, address }: Chat): string => digest(`awaited ${channel} ${address}`);

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
    async awaitText({ channel, address }, { personId, token }, now) {
      await model.updateOne(
        { _id: awaitedId({ channel, address }) },
        { $set: { personId, channel, address, token, at: now } },
        { upsert: true },
      );
    },
    async takeAwaited(chat, now) {
      const row = await model
        .findOneAndDelete({ _id: awaitedId(chat), at: { $gt: new Date(now.getTime() - VALID_MS) } })
        .lean<Row>();
      return row?.token ?? null;
    },
    async deleteForPerson(personId) {
      await model.deleteMany({ personId });
    },
  };
}
