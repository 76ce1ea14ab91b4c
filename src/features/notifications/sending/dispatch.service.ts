import type { Clock } from '../../../shared/clock.js';
import type { Digests } from '../digest/digest.service.js';
import type { NotificationsStore } from '../list/notifications.store.js';
import { linkedAs, type Contact, type ContactsStore } from '../contacts/contacts.store.js';
import type { AddressesStore } from '../channels/addresses.store.js';
import type { NotificationKind, Notifier, Occurrence } from '../kinds/kind.js';
import type { ChannelName } from '../channels/channel.js';
import type { DeliveryPayload } from './deliver.jobs.js';
import { channelsFor } from './routing.js';
import { isStale } from './stale.js';
import type { ReachedPerson, Recipients } from './recipients.service.js';

export interface DispatchDeps {
  readonly notifications: Pick<NotificationsStore, 'insertMany'>;
  readonly contacts: Pick<ContactsStore, 'listOf'>;
  readonly recipients: Pick<Recipients, 'findMany' | 'enabledMessengers'>;
  readonly addresses: Pick<AddressesStore, 'listOf'>;
  readonly digests: Digests;
  /** Puts deliveries into the queue of their channel, each once per key. */
  readonly enqueue: (channel: ChannelName, payloads: readonly DeliveryPayload[]) => Promise<void>;
  /** False while no mail is sent at all. */
  readonly mailOn: boolean;
  readonly clock: Clock;
}

/** Messages to as many people are made together. */
const AT_ONCE = 50;

/**
 * Makes messages of what has happened: a row in the person's list, and a job per channel. Each is unique, so that all of
 * it can be done again after a crash. What many are told is read and written together: a commit costs more than what is
 * in it.
 */
export function createDispatcher(deps: DispatchDeps): Notifier {
  /** Returns the channels by which a person is told; what waits for a digest is put into it. */
  async function channelsOf(
    kind: NotificationKind,
    occurrence: Occurrence,
    person: ReachedPerson,
    at: Date,
  ): Promise<ChannelName[]> {
    const reach = { ...person.reach, mail: person.reach.mail && deps.mailOn };
    const waits = deps.mailOn && (await deps.digests.take(kind, occurrence, person, at));
    return channelsFor(kind, reach).filter((channel) => channel !== 'mail' || !waits);
  }

  async function parentsOf({ personId }: Occurrence): Promise<Contact[]> {
    const all = await deps.contacts.listOf(personId);
    return all.filter(({ confirmedAt, brokenAt }) => confirmedAt !== null && brokenAt === null);
  }

  /** A parent is told by the messengers that they have linked, by e-mail if there is none. */
  async function parentsChannels(kind: NotificationKind, contactId: string): Promise<ChannelName[]> {
    const [linked, enabled] = await Promise.all([
      deps.addresses.listOf(linkedAs(contactId)),
      deps.recipients.enabledMessengers(),
    ]);
    const works = (name: string): boolean =>
      linked.some(({ channel, brokenAt }) => channel === name && brokenAt === null);
    const messengers = kind.by.includes('messenger') ? enabled.filter(works) : [];
    if (messengers.length > 0) return messengers;
    return deps.mailOn ? ['mail'] : [];
  }

  async function tellSome(kind: NotificationKind, found: readonly Occurrence[], at: Date): Promise<void> {
    const people = await deps.recipients.findMany([...new Set(found.map(({ personId }) => personId))]);
    const told = found.flatMap((occurrence) => {
      const person = people.get(occurrence.personId);
      return person === undefined ? [] : [{ occurrence, person }];
    });
    if (kind.by.includes('page')) {
      await deps.notifications.insertMany(
        told.map(({ occurrence }) => ({ ...plain(occurrence), kind: kind.name, at })),
      );
    }
    const queues = new Map<ChannelName, DeliveryPayload[]>();
    const add = (channel: ChannelName, occurrence: Occurrence, contactId = ''): void => {
      const queue = queues.get(channel) ?? [];
      queues.set(channel, queue);
      queue.push({ ...plain(occurrence), kind: kind.name, contactId, at });
    };
    await Promise.all(
      told.map(async ({ occurrence, person }) => {
        for (const channel of await channelsOf(kind, occurrence, person, at)) add(channel, occurrence);
        if (kind.parents !== true) return;
        for (const { id } of await parentsOf(occurrence))
          for (const channel of await parentsChannels(kind, id)) add(channel, occurrence, id);
      }),
    );
    await Promise.all([...queues].map(([channel, payloads]) => deps.enqueue(channel, payloads)));
  }

  return {
    async notify(kind, found, at) {
      if (isStale(at, deps.clock.now())) return;
      for (let from = 0; from < found.length; from += AT_ONCE)
        await tellSome(kind, found.slice(from, from + AT_ONCE), at);
    },
  };
}

const plain = ({ subjectId, personId, courseId }: Occurrence): Occurrence => ({
  subjectId,
  personId,
  courseId,
});
