import { Schema, type Connection, type Types, type mongo } from 'mongoose';
import { digest } from '../../shared/ids.js';
import { keepReads } from '../../storage/index.js';
import { fullName, NAMELESS, nameWords, type PersonName } from '../../shared/names.js';

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
  /** Orders lists as names are ordered: Ёлкин after Егоров. Absent until the next change in rows of earlier versions. */
  sortKey?: string;
  /** Since when there is no such person any more: erased, or part of another. */
  goneAt?: Date;
  /** Digest of the registration and the LMS's id of an erased person: a roster does not bring them back. */
  erasedAs?: string;
  /** The person this one is part of: who comes under this `sub` is that one. */
  mergedInto?: string;
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
    sortKey: { type: String },
    goneAt: { type: Date },
    erasedAs: { type: String },
    mergedInto: { type: String },
  },
  { timestamps: true, collection: 'people', versionKey: false },
);
schema.index({ registrationId: 1, sub: 1 }, { unique: true });
schema.index({ registrationId: 1, email: 1 });
schema.index({ words: 1 });
// Lists leave out those who are gone, in the order of names.
schema.index({ goneAt: 1, sortKey: 1, _id: 1 });
schema.index({ erasedAs: 1 }, { sparse: true });
schema.index({ mergedInto: 1 }, { sparse: true });
schema.index({ sortKey: 1, _id: 1 });

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

const standsFor = (row: Row & { _id: Types.ObjectId }): { sub: string; id: string } => ({
  sub: row.sub,
  id: row.mergedInto ?? row._id.toString(),
});

/** The first two names are enough; the order of bytes must be that of the alphabet. */
const sortKeyOf = ({ surname, givenName }: PersonName): string =>
  nameWords(`${surname} ${givenName}`).join(' ').slice(0, 100);

const goneSub = (id: Types.ObjectId | string): string => `gone:${id.toString()}`;

const erasedDigest = (registrationId: string, sub: string): string =>
  digest(JSON.stringify([registrationId, sub]));

