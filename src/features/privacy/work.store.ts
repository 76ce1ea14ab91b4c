import { Schema, type Connection } from 'mongoose';
import type { AuditActor } from '../../infra/audit/index.js';
import type { Queue } from '../../shared/queue.js';
import { isDuplicateKey } from '../../storage/index.js';

/** Something that was decided of a person and is carried through, however often it is cut short. */
export interface Work {
  readonly personId: string;
  readonly kind: 'erase' | 'merge';
  /** The person that this one becomes part of; '' when erased. */
  readonly intoId: string;
  /** Where the person was seen, for memberships go with the work. */
  readonly courseIds: readonly string[];
  readonly by: AuditActor;
  /** A worker has it until then; later another takes it over. */
  readonly busyUntil: Date;
}

interface Row extends Omit<Work, 'personId'> {
  /** The person: of two decisions about one, the second is refused. */
  _id: string;
}

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    kind: { type: String, required: true },
    intoId: { type: String, default: '' },
    courseIds: { type: [String], default: [] },
    by: { type: new Schema({ kind: String, id: String, name: String }, { _id: false }), required: true },
    busyUntil: { type: Date, required: true },
  },
  { collection: 'people_work', versionKey: false },
);
schema.index({ busyUntil: 1 });

const plain = ({ _id, by, ...row }: Row): Work => ({
  ...row,
  personId: _id,
  by: { kind: by.kind, id: by.id, name: by.name },
});

export function createWorkStore(connection: Connection) {
  const model = connection.model('PeopleWork', schema);
  return {
    /** @returns false when something is decided of this person already */
    async begin({ personId, ...work }: Work): Promise<boolean> {
      try {
        await model.create({ ...work, _id: personId });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
    /** Whether work is under way that has to do with one of these. */
    async concerns(ids: readonly string[]): Promise<boolean> {
      // There is hardly ever any.
      const all = await model.find().limit(100).lean<Row[]>();
      return all.some(({ _id, intoId }) => ids.includes(_id) || ids.includes(intoId));
    },
    /** Work that was left lying. */
    async take(now: Date, busyUntil: Date): Promise<Work | null> {
      const row = await model
        .findOneAndUpdate({ busyUntil: { $lte: now } }, { $set: { busyUntil } }, { returnDocument: 'after' })
        .lean<Row>();
      return row && plain(row);
    },
    /** Figures of unfinished work, by the end of its lease. */
    async queue(): Promise<Queue> {
      return { waiting: await model.estimatedDocumentCount(), oldest: null, failed: 0 };
    },
    async done(personId: string): Promise<boolean> {
      return (await model.deleteOne({ _id: personId })).deletedCount > 0;
    },
  };
}

export type WorkStore = ReturnType<typeof createWorkStore>;
