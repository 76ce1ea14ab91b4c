import type { PersonalData } from '../../shared/personal-data.js';
import type { NotificationsStore } from './notifications.store.js';

/** What the notifications of a person are to exporting, erasing and merging. */
export const notificationsPersonalData = (notifications: NotificationsStore): PersonalData => ({
  dataOf: async ({ personId }) => ({ notifications: await notifications.listForPerson(personId) }),
  holds: () => Promise.resolve([]),
  erase: ({ personId }) => notifications.deleteForPerson(personId),
  clashes: () => Promise.resolve([]),
  move: (from, to) => notifications.moveToPerson(from.personId, to.personId),
});
