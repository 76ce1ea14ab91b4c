import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput } from '../../../shared/errors.js';
import type { AddressesStore } from '../channels/addresses.store.js';
import { CHANNELS, type ChannelName } from '../channels/channel.js';
import type { Linking, LinkOffer } from '../channels/linking.service.js';
import type { PushSender } from '../channels/push.js';
import type { Contact, ContactsStore } from '../contacts/contacts.store.js';
import type { NotificationKind } from '../kinds/kind.js';
import type { Recipients } from '../sending/recipients.service.js';
import { channelsFor, isMessenger, type Choices } from '../sending/routing.js';
import { choicesAfter, topicChoices, type ChoicesInput, type TopicChoice } from './choices.js';
import type { Preferences, PreferencesStore } from './preferences.store.js';
import type { Unsubscription } from './unsubscribe.js';

/** A channel as its person sees it. */
export interface OwnChannel {
  readonly name: ChannelName;
  /** `linked`, `broken`: the messenger says that we are blocked; `off`: to be linked. */
  readonly state: 'linked' | 'broken' | 'off';
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
  /** Topics and kinds that the actor's page does not show keep their choice. @throws DomainError `bad-input` for a kind that there is not */
  save(actor: Actor, preferences: Omit<Preferences, keyof Choices> & ChoicesInput): Promise<void>;
  /** @throws DomainError `bad-input` for an address that is no push service's */
  addBrowser(
    actor: Actor,
    browser: { readonly endpoint: string; readonly p256dh: string; readonly auth: string },
  ): Promise<void>;
  /** E-mail of a topic, or of the one kind, is switched off for a person; a parent is forgotten. Can be done twice. */
  unsubscribe(unsubscription: Unsubscription, only: 'topic' | 'kind'): Promise<void>;
  /** Whether a kind is all that its topic has, or is not known. */
  isSingle(kind: string): boolean;
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

export function createPreferencesService(deps: PreferencesServiceDeps): PreferencesService {
  const { preferences: store, recipients, addresses, contacts, clock } = deps;

  return {
    async page({ personId, role }, offers) {
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
      const linked = channels.filter(({ state }) => state === 'linked').map(({ name }) => name);
      const unlinked = channels.flatMap(({ name, state }) =>
        isMessenger(name) && state !== 'linked' ? [name] : [],
      );
      return {
        preferences,
        email,
        channels,
        columns: linked,
        topics: topicChoices(deps.kinds(), role, preferences, linked),
        offers: offers ? await deps.linking.offers(personId, unlinked) : [],
        parents,
        pushKey,
      };
    },

    async save({ personId, role }, { chosen, ownKinds, ownChosen, shown, ...fields }) {
      if (!ownKinds.every((name) => deps.kinds().some((kind) => kind.name === name)))
        throw badInput({ ownKinds: 'errors.field.wrong' });
      const before = await store.find(personId);
      const input = { chosen, ownKinds, ownChosen, shown };
      await store.save(
        personId,
        { ...fields, ...choicesAfter(deps.kinds(), role, before, input) },
        clock.now(),
      );
    },

    async addBrowser({ personId }, { endpoint, p256dh, auth }) {
      if (!deps.push.accepts(endpoint)) throw badInput({ endpoint: 'errors.field.wrong' });
      await addresses.link({ personId, channel: 'push', address: endpoint, p256dh, auth }, clock.now());
    },

    isSingle(name) {
      const kind = deps.kinds().find((candidate) => candidate.name === name);
      return deps.kinds().filter(({ topic }) => topic === kind?.topic).length < 2;
    },

    async unsubscribe({ personId, topic, kind: name, contactId }, only) {
      if (contactId !== '') {
        await contacts.remove(personId, contactId);
        return;
      }
      const person = await recipients.find(personId);
      if (person === null) return;
      const kind = deps.kinds().find((candidate) => candidate.name === name);
      if (only === 'kind' && kind !== undefined) {
        const channels = channelsFor(kind, person.reach).filter((channel) => channel !== 'mail');
        await store.refuseMail(personId, { kind: name, channels }, [name], clock.now());
        return;
      }
      const kinds = deps.kinds().filter((candidate) => candidate.topic === topic);
      await store.refuseMail(
        personId,
        { topic },
        kinds.map((each) => each.name),
        clock.now(),
      );
    },
  };
}
