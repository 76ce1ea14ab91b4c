import { nameWords } from '../../shared/names.js';
import type { Migration } from './migration.js';

/** People have a key by which lists order them as names are ordered: Ёлкин after Егоров. */
export const peopleOrder: Migration = {
  number: 5,
  name: 'people-order',
  async up(db) {
    const people = db.collection('people');
    for await (const row of people.find({ sortKey: { $exists: false } })) {
      const name = row.name as { surname?: string; givenName?: string } | undefined;
      const sortKey = nameWords(`${name?.surname ?? ''} ${name?.givenName ?? ''}`)
        .join(' ')
        .slice(0, 100);
      await people.updateOne({ _id: row._id }, { $set: { sortKey } });
    }
  },
};
