import type { Actor } from '../../../shared/actor.js';
import { DAY, type Clock } from '../../../shared/clock.js';
import { notFound } from '../../../shared/errors.js';
import type { Registry } from '../../../shared/registry.js';
import type { CalendarEntry, CalendarSource } from './calendar.js';
import type { FeedsStore } from './feeds.store.js';

/** A feed shows this much of the past and the future. */
const FEED_BACK_MS = 60 * DAY;
const FEED_AHEAD_MS = 400 * DAY;

export interface CalendarService {
  /** The actor's entries of the course that begin between two moments, by time; cancelled ones too. */
  list(actor: Actor, from: Date, to: Date): Promise<CalendarEntry[]>;
  /** @throws DomainError `not-found` */
  find(actor: Actor, entryId: string): Promise<CalendarEntry>;
  /** Entries of all the person's courses, by the feed's secret. @throws DomainError `not-found` */
  listFeed(secret: string): Promise<{ entries: CalendarEntry[]; locale: string }>;
  /** Makes the actor's feed anew and returns its secret; the address before is over. */
  renewFeed(actor: Actor, locale: string): Promise<string>;
  revokeFeed(actor: Actor): Promise<void>;
  feedSince(actor: Actor): Promise<Date | null>;
}

export interface CalendarDeps {
  readonly sources: Pick<Registry<CalendarSource>, 'all'>;
  readonly feeds: FeedsStore;
  readonly clock: Clock;
}

export function createCalendarService({ sources, feeds, clock }: CalendarDeps): CalendarService {
  const gather = async (of: Parameters<CalendarSource['list']>[0]): Promise<CalendarEntry[]> => {
    const lists = await Promise.all(sources.all().map((source) => source.list(of)));
    return lists.flat().sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
  };
  return {
    list: ({ personId, courseId }, from, to) => gather({ personId, courseId, from, to }),

    async find(actor, entryId) {
      const [kind = '', id = ''] = entryId.split('-');
      const source = sources.all().find((candidate) => candidate.kind === kind);
      const entry = await source?.findOptional(actor, id);
      if (!entry) throw notFound();
      return entry;
    },

    async listFeed(secret) {
      const feed = await feeds.findBySecret(secret);
      if (feed === null) throw notFound();
      const now = clock.now().getTime();
      const entries = await gather({
        personId: feed.personId,
        from: new Date(now - FEED_BACK_MS),
        to: new Date(now + FEED_AHEAD_MS),
      });
      // A time that nobody has booked is no appointment.
      return { entries: entries.filter(({ state }) => state !== 'free'), locale: feed.locale };
    },

    renewFeed: ({ personId }, locale) => feeds.renew(personId, locale, clock.now()),
    revokeFeed: ({ personId }) => feeds.revoke(personId),
    feedSince: ({ personId }) => feeds.findSince(personId),
  };
}
