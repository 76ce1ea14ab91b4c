import { Schema, type Connection, type Types } from 'mongoose';
import { z } from 'zod';
import {
  defineEvent,
  emitted,
  newEvent,
  NOTHING_WAITS,
  withEvents,
  type AnyModel,
  type EmittingRow,
} from '../../../infra/events/index.js';
import { DAY } from '../../../shared/clock.js';
import { isDuplicateKey, modelOf } from '../../../storage/index.js';

/** A teacher has sent something to a course or a group; the event's document is the mailing. */
export const mailingSent = defineEvent('mailing.sent', z.object({}));

/** Contacts and materials of a card, or a teacher's words alone, sent to a course or a group. */
export interface Mailing {
  readonly id: string;
  readonly cardId: string;
  readonly courseId: string;
  /** '' for the whole course. */
  readonly groupId: string;
  /** Person id. */
  readonly by: string;
  /** Whether the contacts that students see are in it. */
  readonly contacts: boolean;
  /** Keys of materials. */
  readonly materials: readonly string[];
  /** The teacher's own words; ''. */
  readonly note: string;
  readonly at: Date;
}

type Row = Omit<Mailing, 'id'> & EmittingRow & { readonly key: string };
type Found = Row & { readonly _id: Types.ObjectId };

const KEPT_MS = 90 * DAY;

const schema = new Schema<Row>(
  {
    key: { type: String, required: true },
    cardId: { type: String, required: true },
    courseId: { type: String, required: true },
    groupId: { type: String, default: '' },
    by: { type: String, required: true },
    contacts: { type: Boolean, required: true },
    materials: { type: [String], default: [] },
    note: { type: String, default: '' },
    at: { type: Date, required: true },
  },
  { collection: 'directory_mailings', versionKey: false },
);
schema.plugin(withEvents);
schema.index({ key: 1 }, { unique: true });
schema.index({ by: 1, at: 1 });
schema.index({ at: 1, _id: 1 });

const plain = ({ _id, cardId, courseId, groupId, by, contacts, materials, note, at }: Found): Mailing => ({
  ...{ id: _id.toString(), cardId, courseId, groupId, by, contacts, materials: [...materials], note, at },
});

export interface MailingsStore {
  /** Emits events. */
  readonly model: AnyModel;
  /** @param key of the form: sent twice, it is one mailing */
  insert(key: string, mailing: Omit<Mailing, 'id'>): Promise<void>;
  findOptional(id: string): Promise<Mailing | null>;
  countSince(by: string, since: Date): Promise<number>;
  /** Deletes what is older than 90 days. */
  forgetOld(now: Date): Promise<void>;
}

export function createMailingsStore(connection: Connection): MailingsStore {
  const model = modelOf(connection, 'DirectoryMailing', schema);
  return {
    model: model as AnyModel,
    async insert(key, mailing) {
      try {
        const event = newEvent(mailingSent, {}, { at: mailing.at });
        await model.create({ ...mailing, key, ...emitted(event) });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },
    async findOptional(id) {
      const row = await model.findById(id).lean<Found>();
      return row && plain(row);
    },
    countSince: (by, since) => model.countDocuments({ by, at: { $gte: since } }),
    async forgetOld(now) {
      await model.deleteMany({ at: { $lt: new Date(now.getTime() - KEPT_MS) }, ...NOTHING_WAITS });
    },
  };
}
