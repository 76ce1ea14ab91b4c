import { Schema, type Connection } from 'mongoose';
import { digest, newToken } from '../../../shared/ids.js';

/** An administrator of an LMS, by registration and person. */
export interface Person {
  readonly registrationId: string;
  readonly personId: string;
}

interface Row extends Person {
  _id: string;
  expiresAt: Date;
}

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    registrationId: { type: String, required: true },
    personId: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'admin_codes', versionKey: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
schema.index({ registrationId: 1 });

/** One-time codes that lead from a course session to an administration session. */
export interface CodesStore {
  /** @returns the code, unguessable; it works once */
  keep(person: Person, expiresAt: Date): Promise<string>;
  /** Takes it away, atomically: of many who come with one code, one is let in. */
  take(code: string, now: Date): Promise<Person | null>;
  forget(registrationId: string): Promise<void>;
}

export function createCodesStore(connection: Connection): CodesStore {
  const model = connection.model('AdminCode', schema);
  return {
    async keep(person: Person, expiresAt: Date): Promise<string> {
      const code = newToken();
      await model.create({ ...person, _id: digest(code), expiresAt });
      return code;
    },
    async take(code: string, now: Date): Promise<Person | null> {
      const row = await model.findOneAndDelete({ _id: digest(code), expiresAt: { $gt: now } }).lean<Row>();
      return row && { registrationId: row.registrationId, personId: row.personId };
    },
    async forget(registrationId: string): Promise<void> {
      await model.deleteMany({ registrationId });
    },
  };
}
