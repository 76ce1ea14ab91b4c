import type { Connection } from 'mongoose';
import { createLoader } from '../../shared/loader.js';
import { keepReads } from '../../storage/index.js';
import { peopleModel, personOf, type Person } from './person-row.store.js';

/** People whose records are kept in memory: a few hundred bytes each. */
const MOST_KEPT = 10_000;

/** Records of people from memory, while they are unchanged. */
export function createKeptPeople(connection: Connection) {
  const model = peopleModel(connection);
  const byId = keepReads<Person | null>(connection, {
    collection: model.collection.name,
    keysOf: ({ _id }) => [String(_id)],
    most: MOST_KEPT,
  });

  const read = createLoader<Person>(async (ids) => {
    const found = await model.find({ _id: { $in: [...ids] } }).lean();
    return new Map(found.map(personOf).map((person) => [person.id, person]));
  });

  return {
    async findKept(ids: readonly string[]): Promise<Person[]> {
      const found = await Promise.all(ids.map((id) => byId.get(id, () => read(id))));
      return found.filter((person) => person !== null);
    },
  };
}
