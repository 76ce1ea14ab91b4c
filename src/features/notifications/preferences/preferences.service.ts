import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput } from '../../../shared/errors.js';
import type { AddressesStore } from '../channels/addresses.store.js';
import { CHANNELS, type ChannelName } from '../channels/channel.js';
import type { Linking, LinkOffer } from '../channels/linking.service.js';
import type { PushSender } from '../channels/push.js';
import type { Contact, ContactsStore } from '../contacts/contacts.store.js';
import { TOPICS, type NotificationKind, type Topic, type Way } from '../kinds/kind.js';
import type { Recipients } from '../sending/recipients.service.js';
import { choiceOf, isChosen, isMessenger } from '../sending/routing.js';
import type { Preferences, PreferencesStore } from './preferences.store.js';
import type { Unsubscription } from './unsubscribe.js';

/** A channel as its person sees it. */
export interface OwnChannel {
  readonly name: ChannelName;
  /** `linked`, `broken`: the messenger says that we are blocked; `off`: to be linked. */
  readonly state: 'linked' | 'broken' | 'off';
}

/** One line of the table: which channels a topic takes. */
export interface TopicChoice {
  readonly topic: Topic;
  readonly cells: readonly {
    readonly channel: ChannelName;
    readonly possible: boolean;
    readonly chosen: boolean;
  }[];
}

export interface PreferencesPage {
  readonly preferences: Preferences;
  /** Where the centre's messages go; '' where the LMS tells no address. */
  readonly email: string;
  readonly channels: readonly OwnChannel[];
  readonly columns: readonly ChannelName[];
  readonly topics: readonly TopicChoice[];
  readonly offers: readonly LinkOffer[];
  readonly parents: readonly Contact[];
  readonly pushKey: string;
}

export interface PreferencesService {
  /** @param offers whether codes for linking are made */
  page(actor: Actor, offers: boolean): Promise<PreferencesPage>;
  save(actor: Actor, preferences: Omit<Preferences, 'decided'>): Promise<void>;
  /** @throws DomainError `bad-input` for an address that is no push service's */
  addBrowser(
    actor: Actor,
    browser: { readonly endpoint: string; readonly p256dh: string; readonly auth: string },
  ): Promise<void>;
  /** E-mail of a topic is switched off for a person; a parent is forgotten. Can be done twice. */
  unsubscribe(unsubscription: Unsubscription): Promise<void>;
}

export interface PreferencesServiceDeps {
  readonly preferences: PreferencesStore;
  readonly recipients: Recipients;
  readonly addresses: Pick<AddressesStore, 'listOf' | 'link'>;
  readonly contacts: Pick<ContactsStore, 'listOf' | 'remove'>;
  readonly linking: Pick<Linking, 'offers'>;
  readonly push: PushSender;
  readonly kinds: () => readonly NotificationKind[];
  readonly mailOn: boolean;
  readonly clock: Clock;
}

const wayOf = (channel: ChannelName): Way => {
  if (channel === 'mail' || channel === 'push') return channel;
  return 'messenger';
};

export function createPreferencesService(deps: PreferencesServiceDeps): PreferencesService {
  const { preferences: store, recipients, addresses, contacts, clock } = deps;

  function topicsFor({ chosen, decided }: Preferences, channels: readonly OwnChannel[]): TopicChoice[] {
    const linked = channels.filter(({ state }) => state === 'linked').map(({ name }) => name);
    const messengers = linked.filter(isMessenger);
    return TOPICS.filter((topic) => topic !== 'alarms').flatMap((topic) => {
      const kinds = deps.kinds().filter((kind) => kind.topic === topic);
      if (kinds.length === 0) return [];
      const cells = linked.map((channel) => ({
        channel,
        possible: kinds.some(({ by }) => by.includes(wayOf(channel))),
        chosen: isChosen({ chosen, decided, messengers }, topic, channel),
      }));
      // A topic that stands only in the list on the page has no channel to choose.
      return cells.some(({ possible }) => possible) ? [{ topic, cells }] : [];
    });
  }

  return {
    async page({ personId }, offers) {
      const [person, all, enabled, parents, pushKey] = await Promise.all([
        recipients.find(personId),
        addresses.listOf(personId),
        recipients.enabledMessengers(),
        contacts.listOf(personId),
        deps.push.publicKey(),
      ]);
      const preferences = person?.preferences ?? (await store.find(personId));
      const email = deps.mailOn ? (person?.email ?? '') : '';
      const stateOf = (name: ChannelName): OwnChannel['state'] => {
        if (name === 'mail' && email !== '') return 'linked';
        const own = all.filter(({ channel }) => channel === name);
        if (own.length === 0) return 'off';
        return own.some(({ brokenAt }) => brokenAt === null) ? 'linked' : 'broken';
      };
      const channels = CHANNELS.filter((name) => !isMessenger(name) || enabled.includes(name)).map(
        (name) => ({
          name,
          state: stateOf(name),
        }),
      );
      const unlinked = channels.flatMap(({ name, state }) =>
        isMessenger(name) && state !== 'linked' ? [name] : [],
      );
      return {
        preferences,
        email,
        channels,
        columns: channels.filter(({ state }) => state === 'linked').map(({ name }) => name),
        topics: topicsFor(preferences, channels),
        offers: offers ? await deps.linking.offers(personId, unlinked) : [],
        parents,
        pushKey,
      };
    },

    save: ({ personId }, preferences) => store.save(personId, preferences, clock.now()),

    async addBrowser({ personId }, { endpoint, p256dh, auth }) {
      if (!deps.push.accepts(endpoint)) throw badInput({ endpoint: 'errors.field.wrong' });
      await addresses.link({ personId, channel: 'push', address: endpoint, p256dh, auth }, clock.now());
    },

    async unsubscribe({ personId, topic, contactId }) {
      if (contactId !== '') {
        await contacts.remove(personId, contactId);
        return;
      }
      const person = await recipients.find(personId);
      if (person === null) return;
      const left = TOPICS.flatMap((name) =>
        CHANNELS.filter((channel) => isChosen(person.reach, name, channel)).map((channel) =>
          choiceOf(name, channel),
        ),
      ).filter((choice) => choice !== choiceOf(topic, 'mail'));
      await store.save(personId, { chosen: left }, clock.now());
    },
  };
}
