import { Schema, type Connection } from 'mongoose';
import { DAY, SECOND } from '../../shared/clock.js';
import type { MailCalendar, MailMessage } from './message.js';
import type { MailAddress } from './settings.js';

type Row = Omit<MailMessage, 'messageId' | 'returnKey'> & { readonly _id: string };

const schema = new Schema<Row>(
  {
    /** The Message-ID. */
    _id: { type: String, required: true },
    date: { type: Date, required: true },
    locale: { type: String, required: true },
    personId: { type: String, default: '' },
    to: { type: new Schema<MailAddress>({ name: String, address: String }, { _id: false }), required: true },
    subject: { type: String, default: '' },
    text: { type: String, default: '' },
    html: { type: String, default: '' },
    calendar: {
      type: new Schema<MailCalendar>({ method: String, content: String }, { _id: false }),
      default: null,
    },
    unsubscribeUrl: { type: String, default: '' },
  },
  { collection: 'outbox_messages', versionKey: false },
);
schema.index({ date: -1 }, { expireAfterSeconds: (7 * DAY) / SECOND });
schema.index({ personId: 1 });

/** Messages that were never sent: those of a demo or of development. They are deleted after a week. */
export interface OutboxStore {
  /** Overwrites a message of the same Message-ID. */
  put(message: MailMessage): Promise<void>;
  /** Newest first. */
  list(limit: number): Promise<MailMessage[]>;
  listForPerson(personId: string): Promise<MailMessage[]>;
  deleteForPerson(personId: string): Promise<void>;
  moveToPerson(from: string, to: string): Promise<void>;
}

export function createOutboxStore(connection: Connection): OutboxStore {
  const model = connection.model('OutboxMessage', schema);
  return {
    async put({ messageId, returnKey: _returnKey, ...message }) {
      await model.updateOne({ _id: messageId }, { $set: message }, { upsert: true });
    },
    async list(limit) {
      return (await model.find().sort({ date: -1 }).limit(limit).lean<Row[]>()).map(messageOf);
    },
    async listForPerson(personId) {
      return (await model.find({ personId }).lean<Row[]>()).map(messageOf);
    },
    async deleteForPerson(personId) {
      await model.deleteMany({ personId });
    },
    async moveToPerson(from, to) {
      await model.updateMany({ personId: from }, { $set: { personId: to } });
    },
  };
}

const messageOf = ({ _id, ...message }: Row): MailMessage => ({ messageId: _id, returnKey: '', ...message });
