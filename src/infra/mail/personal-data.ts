import type { PersonalData } from '../../shared/personal-data.js';
import type { OutboxStore } from './outbox.store.js';

/** What a demo's outbox is to exporting, erasing and merging. */
export const outboxPersonalData = (outbox: OutboxStore): PersonalData => ({
  dataOf: async ({ personId }) => ({ outboxMessages: await outbox.listForPerson(personId) }),
  holds: () => Promise.resolve([]),
  erase: ({ personId }) => outbox.deleteForPerson(personId),
  clashes: () => Promise.resolve([]),
  move: (from, to) => outbox.moveToPerson(from.personId, to.personId),
});
