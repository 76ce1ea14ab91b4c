import type { PersonalCollection } from '../../shared/personal-collections.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { NotificationsStore } from './notifications.store.js';

const notificationCollections: readonly PersonalCollection[] = [
  {
    model: 'Notification',
    holds: 'what a person is told on the home page, and when it was read',
    exported: { as: 'notifications' },
    erasure: 'deletes',
    merge: 'moves',
    retention: '180 days',
  },
];

/** What the notifications of a person are to exporting, erasing and merging. */
export const notificationsPersonalData = (notifications: NotificationsStore): PersonalData => ({
  collections: notificationCollections,
  dataOf: async ({ personId }) => ({ notifications: await notifications.listForPerson(personId) }),
  holds: () => Promise.resolve([]),
  erase: ({ personId }) => notifications.deleteForPerson(personId),
  clashes: () => Promise.resolve([]),
  move: (from, to) => notifications.moveToPerson(from.personId, to.personId),
});
