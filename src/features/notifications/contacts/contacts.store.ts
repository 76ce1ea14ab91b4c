import { Schema, type Connection, type Types } from 'mongoose';
import type { Locale } from '../../../i18n/index.js';
import { isDuplicateKey } from '../../../storage/index.js';

/** A parent of a student, who is told by e-mail of what the student is told of, once they have agreed to it. */
export interface Contact {
  readonly id: string;
  /** The student. */
  readonly personId: string;
  /** How the parent is spoken to; ''. */
  readonly name: string;
  readonly address: string;
  readonly locale: Locale;
  readonly addedAt: Date;
  /** When the parent has agreed; null: nothing is sent but the question. */
  readonly confirmedAt: Date | null;
  /** When the mailbox took nothing any more; null while it works. */
  readonly brokenAt: Date | null;
}

type Row = Omit<Contact, 'id'>;
type Found = Row & { _id: Types.ObjectId };

const schema = new Schema<Row>(
  {
    personId: { type: String, required: true },
    name: { type: String, default: '' },
    address: { type: String, required: true },
    locale: { type: String, required: true },
    addedAt: { type: Date, required: true },
    confirmedAt: { type: Date, default: null },
    brokenAt: { type: Date, default: null },
  },
  { collection: 'notification_contacts', versionKey: false },
);
schema.index({ personId: 1, address: 1 }, { unique: true });

/** Under whom the messengers of a parent are stored: they are no person of an LMS. */
export const linkedAs = (contactId: string): string => `contact:${contactId}`;

export interface ContactsStore {
  /** Returns null when the student has this address already. */
  add(contact: Omit<Row, 'confirmedAt' | 'brokenAt'>): Promise<Contact | null>;
  findOptional(id: string): Promise<Contact | null>;
  listOf(personId: string): Promise<Contact[]>;
  confirm(id: string, at: Date): Promise<void>;
  setBroken(id: string, at: Date): Promise<void>;
  /** Returns whether there was one. */
  remove(personId: string, id: string): Promise<boolean>;
  deleteForPerson(personId: string): Promise<void>;
  moveToPerson(from: string, to: string): Promise<void>;
}

/** @param unlink forgets the messengers of a parent who is removed */
export function createContactsStore(
  connection: Connection,
  unlink: (contactId: string) => Promise<void>,
): ContactsStore {
  const model = connection.model('NotificationContact', schema);
  const plain = ({ _id, ...row }: Found): Contact => ({
    ...row,
    brokenAt: row.brokenAt ?? null,
    id: _id.toString(),
  });
  return {
    async add(contact) {
      try {
        const row = await model.create({ ...contact, confirmedAt: null, brokenAt: null });
        return plain(row.toObject());
      } catch (error) {
        if (isDuplicateKey(error)) return null;
        throw error;
      }
    },
    async findOptional(id) {
      const row = await model.findById(id).lean<Found>();
      return row && plain(row);
    },
    listOf: async (personId) => (await model.find({ personId }).lean<Found[]>()).map(plain),
    async confirm(id, at) {
      await model.updateOne({ _id: id, confirmedAt: null }, { $set: { confirmedAt: at } });
    },
    async setBroken(id, at) {
      await model.updateOne({ _id: id }, { $set: { brokenAt: at } });
    },
    async remove(personId, id) {
      if ((await model.exists({ _id: id, personId })) === null) return false;
      await unlink(id);
      return (await model.deleteOne({ _id: id, personId })).deletedCount > 0;
    },
    async deleteForPerson(personId) {
      for (const { _id } of await model.find({ personId }).select({ _id: 1 }).lean<Found[]>())
        await unlink(_id.toString());
      await model.deleteMany({ personId });
    },
    async moveToPerson(from, to) {
      for (const { _id, address } of await model.find({ personId: from }).lean<Found[]>()) {
        const there = await model.exists({ personId: to, address });
        if (there === null) await model.updateOne({ _id }, { $set: { personId: to } });
        else {
          await unlink(_id.toString());
          await model.deleteOne({ _id });
        }
      }
    },
  };
}