/** `О’Нил` is found by its parts and as one word. */
const wordsOf = (name: PersonName): string[] => {
  const whole = fullName(name);
  return [...new Set([...nameWords(whole), ...nameWords(whole.replace(APOSTROPHES, ''))])].slice(
    0,
    MOST_WORDS,
  );
};
const APOSTROPHES = /(?<=\p{L})['’ʼ`´‘](?=\p{L})/gu;

const same = (a: Pick<Row, 'name' | 'email'>, b: Pick<Row, 'name' | 'email'>): boolean =>
  a.email === b.email &&
  a.name.surname === b.name.surname &&
  a.name.givenName === b.name.givenName &&
  a.name.patronymic === b.name.patronymic;

export interface PeopleStore {
  /** Finds or makes the person, and takes over what the LMS says now. Writes only what changed. */
  upsertFromLaunch(seen: Omit<Person, 'id'>): Promise<Person>;
  /**
   * Makes known whom a roster names. Those who are known keep what a launch has said of them: it says more. Erased
   * people stay erased until they launch themselves.
   * @returns whom each `sub` stands for, in no particular order
   */
  upsertFromRoster(
    registrationId: string,
    seen: readonly Omit<Person, 'id' | 'registrationId'>[],
  ): Promise<{ sub: string; id: string }[]>;
  findOptional(id: string): Promise<Person | null>;
  /** Returns null for an erased or merged person. */
  findPresent(id: string): Promise<Person | null>;
  /** Those who have this address, in whatever letter case the platform writes it. */
  findByEmail(registrationId: string, email: string): Promise<Person[]>;
  findOptionalBySub(registrationId: string, sub: string): Promise<Person | null>;
  /**
   * People whose names have a word that begins with each of these, by surname.
   * @param words as of `nameWords`; none finds everybody
   */
  search(words: readonly string[], skip: number, limit: number): Promise<{ people: Person[]; total: number }>;
  /**
   * There is no such person from now on, and nothing of them stands here any more.
   * @param into a later launch with this `sub` is that person; null: it is a new person
   */
  close(id: string, into: string | null, now: Date): Promise<void>;
  /** Who went since then. */
  goneSince(since: Date): Promise<ReadonlySet<string>>;
  /** In no particular order; unknown ids are left out. */
  findMany(ids: readonly string[]): Promise<Person[]>;
}

export function createPeopleStore(connection: Connection): PeopleStore {
  const model = connection.model('Person', schema);
  // Straight to the collection at every launch: the claims have been parsed, there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection<Row>;
  const keyOf = (registrationId: unknown, sub: unknown): string => JSON.stringify([registrationId, sub]);
  const launched = keepReads<(Row & { _id: Types.ObjectId }) | null>(connection, {
    collection: model.collection.name,
    keysOf: ({ registrationId, sub }) => [keyOf(registrationId, sub)],
  });

  /** The person as whom a record counts. */
  async function mergeTargetOf(row: Row & { _id: Types.ObjectId }): Promise<Person> {
    const target = row.mergedInto === undefined ? null : await model.findById(row.mergedInto).lean();
    return plain(target ?? row);
  }

  /** Returns those of these ids under which a person was erased. */
  async function erasedAmong(registrationId: string, subs: readonly string[]): Promise<ReadonlySet<string>> {
    const byDigest = new Map(subs.map((sub) => [erasedDigest(registrationId, sub), sub]));
    if (byDigest.size === 0) return new Set();
    const found = await model
      .find({ erasedAs: { $in: [...byDigest.keys()] } })
      .select({ erasedAs: 1 })
      .lean();
    return new Set(found.flatMap(({ erasedAs }) => byDigest.get(erasedAs ?? '') ?? []));
  }

  /** What remains of an erased person's id: it can be compared, and names nobody. Set once, while the id is there. */
  async function rememberErasure(id: Types.ObjectId | string): Promise<void> {
    const row = await model.findById(id).select({ registrationId: 1, sub: 1 }).lean();
    if (row === null || row.sub === goneSub(id)) return;
    await model.updateOne({ _id: id }, { $set: { erasedAs: erasedDigest(row.registrationId, row.sub) } });
  }

  return {
    async upsertFromLaunch(seen: Omit<Person, 'id'>): Promise<Person> {
      const { registrationId, sub, ...rest } = seen;
      const known = await launched.get(keyOf(registrationId, sub), () =>
        rows.findOne({ registrationId, sub }),
      );
      if (known?.mergedInto !== undefined) return mergeTargetOf(known);
      // One who came before names were searched for has no words yet.
      const current =
        known !== null &&
        Array.isArray(known.words) &&
        known.sortKey === sortKeyOf(rest.name) &&
        same(known, { ...known, ...rest });
      if (current) return plain(known);
      const row = await model
        .findOneAndUpdate(
          { registrationId, sub },
          { $set: { ...rest, words: wordsOf(rest.name), sortKey: sortKeyOf(rest.name) } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean();
      return plain(row);
    },
    async upsertFromRoster(
      registrationId: string,
      seen: readonly Omit<Person, 'id' | 'registrationId'>[],
    ): Promise<{ sub: string; id: string }[]> {
      const subs = seen.map(({ sub }) => sub);
      const known = await model.find({ registrationId, sub: { $in: subs } }).lean();
      const there = new Set(known.map(({ sub }) => sub));
      const absent = seen.filter(({ sub }) => !there.has(sub));
      const erased = await erasedAmong(
        registrationId,
        absent.map(({ sub }) => sub),
      );
      const unknownSubs = absent.filter(({ sub }) => !erased.has(sub));
      if (unknownSubs.length === 0) return known.map(standsFor);
      await model.bulkWrite(
        unknownSubs.map(({ sub, ...rest }) => ({
          updateOne: {
            filter: { registrationId, sub },
            update: { $setOnInsert: { ...rest, words: wordsOf(rest.name), sortKey: sortKeyOf(rest.name) } },
            upsert: true,
          },
        })),
        { ordered: false },
      );
      return (await model.find({ registrationId, sub: { $in: subs } }).lean()).map(standsFor);
    },
    async findOptional(id: string): Promise<Person | null> {
      const row = await model.findById(id).lean();
      return row && plain(row);
    },
    async findPresent(id: string): Promise<Person | null> {
      const row = await model.findOne({ _id: id, goneAt: { $exists: false } }).lean();
      return row && plain(row);
    },
    async findByEmail(registrationId: string, email: string): Promise<Person[]> {
      const wanted = email.trim();
      const found = await model
        .find({
          registrationId,
          email: { $in: [...new Set([wanted, wanted.toLowerCase()])] },
          goneAt: { $exists: false },
        })
        .limit(5)
        .lean();
      return wanted === '' ? [] : found.map(plain);
    },
    async findOptionalBySub(registrationId: string, sub: string): Promise<Person | null> {
      const row = await model.findOne({ registrationId, sub }).lean();
      return row && mergeTargetOf(row);
    },
    async search(
      words: readonly string[],
      skip: number,
      limit: number,
    ): Promise<{ people: Person[]; total: number }> {
      const filter =
        words.length === 0
          ? { goneAt: { $exists: false } }
          : {
              $and: words.map((word) => ({ words: { $elemMatch: { $gte: word, $lt: word + LAST } } })),
              // Not `$exists: false`: the index of goneAt would lead to nearly all, the index of words does to few.
              goneAt: { $not: { $gt: new Date(0) } },
            };
      const [rows, total] = await Promise.all([
        model.find(filter).sort({ sortKey: 1, _id: 1 }).skip(skip).limit(limit).lean(),
        model.countDocuments(filter),
      ]);
      return { people: rows.map(plain), total };
    },
    async close(id: string, into: string | null, now: Date): Promise<void> {
      const nobody = { name: NAMELESS, email: '', words: [], sortKey: '' };
      if (into === null) await rememberErasure(id);
      await model.updateOne(
        { _id: id },
        {
          $set: {
            ...nobody,
            goneAt: now,
            // Unique in the registration, and nothing that an LMS would send.
            ...(into === null ? { sub: goneSub(id) } : { mergedInto: into }),
          },
          ...(into === null && { $unset: { mergedInto: 1 } }),
        },
      );
      for (const { _id } of await model.find({ mergedInto: id }).select({ _id: 1 }).lean()) {
        if (into === null) await rememberErasure(_id);
        await model.updateOne(
          { _id, mergedInto: id },
          into === null
            ? { $set: { sub: goneSub(_id) }, $unset: { mergedInto: 1 } }
            : { $set: { mergedInto: into } },
        );
      }
    },
    async goneSince(since: Date): Promise<ReadonlySet<string>> {
      const found = await model
        .find({ goneAt: { $gt: since } })
        .select({ _id: 1 })
        .lean();
      return new Set(found.map(({ _id }) => _id.toString()));
    },
    async findMany(ids: readonly string[]): Promise<Person[]> {
      return (await model.find({ _id: { $in: ids } }).lean()).map(plain);
    },
  };
}
