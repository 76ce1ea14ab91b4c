import { Schema, type Connection } from 'mongoose';
import { modelOf } from '../../../storage/index.js';

/** A day on which the centre is closed. */
export interface ClosedDay {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly title: string;
}

interface Row {
  _id: string;
  title: string;
}

const schema = new Schema<Row>(
  { _id: { type: String, required: true }, title: { type: String, default: '' } },
  { collection: 'closed_days', versionKey: false },
);

export interface ClosedDaysStore {
  /** Days from one to another, both included, in their order. */
  list(from: string, to: string): Promise<ClosedDay[]>;
  /** A day that is closed already gets the title. */
  save(days: readonly ClosedDay[]): Promise<void>;
  remove(date: string): Promise<void>;
}

export function createClosedDaysStore(connection: Connection): ClosedDaysStore {
  const model = modelOf(connection, 'ClosedDay', schema);
  return {
    async list(from, to) {
      const rows = await model
        .find({ _id: { $gte: from, $lte: to } })
        .sort({ _id: 1 })
        .lean<Row[]>();
      return rows.map(({ _id, title }) => ({ date: _id, title }));
    },
    async save(days) {
      for (const { date, title } of days) {
        await model.updateOne({ _id: date }, { $set: { title } }, { upsert: true });
      }
    },
    async remove(date) {
      await model.deleteOne({ _id: date });
    },
  };
}
