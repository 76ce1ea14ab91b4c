import { Schema, type Connection, type mongo } from 'mongoose';
import type { Clock } from '../../shared/clock.js';
import { isDuplicateKey } from '../../storage/index.js';

interface Row {
  /** The state. */
  _id: string;
  expiresAt: Date;
}

const schema = new Schema<Row>(
  { _id: { type: String, required: true }, expiresAt: { type: Date, required: true } },
  { collection: 'used_states', versionKey: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export interface UsedStatesStore {
  /** Returns true if a launch has used this state. */
  isUsed(state: string): Promise<boolean>;
  /**
   * Marks a state as used, atomically, and returns false for all launches but the first, in any process.
   * @param forMs milliseconds until the login expires
   */
  use(state: string, forMs: number): Promise<boolean>;
}

/** Stores states that a launch has used, until the login has expired. */
export function createUsedStatesStore(connection: Connection, clock: Clock): UsedStatesStore {
  // Uses the driver's collection: it runs at every launch, and there is nothing to cast or validate.
  const rows = connection.model('UsedState', schema).collection as unknown as mongo.Collection<Row>;
  return {
    async isUsed(state) {
      return (await rows.findOne({ _id: state })) !== null;
    },
    async use(state, forMs) {
      try {
        await rows.insertOne({ _id: state, expiresAt: new Date(clock.now().getTime() + forMs) });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
  };
}
