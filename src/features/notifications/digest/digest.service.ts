import { z } from 'zod';
import { defineJob, exponential, type Jobs } from '../../../infra/jobs/index.js';
import { HOUR, SECOND, type Clock } from '../../../shared/clock.js';
import type { NotificationKind, Occurrence } from '../kinds/kind.js';
import { addDays } from '../../../shared/days.js';
import { localTime, momentOf } from '../schedule/days.js';
import type { ReachedPerson, Recipients } from '../sending/recipients.service.js';
import { isChosen, topicTakes } from '../sending/routing.js';
import { isStale, STALE_MS } from '../sending/stale.js';
import type { DigestLine, MailSender } from '../sending/mail-sender.js';
import { mayWait } from './digest.kind.js';
import type { DigestStore } from './digest.store.js';

/** One mail a day instead of many single ones, for those who chose it. */
export interface Digests {
  /**
   * Takes an event into the person's next digest. Returns false if it is to be mailed by itself: the person wants no
   * digest, the kind may not wait, or it would be pointless by then.
   */
  take(kind: NotificationKind, occurrence: Occurrence, person: ReachedPerson, at: Date): Promise<boolean>;
}

export interface DigestsDeps {
  readonly digests: DigestStore;
  readonly jobs: Jobs;
  readonly recipients: Pick<Recipients, 'find'>;
  readonly findKind: (name: string) => NotificationKind | null;
  readonly mailSender: Pick<MailSender, 'sendDigest'>;
  readonly clock: Clock;
}

const payload = z.object({ personId: z.string(), slot: z.date() });

/** The next moment at which the wall clock of the person's zone shows the hour. */
export function nextDigest(now: Date, hour: number, zone: string): Date {
  const { day } = localTime(zone, now);
  const today = momentOf(day, hour * 60, zone);
  return today > now ? today : momentOf(addDays(day, 1), hour * 60, zone);
}

export function createDigests(deps: DigestsDeps): Digests {
  const { digests, jobs, recipients, findKind, clock } = deps;

  const job = jobs.register(
    defineJob({
      name: 'deliver-digest',
      payload,
      // The same digest again is the same message.
      key: ({ personId, slot }) => `${personId}:${slot.getTime()}`,
      retry: exponential({ first: 30 * SECOND, factor: 2, upTo: HOUR, giveUp: STALE_MS }),
      async run({ payload: { personId, slot }, key, noted }) {
        const person = await recipients.find(personId);
        if (person === null || !person.reach.mail || isStale(slot, clock.now())) return;
        const lines = await linesOf(personId, slot);
        if (lines.length > 0) await deps.mailSender.sendDigest(person, lines, { key, at: slot, noted });
      },
    }),
  );

  /** What is still true of what has happened. */
  async function linesOf(personId: string, slot: Date): Promise<DigestLine[]> {
    const items = await digests.list(personId, slot);
    const found = await Promise.all(
      items.map(async ({ kind: name, subjectId, courseId }) => {
        const kind = findKind(name);
        const description = await kind?.describe({ subjectId, personId, courseId });
        return kind !== null && description ? [{ kind, courseId, description }] : [];
      }),
    );
    return found.flat();
  }

  return {
    async take(kind, occurrence, person, at) {
      const { digestAt } = person.preferences;
      if (digestAt === '' || !mayWait(kind) || !person.reach.mail) return false;
      const slot = nextDigest(clock.now(), Number(digestAt), person.zone);
      const expiresAt = (await kind.describe(occurrence))?.expiresAt;
      if (expiresAt !== undefined && expiresAt <= slot) return false;
      if (!isChosen(person.reach, kind, 'mail') || !topicTakes(person.reach, 'digest', 'mail')) return true;
      await digests.add({ ...occurrence, kind: kind.name, at, slot });
      await jobs.enqueueOnce(job, { personId: occurrence.personId, slot }, { runAt: slot });
      return true;
    },
  };
}
