import { Schema, type Connection, type mongo } from 'mongoose';
import type { Clock } from '../../shared/clock.js';
import { isDuplicateKey } from '../../storage/index.js';

interface Row {
  /** The state: unique by nature. */
  _id: string;
  expiresAt: Date;
}

const schema = new Schema<Row>(
  { _id: { type: String, required: true }, expiresAt: { type: Date, required: true } },
  { collection: 'used_states', versionKey: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

/** States of logins that have had their launch, kept until no login of theirs can be valid any more. */
export function createUsedStatesStore(connection: Connection, clock: Clock) {
  // Straight to the collection: at every launch, and there is nothing here to cast or validate.
  const rows = connection.model('UsedState', schema).collection as unknown as mongo.Collection<Row>;
  return {
    /** Whether a launch with this state has been here. */
    async isUsed(state: string): Promise<boolean> {
      return (await rows.findOne({ _id: state })) !== null;
    },
    /**
     * Uses a state up, atomically: of many launches with one state, in however many processes, one is first.
     * @param forMs how long the state could still be used, from now
     * @returns false for all but the first
     */
    async use(state: string, forMs: number): Promise<boolean> {
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

export type UsedStatesStore = ReturnType<typeof createUsedStatesStore>;
