import { Schema, type Connection, type Types, type mongo } from 'mongoose';
import type { PersonName } from '../../shared/names.js';

/** A person as one registration knows them: `sub` is unique only there (Core 1.3, 5.3.6). */
export interface Person {
  readonly id: string;
  readonly registrationId: string;
  readonly sub: string;
  readonly name: PersonName;
  readonly email: string;
}

interface Row {
  registrationId: string;
  sub: string;
  name: PersonName;
  email: string;
}

const schema = new Schema<Row>(
  {
    registrationId: { type: String, required: true },
    sub: { type: String, required: true },
    name: {
      surname: { type: String, default: '' },
      givenName: { type: String, default: '' },
      patronymic: { type: String, default: '' },
    },
    email: { type: String, default: '' },
  },
  { timestamps: true, collection: 'people', versionKey: false },
);
schema.index({ registrationId: 1, sub: 1 }, { unique: true });

const plain = (row: Row & { _id: Types.ObjectId }): Person => ({
  id: row._id.toString(),
  registrationId: row.registrationId,
  sub: row.sub,
  name: { surname: row.name.surname, givenName: row.name.givenName, patronymic: row.name.patronymic },
  email: row.email,
});

const same = (a: Row, b: Row): boolean =>
  a.email === b.email &&
  a.name.surname === b.name.surname &&
  a.name.givenName === b.name.givenName &&
  a.name.patronymic === b.name.patronymic;

export function createPeopleStore(connection: Connection) {
  const model = connection.model('Person', schema);
  // Straight to the collection at every launch: the claims have been parsed, there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection<Row>;
  return {
    /** Finds or makes the person, and takes over what the LMS says now. Writes only what changed. */
    async meet(seen: Omit<Person, 'id'>): Promise<Person> {
      const { registrationId, sub, ...rest } = seen;
      const known = await rows.findOne({ registrationId, sub });
      if (known !== null && same(known, { ...known, ...rest })) return plain(known);
      const row = await model
        .findOneAndUpdate({ registrationId, sub }, { $set: rest }, { upsert: true, returnDocument: 'after' })
        .lean();
      return plain(row);
    },
    async findOptional(id: string): Promise<Person | null> {
      const row = await model.findById(id).lean();
      return row && plain(row);
    },
    async findOptionalBySub(registrationId: string, sub: string): Promise<Person | null> {
      const row = await model.findOne({ registrationId, sub }).lean();
      return row && plain(row);
    },
    /** In no particular order; unknown ids are left out. */
    async findMany(ids: readonly string[]): Promise<Person[]> {
      return (await model.find({ _id: { $in: ids } }).lean()).map(plain);
    },
  };
}

export type PeopleStore = ReturnType<typeof createPeopleStore>;
