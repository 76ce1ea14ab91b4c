import type { PersonalCollection } from '../../shared/personal-collections.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { OutboxStore } from './outbox.store.js';

const outboxCollections: readonly PersonalCollection[] = [
  {
    model: 'OutboxMessage',
    holds: 'messages of a demo, with name and address; in production messages are sent and not stored',
    exported: { as: 'outboxMessages' },
    erasure: 'deletes',
    merge: 'moves',
    retention: '7 days',
  },
];

/** What a demo's outbox is to exporting, erasing and merging. */
export const outboxPersonalData = (outbox: OutboxStore): PersonalData => ({
  collections: outboxCollections,
  dataOf: async ({ personId }) => ({ outboxMessages: await outbox.listForPerson(personId) }),
  holds: () => Promise.resolve([]),
  erase: ({ personId }) => outbox.deleteForPerson(personId),
  clashes: () => Promise.resolve([]),
  move: (from, to) => outbox.moveToPerson(from.personId, to.personId),
});
