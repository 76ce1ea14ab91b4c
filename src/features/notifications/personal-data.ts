import type { PersonalCollection } from '../../shared/personal-collections.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { ActionsStore } from './actions/actions.store.js';
import type { AddressesStore } from './channels/addresses.store.js';
import type { CodesStore } from './channels/codes.store.js';
import type { ContactsStore } from './contacts/contacts.store.js';
import type { DigestStore } from './digest/digest.store.js';
import type { NotificationsStore } from './list/notifications.store.js';
import type { PreferencesStore } from './preferences/preferences.store.js';

const notificationCollections: readonly PersonalCollection[] = [
  {
    model: 'Notification',
    holds: 'what a person is told in the list of a course, and when it was read',
    exported: { as: 'notifications' },
    erasure: 'deletes',
    merge: 'moves',
    retention: '180 days, or as the administrator sets: from 1 to 6 months',
  },
  {
    model: 'NotificationPreferences',
    holds: 'language, zone, hours and channels that a person chose for messages',
    exported: { as: 'notificationPreferences' },
    erasure: 'deletes',
    merge: 'moves',
    retention: 'until erasure',
  },
  {
    model: 'NotificationAddress',
    holds: 'accounts of messengers, telephones and browsers that a person linked',
    exported: { as: 'notificationAddresses' },
    erasure: 'deletes',
    merge: 'moves',
    retention: 'until the person unlinks it, or erasure',
  },
  {
    model: 'NotificationContact',
    holds: 'name and e-mail of a parent whom a student named, and when the parent agreed',
    exported: { as: 'notificationContacts' },
    erasure: 'deletes',
    merge: 'moves',
    retention: 'until the student or the parent removes it, or erasure',
  },
  {
    model: 'NotificationCode',
    holds: 'id of a person who is linking a messenger; a telephone that is being confirmed',
    exported: { not: 'ends within minutes' },
    erasure: 'deletes',
    merge: 'keeps',
    retention: '15 minutes',
  },
  {
    model: 'NotificationAction',
    holds: 'buttons of messages that a person was sent, and which were pressed',
    exported: { not: 'ends within weeks; what a button did is exported where it is stored' },
    erasure: 'deletes',
    merge: 'moves',
    retention: '30 days',
  },
  {
    model: 'DigestItem',
    holds: 'what a person is to be told in the next digest',
    exported: { not: 'ends within days; what it is about is exported where it is stored' },
    erasure: 'deletes',
    merge: 'moves',
    retention: '7 days',
  },
];

export interface NotificationsPersonalDataDeps {
  readonly notifications: NotificationsStore;
  readonly preferences: PreferencesStore;
  readonly addresses: AddressesStore;
  readonly contacts: ContactsStore;
  readonly codes: CodesStore;
  readonly actions: ActionsStore;
  readonly digests: DigestStore;
}

/** What messages to a person are to exporting, erasing and merging. */
export function notificationsPersonalData(stores: NotificationsPersonalDataDeps): PersonalData {
  const { notifications, preferences, addresses, contacts, codes, actions, digests } = stores;
  return {
    collections: notificationCollections,
    retention: [
      {
        name: 'notifications',
        months: [1, 3, 6],
        usual: 6,
        count: (before) => notifications.countBefore(before),
        remove: (before, limit) => notifications.removeBefore(before, limit),
      },
    ],
    dataOf: async ({ personId }) => ({
      notifications: await notifications.listForPerson(personId),
      notificationPreferences: await preferences.listForPerson(personId),
      // Keys of a browser are no data of the person.
      notificationAddresses: (await addresses.listOf(personId)).map(
        ({ p256dh: _key, auth: _auth, ...address }) => address,
      ),
      notificationContacts: await contacts.listOf(personId),
    }),
    holds: () => Promise.resolve([]),
    async erase({ personId }) {
      for (const store of [notifications, preferences, addresses, contacts, codes, actions, digests])
        await store.deleteForPerson(personId);
    },
    clashes: () => Promise.resolve([]),
    async move(from, to) {
      for (const store of [notifications, preferences, addresses, contacts, actions, digests])
        await store.moveToPerson(from.personId, to.personId);
    },
  };
}
