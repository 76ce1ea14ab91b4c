import { Schema, type Connection } from 'mongoose';
import { MINUTE, type Clock } from '../../shared/clock.js';
import { digest, newToken } from '../../shared/ids.js';
import type { Admission } from './launch.service.js';

/** Long enough to read a sentence and press a button. */
const TTL_MS = 5 * MINUTE;

interface Row {
  _id: string;
  /** JSON of the admission. */
  admission: string;
  expiresAt: Date;
}

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    admission: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'handovers', versionKey: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** Launches that have been proven where no session can live, and wait for a window of their own. */
export interface HandoversStore {
  /** @returns the code, unguessable; it works once */
  keep(admission: Admission): Promise<string>;
  /** Takes it away, atomically: of many who come with one code, one is given the identity. */
  take(code: string): Promise<Admission | null>;
}

export function createHandoversStore(connection: Connection, clock: Clock): HandoversStore {
  const model = connection.model('Handover', schema);
  return {
    async keep(admission: Admission): Promise<string> {
      const code = newToken();
      const expiresAt = new Date(clock.now().getTime() + TTL_MS);
      await model.create({ _id: digest(code), admission: JSON.stringify(admission), expiresAt });
      return code;
    },
    async take(code: string): Promise<Admission | null> {
      const row = await model.findOneAndDelete({ _id: digest(code), expiresAt: { $gt: clock.now() } }).lean();
      return row && (JSON.parse(row.admission) as Admission);
    },
  };
}
