import { Schema, type Connection, type Types, type mongo } from 'mongoose';
import { fullName, nameWords, type PersonName } from '../../shared/names.js';

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
  /** Of the name, to search by. */
  words: string[];
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
    words: { type: [String], default: [] },
  },
  { timestamps: true, collection: 'people', versionKey: false },
);
schema.index({ registrationId: 1, sub: 1 }, { unique: true });
schema.index({ words: 1 });
schema.index({ 'name.surname': 1, 'name.givenName': 1, _id: 1 });

/** Names come from outside: a very long one is found by its beginning. */
const MOST_WORDS = 12;
/** Sorts after every letter that a word can go on with. */
const LAST = '\uffff';

const plain = (row: Row & { _id: Types.ObjectId }): Person => ({
  id: row._id.toString(),
  registrationId: row.registrationId,
  sub: row.sub,
  name: { surname: row.name.surname, givenName: row.name.givenName, patronymic: row.name.patronymic },
  email: row.email,
});

const wordsOf = (name: PersonName): string[] => nameWords(fullName(name)).slice(0, MOST_WORDS);

const same = (a: Omit<Row, 'words'>, b: Omit<Row, 'words'>): boolean =>
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
      // One who came before names were searched for has no words yet.
      const current = known !== null && Array.isArray(known.words) && same(known, { ...known, ...rest });
      if (current) return plain(known);
      const row = await model
        .findOneAndUpdate(
          { registrationId, sub },
          { $set: { ...rest, words: wordsOf(rest.name) } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean();
      return plain(row);
    },
    /**
     * Makes known whom a roster names. Those who are known keep what a launch has said of them: it says more.
     * @returns all of them, in no particular order
     */
    async introduce(
      registrationId: string,
      seen: readonly Omit<Person, 'id' | 'registrationId'>[],
    ): Promise<Person[]> {
      const subs = seen.map(({ sub }) => sub);
      const known = await model.find({ registrationId, sub: { $in: subs } }).lean();
      const there = new Set(known.map(({ sub }) => sub));
      const strangers = seen.filter(({ sub }) => !there.has(sub));
      if (strangers.length === 0) return known.map(plain);
      await model.bulkWrite(
        strangers.map(({ sub, ...rest }) => ({
          updateOne: {
            filter: { registrationId, sub },
            update: { $setOnInsert: { ...rest, words: wordsOf(rest.name) } },
            upsert: true,
          },
        })),
        { ordered: false },
      );
      return (await model.find({ registrationId, sub: { $in: subs } }).lean()).map(plain);
    },
    async findOptional(id: string): Promise<Person | null> {
      const row = await model.findById(id).lean();
      return row && plain(row);
    },
    async findOptionalBySub(registrationId: string, sub: string): Promise<Person | null> {
      const row = await model.findOne({ registrationId, sub }).lean();
      return row && plain(row);
    },
    /**
     * People whose names have a word that begins with each of these, by surname.
     * @param words as of `nameWords`; none finds everybody
     */
    async search(
      words: readonly string[],
      skip: number,
      limit: number,
    ): Promise<{ people: Person[]; total: number }> {
      const filter =
        words.length === 0
          ? {}
          : { $and: words.map((word) => ({ words: { $elemMatch: { $gte: word, $lt: word + LAST } } })) };
      const [rows, total] = await Promise.all([
        model
          .find(filter)
          .sort({ 'name.surname': 1, 'name.givenName': 1, _id: 1 })
          .skip(skip)
          .limit(limit)
          .lean(),
        words.length === 0 ? model.estimatedDocumentCount() : model.countDocuments(filter),
      ]);
      return { people: rows.map(plain), total };
    },
    /** In no particular order; unknown ids are left out. */
    async findMany(ids: readonly string[]): Promise<Person[]> {
      return (await model.find({ _id: { $in: ids } }).lean()).map(plain);
    },
  };
}

export type PeopleStore = ReturnType<typeof createPeopleStore>;
