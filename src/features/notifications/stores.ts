import type { Connection } from 'mongoose';
import type { Sealer } from '../../shared/sealing.js';
import { createActionsStore } from './actions/actions.store.js';
import { createAddressesStore } from './channels/addresses.store.js';
import type { Channel } from './channels/channel.js';
import { createCodesStore } from './channels/codes.store.js';
import { createChannelSettingsStore } from './channels/settings.store.js';
import { createContactsStore, linkedAs } from './contacts/contacts.store.js';
import { createDigestStore } from './digest/digest.store.js';
import { createNotificationsStore } from './list/notifications.store.js';
import { createPreferencesStore } from './preferences/preferences.store.js';
import { createTemplatesStore } from './templates/templates.store.js';

/** All collections of the feature. */
export function createNotificationStores(
  connection: Connection,
  sealer: Sealer,
  channels: readonly Channel[],
) {
  const addresses = createAddressesStore(connection);
  const codes = createCodesStore(connection);
  const unlink = async (contactId: string): Promise<void> => {
    await addresses.deleteForPerson(linkedAs(contactId));
    await codes.deleteForPerson(linkedAs(contactId));
  };
  return {
    addresses,
    codes,
    notifications: createNotificationsStore(connection),
    preferences: createPreferencesStore(connection),
    settings: createChannelSettingsStore(connection, sealer, channels),
    contacts: createContactsStore(connection, unlink),
    actions: createActionsStore(connection),
    digests: createDigestStore(connection),
    templates: createTemplatesStore(connection),
  };
}
