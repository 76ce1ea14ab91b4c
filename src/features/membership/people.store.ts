import type { Connection, mongo } from 'mongoose';
import { Recent } from '../../shared/recent.js';
import { keepReads } from '../../storage/index.js';
import { createKeptPeople } from './kept-people.store.js';
import { createDepartedPeople, type DepartedPeople } from './departed-people.store.js';
import {
  peopleModel,
  personOf,
  searchableOf,
  sortKeyOf,
  type FoundPerson,
  type Person,
  type PersonRow,
} from './person-row.store.js';

const MOST_SORT_KEYS = 2_000;

/** Sorts after every letter that a word can go on with. */
const LAST = '\uffff';

const standsFor = (row: FoundPerson): { sub: string; id: string } => ({
  sub: row.sub,
  id: row.mergedInto ?? row._id.toString(),
});

const same = (a: Pick<PersonRow, 'name' | 'email'>, b: Pick<PersonRow, 'name' | 'email'>): boolean =>
  a.email === b.email &&
  a.name.surname === b.name.surname &&
  a.name.givenName === b.name.givenName &&
  a.name.patronymic === b.name.patronymic;

export interface PeopleStore extends Omit<DepartedPeople, 'erasedAmong'> {
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
  /** As `findMany`, from memory where nothing has changed: for lists of whole courses. The records are shared. */
  findKept(ids: readonly string[]): Promise<Person[]>;
  /**
   * People whose names have a word that begins with each of these, by surname.
   * @param words as of `nameWords`; none finds everybody
   */
  search(words: readonly string[], skip: number, limit: number): Promise<{ people: Person[]; total: number }>;
  /** In no particular order; unknown ids are left out, with `present` those who are erased or merged as well. */
  findMany(ids: readonly string[], options?: { readonly present?: boolean }): Promise<Person[]>;
}

/** Makes `sortKeyOf` with a memory: the names of those who launch are folded once. */
function keepSortKeys(): typeof sortKeyOf {
  const known = new Recent<string>(MOST_SORT_KEYS);
  return (name) => {
    const text = `${name.surname}\n${name.givenName}`;
    let key = known.get(text);
    if (key === undefined) {
      key = sortKeyOf(name);
      known.set(text, key);
    }
    return key;
  };
}

export function createPeopleStore(connection: Connection): PeopleStore {
  const model = peopleModel(connection);
  const departed = createDepartedPeople(connection);
  // Straight to the collection at every launch: the claims have been parsed, there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection<PersonRow>;
  const keyOf = (registrationId: unknown, sub: unknown): string => JSON.stringify([registrationId, sub]);
  const keptSortKey = keepSortKeys();
  const launched = keepReads<FoundPerson | null>(connection, {
    collection: model.collection.name,
    keysOf: ({ registrationId, sub }) => [keyOf(registrationId, sub)],
  });

  /** The person as whom a record counts. */
  async function mergeTargetOf(row: FoundPerson): Promise<Person> {
    const target = row.mergedInto === undefined ? null : await model.findById(row.mergedInto).lean();
    return personOf(target ?? row);
  }

  return {
    ...createKeptPeople(connection),
    close: (id, into, now) => departed.close(id, into, now),
    goneSince: (since) => departed.goneSince(since),
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
        known.sortKey === keptSortKey(rest.name) &&
        same(known, { ...known, ...rest });
      if (current) return personOf(known);
      const row = await model
        .findOneAndUpdate(
          { registrationId, sub },
          { $set: { ...rest, ...searchableOf(rest.name) } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean();
      return personOf(row);
    },
    async upsertFromRoster(
      registrationId: string,
      seen: readonly Omit<Person, 'id' | 'registrationId'>[],
    ): Promise<{ sub: string; id: string }[]> {
      const subs = seen.map(({ sub }) => sub);
      const known = await model.find({ registrationId, sub: { $in: subs } }).lean();
      const there = new Set(known.map(({ sub }) => sub));
      const absent = seen.filter(({ sub }) => !there.has(sub));
      const erased = await departed.erasedAmong(
        registrationId,
        absent.map(({ sub }) => sub),
      );
      const unknownSubs = absent.filter(({ sub }) => !erased.has(sub));
      if (unknownSubs.length === 0) return known.map(standsFor);
      await model.bulkWrite(
        unknownSubs.map(({ sub, ...rest }) => ({
          updateOne: {
            filter: { registrationId, sub },
            update: { $setOnInsert: { ...rest, ...searchableOf(rest.name) } },
            upsert: true,
          },
        })),
        { ordered: false },
      );
      return (await model.find({ registrationId, sub: { $in: subs } }).lean()).map(standsFor);
    },
    async findOptional(id: string): Promise<Person | null> {
      const row = await model.findById(id).lean();
      return row && personOf(row);
    },
    async findPresent(id: string): Promise<Person | null> {
      const row = await model.findOne({ _id: id, goneAt: { $exists: false } }).lean();
      return row && personOf(row);
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
      return wanted === '' ? [] : found.map(personOf);
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
      return { people: rows.map(personOf), total };
    },
    async findMany(ids: readonly string[], { present = false } = {}): Promise<Person[]> {
      const notGone = present ? { goneAt: { $exists: false } } : {};
      return (await model.find({ _id: { $in: ids }, ...notGone }).lean()).map(personOf);
    },
  };
}
