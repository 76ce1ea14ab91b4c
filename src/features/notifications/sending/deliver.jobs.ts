import { z } from 'zod';
import {
  defineJob,
  defineLane,
  exponential,
  FinalError,
  type Job,
  type Jobs,
  type Lane,
} from '../../../infra/jobs/index.js';
import { MAIL_CONNECTIONS } from '../../../infra/mail/index.js';
import { HOUR, MINUTE, SECOND, type Clock } from '../../../shared/clock.js';
import type { AddressesStore } from '../channels/addresses.store.js';
import { ChannelError } from '../channels/channel-error.js';
import { CHANNELS, type ChannelName } from '../channels/channel.js';
import { linkedAs } from '../contacts/contacts.store.js';
import type { NotificationKind } from '../kinds/kind.js';
import { quietUntil } from '../schedule/days.js';
import type { Recipients } from './recipients.service.js';
import type { DueMessage } from './writer.service.js';
import { isMessenger, mayFollowByMail } from './routing.js';
import { isStale, STALE_MS } from './stale.js';
import { MESSENGER_CONNECTIONS, type Sender } from './sender.service.js';

const deliveryPayload = z.object({
  kind: z.string(),
  subjectId: z.string(),
  personId: z.string(),
  courseId: z.string(),
  /** A parent of the person; '' for the person. */
  contactId: z.string(),
  /** When it happened. */
  at: z.date(),
});
export type DeliveryPayload = z.infer<typeof deliveryPayload>;

/** One message per kind, subject, person and channel (the job's name): the same one again is the same message. */
export const uniqueKey = ({ kind, subjectId, personId, contactId }: DeliveryPayload): string =>
  [kind, subjectId, personId, ...(contactId === '' ? [] : [contactId])].join(':');

export interface DeliverJobsDeps {
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly findKind: (name: string) => NotificationKind | null;
  readonly recipients: Pick<Recipients, 'find'>;
  readonly sender: Sender;
  readonly addresses: Pick<AddressesStore, 'setBroken' | 'listOf'>;
  readonly mailOn: boolean;
}

export type Deliveries = Readonly<Record<ChannelName, Job<DeliveryPayload>>>;

export const deliveryName = (channel: ChannelName): string => `deliver-${channel}`;

/** Messages handed over within this time are noted by one commit. */
const NOTED_MS = 25;

/**
 * More messages than connections: those that wait for one have been read and written meanwhile. When all connections wait
 * for a note, it is made at once.
 */
function laneOf(channel: ChannelName): Lane {
  const connections = channel === 'mail' ? MAIL_CONNECTIONS : MESSENGER_CONNECTIONS;
  return defineLane({
    name: deliveryName(channel),
    limit: 3 * connections,
    ahead: 24,
    notes: { most: connections, withinMs: NOTED_MS },
  });
}

/** The queue of each channel. A messenger that has failed for good is followed by e-mail. */
export function addDeliverJobs(deps: DeliverJobsDeps): Deliveries {
  const { jobs, clock } = deps;
  const made: Partial<Record<ChannelName, Job<DeliveryPayload>>> = {};
  const fallBack = async (payload: DeliveryPayload): Promise<void> => {
    const kind = deps.findKind(payload.kind);
    const person = await deps.recipients.find(payload.personId);
    if (!deps.mailOn || kind === null || person === null || !made.mail) return;
    const isParent = payload.contactId !== '';
    const follows = isParent ? kind.by.includes('mail') : mayFollowByMail(kind, person.reach);
    if (follows) await jobs.enqueueOnce(made.mail, payload);
  };
  for (const channel of CHANNELS) {
    const job: Job<DeliveryPayload> = defineJob<DeliveryPayload>({
      name: deliveryName(channel),
      payload: deliveryPayload,
      key: uniqueKey,
      lane: laneOf(channel),
      // A messenger that is down for hours is no use: e-mail takes its place.
      retry: isMessenger(channel)
        ? exponential({ first: 5 * SECOND, factor: 2, upTo: 10 * MINUTE, giveUp: HOUR })
        : exponential({ first: 30 * SECOND, factor: 2, upTo: HOUR, giveUp: STALE_MS }),
      timeoutMs: MINUTE,
      async run({ payload, key, noted }) {
        const wait = await deliver(deps, channel, payload, { key, noted });
        if (wait !== null) await jobs.enqueue(job, payload, { runAt: wait });
      },
      async onFailure({ payload }, { error, nextAt }) {
        if (channel === 'mail' || nextAt !== null) return;
        if (error instanceof ChannelError && error.broken) {
          const { personId, contactId } = payload;
          const all = await deps.addresses.listOf(contactId === '' ? personId : linkedAs(contactId));
          for (const { address } of all.filter((row) => row.channel === channel))
            await deps.addresses.setBroken(channel, address, clock.now());
        }
        await fallBack(payload);
      },
    });
    made[channel] = jobs.register(job);
  }
  return made as Deliveries;
}

/** Returns when the message may be sent if the person's quiet hours hold it up; null when nothing is left to do. */
async function deliver(
  { clock, findKind, recipients, sender }: DeliverJobsDeps,
  channel: ChannelName,
  payload: DeliveryPayload,
  about: Pick<DueMessage, 'key' | 'noted'>,
): Promise<Date | null> {
  const now = clock.now();
  const kind = findKind(payload.kind);
  if (kind === null) throw new FinalError(`there is no kind of message named ${payload.kind}`);
  const { subjectId, personId, courseId } = payload;
  const occurrence = { subjectId, personId, courseId };
  if (isStale(payload.at, now)) return null;
  const person = await recipients.find(personId);
  if (person === null) return null;
  const description = await kind.describe(occurrence, person.zone);
  if (description === null) return null;
  const { expiresAt } = description;
  if (expiresAt !== undefined && expiresAt <= now) return null;
  // E-mail rings nowhere.
  const quiet = channel === 'mail' ? null : quietUntil(now, person.quiet);
  // What would be pointless by then disturbs now.
  if (quiet !== null && (expiresAt === undefined || quiet < expiresAt)) return quiet;
  await sender.send(channel, {
    kind,
    occurrence,
    description,
    person,
    ...about,
    contactId: payload.contactId,
    at: payload.at,
  });
  return null;
}
