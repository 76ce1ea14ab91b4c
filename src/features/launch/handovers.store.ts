import { Schema, type Connection } from 'mongoose';
import { MINUTE, type Clock } from '../../shared/clock.js';
import { digest, newToken } from '../../shared/ids.js';
import type { Answer } from './deep-linking/deep-linking.service.js';
import type { Admission } from './launch.service.js';

/** Long enough to read a sentence and press a button. */
const TTL_MS = 5 * MINUTE;

interface Row {
  _id: string;
  /** JSON of the admission, or of the answer that is carried. */
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

/** An answer of Deep Linking on its way from a window of its own to the frame that opened it. */
export interface CarriedAnswer extends Answer {
  /** Origins that may frame the page that posts it. */
  readonly frameOrigins: readonly string[];
}

/** Launches that have been proven where no session can live, and wait for a window of their own; and what comes back. */
export interface HandoversStore {
  /** @returns the code, unguessable; it works once */
  keep(admission: Admission): Promise<string>;
  /** Takes it away, atomically: of many who come with one code, one is given the identity. */
  take(code: string): Promise<Admission | null>;
  /** @returns the code, unguessable; it works once, and for an answer alone */
  keepAnswer(answer: CarriedAnswer): Promise<string>;
  takeAnswer(code: string): Promise<CarriedAnswer | null>;
}

export function createHandoversStore(connection: Connection, clock: Clock): HandoversStore {
  const model = connection.model('Handover', schema);
  async function keep(purpose: string, value: object): Promise<string> {
    const code = newToken();
    const expiresAt = new Date(clock.now().getTime() + TTL_MS);
    await model.create({ _id: digest(purpose + code), admission: JSON.stringify(value), expiresAt });
    return code;
  }

  async function take<Value>(purpose: string, code: string): Promise<Value | null> {
    const row = await model
      .findOneAndDelete({ _id: digest(purpose + code), expiresAt: { $gt: clock.now() } })
      .lean();
    return row && (JSON.parse(row.admission) as Value);
  }

  return {
    keep: (admission) => keep('', admission),
    take: (code) => take<Admission>('', code),
    keepAnswer: (answer) => keep('answer ', answer),
    takeAnswer: (code) => take<CarriedAnswer>('answer ', code),
  };
}
