import type { Clock } from '../../../shared/clock.js';
import type { Digests } from '../digest/digest.service.js';
import type { NotificationsStore } from '../list/notifications.store.js';
import type { ContactsStore } from '../contacts/contacts.store.js';
import type { NotificationKind, Notifier, Occurrence } from '../kinds/kind.js';
import type { ChannelName } from '../channels/channel.js';
import type { DeliveryPayload } from './deliver.jobs.js';
import { channelsFor } from './routing.js';
import { isStale } from './stale.js';
import type { Recipients } from './recipients.service.js';

export interface DispatchDeps {
  readonly notifications: Pick<NotificationsStore, 'insert'>;
  readonly contacts: Pick<ContactsStore, 'listOf'>;
  readonly recipients: Pick<Recipients, 'find'>;
  readonly digests: Digests;
  /** Puts a delivery into the queue of its channel, once per key. */
  readonly enqueue: (channel: ChannelName, payload: DeliveryPayload) => Promise<void>;
  /** False while no mail is sent at all. */
  readonly mailOn: boolean;
  readonly clock: Clock;
}

/** Writes of as many people share a commit of the database. */
const AT_ONCE = 20;

/**
 * Makes messages of what has happened: a row in the person's list, and a job per channel. Each is unique, so that all of
 * it can be done again after a crash.
 */
export function createDispatcher(deps: DispatchDeps): Notifier {
  async function tell(kind: NotificationKind, occurrence: Occurrence, at: Date): Promise<void> {
    const { personId, courseId, subjectId } = occurrence;
    const person = await deps.recipients.find(personId);
    if (person === null) return;
    if (kind.by.includes('page')) {
      await deps.notifications.insert({ personId, courseId, subjectId, kind: kind.name, at });
    }
    const payload = { kind: kind.name, subjectId, personId, courseId, contactId: '', at };
    const reach = { ...person.reach, mail: person.reach.mail && deps.mailOn };
    const waits = deps.mailOn && (await deps.digests.take(kind, occurrence, person, at));
    for (const channel of channelsFor(kind, reach)) {
      if (channel !== 'mail' || !waits) await deps.enqueue(channel, payload);
    }
    if (kind.parents !== true || !deps.mailOn) return;
    for (const { id, confirmedAt, brokenAt } of await deps.contacts.listOf(personId)) {
      if (confirmedAt !== null && brokenAt === null)
        await deps.enqueue('mail', { ...payload, contactId: id });
    }
  }

  return {
    async notify(kind, found, at) {
      if (isStale(at, deps.clock.now())) return;
      for (let from = 0; from < found.length; from += AT_ONCE)
        await Promise.all(found.slice(from, from + AT_ONCE).map((occurrence) => tell(kind, occurrence, at)));
    },
  };
}
