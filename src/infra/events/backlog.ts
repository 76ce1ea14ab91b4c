import { DAY } from '../../shared/clock.js';
import type { Model } from 'mongoose';
import type { Logger } from 'pino';
import type { Job, Jobs } from '../jobs/index.js';
import type { EmittingRow, Event } from './event.js';

/** Documents of one collection that wait to be made into jobs. */
export interface Backlog {
  /** Unique; the name of its lease. */
  readonly name: string;
  /** Returns up to `limit` documents that wait, the oldest first, without those of `except`. */
  find(limit: number, now: Date, except: readonly unknown[]): Promise<readonly Waiting[]>;
  /** Makes jobs of a document, and notes that it has been done. May be repeated after a kill at any step. */
  handle(waiting: Waiting): Promise<void>;
  figures(now: Date): Promise<BacklogFigures>;
}

export interface Waiting {
  readonly _id: unknown;
}

export interface BacklogFigures {
  readonly name: string;
  /** How many documents wait. */
  readonly waiting: number;
  /** Since when the oldest of them waits; null while none does. */
  readonly oldest: Date | null;
}

/** What a subscriber is given. */
export interface ReceivedEvent<D> extends Event<D> {
  readonly documentId: string;
}

/** Puts one event into the queue of one subscriber. */
export type Subscription = (event: ReceivedEvent<unknown>) => Promise<unknown>;

export interface EventsBacklogDeps {
  readonly model: Model<EmittingRow>;
  /** Where reads may be stale or undone: only what a majority has. */
  readonly majority: boolean;
  readonly log: Logger;
  readonly subscriptions: (event: string) => readonly Subscription[];
}

/** More events than this in one document mean that its sweeper does not follow, or that too many write it. */
const ALARM = 50;
const SINCE_EVER = { $gt: new Date(0) };

interface WithEvents extends Waiting {
  readonly events?: readonly Event[];
  readonly eventsAt?: Date;
}

/** The outbox of a collection's documents. */
export function createEventsBacklog({ model, majority, log, subscriptions }: EventsBacklogDeps): Backlog {
  // Of a collection with several kinds of documents, the base is watched.
  const { name } = model.collection;
  return {
    name,

    async find(limit, _now, except) {
      const query = model
        .find({ eventsAt: SINCE_EVER, ...(except.length > 0 && { _id: { $nin: except } }) })
        .sort({ eventsAt: 1 })
        .limit(limit)
        .select({ events: 1 });
      // What is read and then rolled back has not happened.
      return (majority ? query.readConcern('majority') : query).lean<WithEvents[]>();
    },

    async handle({ _id, events = [] }: WithEvents) {
      const documentId = String(_id);
      if (events.length > ALARM)
        log.error({ collection: name, document: documentId, events: events.length }, 'events pile up');
      for (const event of events) {
        for (const enqueue of subscriptions(event.name)) await enqueue({ ...event, documentId });
      }
      const ids = events.map(({ id }) => id);
      // Mostly nothing has come meanwhile: then one write takes out all of them. Events are added at the end alone.
      const last = ids.length - 1;
      if (last >= 0) {
        const { matchedCount } = await model.updateOne(
          { _id, [`events.${last}.id`]: ids[last], [`events.${last + 1}`]: { $exists: false } },
          { $unset: { events: 1, eventsAt: 1 } },
        );
        if (matchedCount > 0) return;
      }
      if (ids.length > 0) await model.updateOne({ _id }, { $pull: { events: { id: { $in: ids } } } });
      // One that has come meanwhile stays, with its mark.
      await model.updateOne({ _id, 'events.0': { $exists: false } }, { $unset: { events: 1, eventsAt: 1 } });
    },

    async figures() {
      const [waiting, oldest] = await Promise.all([
        model.countDocuments({ eventsAt: SINCE_EVER }),
        model
          .findOne({ eventsAt: SINCE_EVER })
          .sort({ eventsAt: 1 })
          .select({ eventsAt: 1 })
          .lean<WithEvents>(),
      ]);
      return { name, waiting, oldest: oldest?.eventsAt ?? null };
    },
  };
}

/** No mark is due later than this after it is set: one that is was set before the clock was put back, and is due now. */
const LATEST_MARK_MS = 2 * DAY;

export interface MarkBacklogDeps<P> {
  readonly model: Model<never>;
  readonly field: string;
  readonly jobs: Pick<Jobs, 'enqueue'>;
  readonly job: Job<P>;
  readonly payload: (documentId: string, document: unknown) => P;
  /** Further fields of the document that the payload is made of. */
  readonly select: readonly string[];
}

/**
 * Documents that many write at once: they carry a date that is set, not a list that grows. What is due makes its job
 * run, once for all that set it meanwhile.
 */
export function createMarkBacklog<P>(deps: MarkBacklogDeps<P>): Backlog {
  const { field, jobs, job, payload, select } = deps;
  const model = deps.model as unknown as Model<Record<string, unknown>>;
  const name = `${model.collection.name}.${field}`;
  const due = (now: Date) => ({ [field]: { $gt: new Date(0), $lte: now } });
  const beyond = (now: Date) => ({ [field]: { $gt: new Date(now.getTime() + LATEST_MARK_MS) } });
  const read = (filter: object, limit: number, except: readonly unknown[]) =>
    model
      .find({ ...filter, ...(except.length > 0 && { _id: { $nin: except } }) })
      .sort({ [field]: 1 })
      .limit(limit)
      .select([field, ...select])
      .lean<Waiting[]>();
  return {
    name,

    async find(limit, now, except) {
      const found = await read(due(now), limit, except);
      return found.length > 0 ? found : read(beyond(now), limit, except);
    },

    async handle(waiting) {
      await jobs.enqueue(job, payload(String(waiting._id), waiting));
      const { [field]: mark } = waiting as unknown as Record<string, Date>;
      // Set again meanwhile, it has another value, and is due once more.
      await model.updateOne({ _id: waiting._id, [field]: mark }, { $unset: { [field]: 1 } });
    },

    async figures(now) {
      const [waiting, oldest] = await Promise.all([
        model.countDocuments(due(now)),
        model
          .findOne(due(now))
          .sort({ [field]: 1 })
          .select({ [field]: 1 })
          .lean<Record<string, Date>>(),
      ]);
      return { name, waiting, oldest: oldest?.[field] ?? null };
    },
  };
}
