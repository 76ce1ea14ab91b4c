import { Schema, type Connection } from 'mongoose';
import { DAY, SECOND } from '../../../shared/clock.js';
import { isDuplicateKey } from '../../../storage/index.js';
import type { Occurrence } from '../kinds/kind.js';

/** Something that a person is told of in one mail with other things. */
export interface DigestItem extends Occurrence {
  readonly kind: string;
  /** When it happened. */
  readonly at: Date;
  /** When the mail is due. */
  readonly slot: Date;
}

const schema = new Schema<DigestItem>(
  {
    personId: { type: String, required: true },
    courseId: { type: String, default: '' },
    kind: { type: String, required: true },
    subjectId: { type: String, required: true },
    at: { type: Date, required: true },
    slot: { type: Date, required: true },
  },
  { collection: 'notification_digests', versionKey: false },
);
schema.index({ kind: 1, subjectId: 1, personId: 1 }, { unique: true });
schema.index({ personId: 1, slot: 1 });
schema.index({ slot: 1 }, { expireAfterSeconds: (7 * DAY) / SECOND });

export interface DigestStore {
  /** Does nothing when the person has it in a digest already. */
  add(item: DigestItem): Promise<void>;
  /** In the order in which it happened. */
  list(personId: string, slot: Date): Promise<DigestItem[]>;
  deleteForPerson(personId: string): Promise<void>;
  /** Those of which the target has one already are deleted. */
  moveToPerson(from: string, to: string): Promise<void>;
}

export function createDigestStore(connection: Connection): DigestStore {
  const model = connection.model('DigestItem', schema);
  return {
    async add(item) {
      try {
        await model.create(item);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },
    list: (personId, slot) => model.find({ personId, slot }).sort({ at: 1 }).lean<DigestItem[]>(),
    async deleteForPerson(personId) {
      await model.deleteMany({ personId });
    },
    async moveToPerson(from, to) {
      for (const { _id } of await model.find({ personId: from }).select({ _id: 1 })) {
        try {
          await model.updateOne({ _id }, { $set: { personId: to } });
        } catch (error) {
          if (!isDuplicateKey(error)) throw error;
          await model.deleteOne({ _id });
        }
      }
    },
  };
}
