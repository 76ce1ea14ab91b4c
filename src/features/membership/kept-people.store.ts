import type { Connection } from 'mongoose';
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

  /** One read for all ids that are asked for in one turn. */
  function readingTogether(): (id: string) => Promise<Person | null> {
    const ids: string[] = [];
    const read = async (): Promise<ReadonlyMap<string, Person>> => {
      await Promise.resolve();
      const found = await model.find({ _id: { $in: ids } }).lean();
      return new Map(found.map(personOf).map((person) => [person.id, person]));
    };
    let reading: ReturnType<typeof read> | undefined;
    return async (id) => {
      ids.push(id);
      reading ??= read();
      return (await reading).get(id) ?? null;
    };
  }

  return {
    async findKept(ids: readonly string[]): Promise<Person[]> {
      const read = readingTogether();
      const found = await Promise.all(ids.map((id) => byId.get(id, () => read(id))));
      return found.filter((person) => person !== null);
    },
  };
}
