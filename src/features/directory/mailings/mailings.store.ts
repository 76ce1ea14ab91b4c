import { Schema, type Connection, type Types } from 'mongoose';
import { DAY } from '../../../shared/clock.js';
import { isDuplicateKey, modelOf } from '../../../storage/index.js';

/** Contacts and materials of a card, sent to a course or a group by e-mail. */
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

type Row = Omit<Mailing, 'id'> & { readonly key: string };
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
schema.index({ key: 1 }, { unique: true });
schema.index({ by: 1, at: 1 });
schema.index({ at: 1 }, { expireAfterSeconds: KEPT_MS / 1000 });

const plain = ({ _id, key: _key, ...row }: Found): Mailing => ({
  ...row,
  id: _id.toString(),
  materials: [...row.materials],
});

export interface MailingsStore {
  /** @param key of the form: sent twice, it is one mailing. Returns null for the second */
  insert(key: string, mailing: Omit<Mailing, 'id'>): Promise<string | null>;
  findOptional(id: string): Promise<Mailing | null>;
  countSince(by: string, since: Date): Promise<number>;
}

export function createMailingsStore(connection: Connection): MailingsStore {
  const model = modelOf(connection, 'DirectoryMailing', schema);
  return {
    async insert(key, mailing) {
      try {
        return (await model.create({ ...mailing, key }))._id.toString();
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return null;
      }
    },
    async findOptional(id) {
      const row = await model.findById(id).lean<Found>();
      return row && plain(row);
    },
    countSince: (by, since) => model.countDocuments({ by, at: { $gte: since } }),
  };
}
