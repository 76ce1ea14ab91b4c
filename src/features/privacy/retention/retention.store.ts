import { Schema, type Connection } from 'mongoose';
import { isDuplicateKey } from '../../../storage/index.js';
import type { RetentionActor } from '../../../shared/retention.js';

/** Months by the name of a rule; null: without end. A rule that is absent has its usual age. */
export type Periods = Readonly<Record<string, number | null>>;

export interface StoredPeriods {
  readonly periods: Periods;
  /** The administrator who set them last. */
  readonly by: RetentionActor;
  /** 0 while nothing is set. */
  readonly version: number;
}

interface Row extends StoredPeriods {
  _id: string;
}

const ID = 'retention';
const NOT_SET: StoredPeriods = { periods: {}, by: { kind: 'nobody', id: '', name: '' }, version: 0 };

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    periods: { type: Schema.Types.Mixed, required: true },
    by: { type: new Schema({ kind: String, id: String, name: String }, { _id: false }), required: true },
    version: { type: Number, required: true },
  },
  { collection: 'retention', versionKey: false, minimize: false },
);

export interface RetentionStore {
  find(): Promise<StoredPeriods>;
  /** Writes over exactly this version. Returns false when there is another. */
  save(version: number, periods: Periods, by: RetentionActor): Promise<boolean>;
}

export function createRetentionStore(connection: Connection): RetentionStore {
  const model = connection.model('Retention', schema);
  return {
    async find() {
      const row = await model.findById(ID).lean<Row>();
      return row === null ? NOT_SET : { periods: row.periods, by: { ...row.by }, version: row.version };
    },
    async save(version, periods, by) {
      try {
        if (version === 0) {
          await model.create({ _id: ID, periods, by, version: 1 });
          return true;
        }
        const { matchedCount } = await model.updateOne(
          { _id: ID, version },
          { $set: { periods, by, version: version + 1 } },
        );
        return matchedCount === 1;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
  };
}
