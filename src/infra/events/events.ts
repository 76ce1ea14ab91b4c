import type { Connection, Model } from 'mongoose';
import type { Logger } from 'pino';
import { z } from 'zod';
import { SECOND, type Clock } from '../../shared/clock.js';
import type { Storage } from '../../storage/index.js';
import {
  createLeaseTokens,
  defineJob,
  type EnqueueOptions,
  type Job,
  type JobOptions,
  type Jobs,
} from '../jobs/index.js';
import {
  createEventsBacklog,
  createMarkBacklog,
  type Backlog,
  type BacklogFigures,
  type ReceivedEvent,
  type Subscription,
} from './backlog.js';
import { WRITTEN, type EmittingRow, type EventType } from './event.js';
import { createSweepLeases } from './leases.store.js';
import { Sweeper } from './sweeper.js';

export interface EventsDeps {
  readonly storage: Pick<Storage, 'connection' | 'engine'>;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A subscriber: a job of its own, once per event. */
export interface Subscriber<D> extends Pick<JobOptions<unknown>, 'lane' | 'retry' | 'timeoutMs'> {
  /** The job's name, such as `mail-booking-cancelled`. */
  readonly name: string;
  /** Reads the document again and acts on what is true now: the order of events is not promised. */
  readonly run: (event: ReceivedEvent<D>) => unknown;
}

/** A Mongoose model of whatever rows. */
export interface AnyModel {
  readonly modelName: string;
}

/** What an event asks of a job that exists for other reasons as well. */
export interface Asked<P> extends EnqueueOptions {
  readonly payload: P;
}

/** The way from a document that changes to the jobs of those who want to know. */
export interface Events {
  /** Sweeps a collection whose schema has the plugin `withEvents`. Once per model. */
  watch(model: AnyModel): void;
  /**
   * Sweeps a collection for a date that is due, and then unsets it: see `withMark`.
   * @param payload is given the document with the fields of `select`
   */
  watchMark<P>(
    model: AnyModel,
    field: string,
    job: Job<P>,
    payload: (documentId: string, document: unknown) => P,
    select?: readonly string[],
  ): void;
  subscribe<D>(type: EventType<D>, subscriber: Subscriber<D>): void;
  /**
   * Makes a registered job run; null asks for nothing. The job may run twice for one event, unless a `seq` is given.
   */
  subscribeJob<D, P>(
    type: EventType<D>,
    job: Job<P>,
    ask: (event: ReceivedEvent<D>) => Asked<P> | null,
  ): void;
  /** Looks at once: for writes that Mongoose's hooks do not see (bulk writes, the driver's own). */
  wake(collection: string): void;
  /** What waits to be made into jobs, per collection. */
  overview(): Promise<BacklogFigures[]>;
}

/** Other processes emit as well, so every collection is looked at this often. */
const POLL_MS = 2 * SECOND;

/** Is started, stopped and drained by the runner of jobs. */
export function createEvents({ storage, jobs, clock, log }: EventsDeps): Events {
  const { connection } = storage;
  const leases = createSweepLeases(connection, createLeaseTokens());
  const backlogs: Backlog[] = [];
  const sweepers: Sweeper[] = [];
  const subscriptions = new Map<string, Subscription[]>();

  const add = (backlog: Backlog): void => {
    if (backlogs.some(({ name }) => name === backlog.name))
      throw new Error(`${backlog.name} is watched twice`);
    backlogs.push(backlog);
    sweepers.push(new Sweeper({ backlog, leases, clock, log }));
  };
  const addSubscription = ({ name }: EventType<unknown>, subscription: Subscription): void => {
    subscriptions.set(name, [...(subscriptions.get(name) ?? []), subscription]);
  };
  const wake = addPolling({ connection, sweepers, jobs, log });

  return {
    watch(model) {
      const emitting = model as unknown as Model<EmittingRow>;
      if (!('eventsAt' in emitting.schema.paths))
        throw new Error(`the schema of ${model.modelName} lacks the plugin withEvents`);
      add(
        createEventsBacklog({
          model: emitting,
          majority: storage.engine === 'mongodb',
          log,
          subscriptions: (name) => subscriptions.get(name) ?? [],
        }),
      );
    },

    watchMark(model, field, job, payload, select = []) {
      add(createMarkBacklog({ model: model as unknown as Model<never>, field, jobs, job, payload, select }));
    },

    subscribe<D>(type: EventType<D>, { name, run, ...options }: Subscriber<D>) {
      const job = jobs.register(subscriberJob(type, name, run, options));
      addSubscription(type, (event) => jobs.enqueueOnce(job, event as ReceivedEvent<D>));
    },

    subscribeJob<D, P>(type: EventType<D>, job: Job<P>, ask: (event: ReceivedEvent<D>) => Asked<P> | null) {
      addSubscription(type, async (event) => {
        const asked = ask({ ...event, data: type.data.parse(event.data) });
        if (asked !== null) await jobs.enqueue(job, asked.payload, asked);
      });
    },

    wake,
    overview: () => Promise.all(backlogs.map((backlog) => backlog.figures(clock.now()))),
  };
}

function subscriberJob<D>(
  { data }: EventType<D>,
  name: string,
  run: Subscriber<D>['run'],
  options: Pick<JobOptions<unknown>, 'lane' | 'retry' | 'timeoutMs'>,
): Job<ReceivedEvent<D>> {
  const payload = z.object({
    documentId: z.string(),
    id: z.string(),
    seq: z.number(),
    name: z.string(),
    at: z.date(),
    data,
  }) as unknown as z.ZodType<ReceivedEvent<D>>;
  return defineJob({
    ...options,
    name,
    payload,
    key: ({ documentId, id }) => `${documentId}:${id}`,
    run: (jobRun) => run(jobRun.payload),
  });
}

interface Polling {
  readonly connection: Connection;
  readonly sweepers: readonly Sweeper[];
  readonly jobs: Jobs;
  readonly log: Logger;
}

/** Sweeps what this process writes at once, and everything from time to time. Returns what wakes a sweeper. */
function addPolling({ connection, sweepers, jobs, log }: Polling): (collection: string) => void {
  let timer: NodeJS.Timeout | undefined;
  const running = new Set<Promise<unknown>>();

  const sweep = (sweeper: Sweeper): void => {
    const task = sweeper
      .sweep()
      .catch((error: unknown) =>
        log.error({ err: error, backlog: sweeper.name }, 'events could not be swept'),
      )
      .finally(() => running.delete(task));
    running.add(task);
  };
  const wake = (collection: string): void => {
    if (timer === undefined) return;
    for (const sweeper of sweepers) if (sweeper.name.split('.', 1)[0] === collection) sweep(sweeper);
  };
  connection.on(WRITTEN, wake);

  jobs.addSource({
    start() {
      // The timer does not hold the process: stop() ends the polling.
      timer ??= setInterval(() => sweepers.forEach(sweep), POLL_MS).unref();
      sweepers.forEach(sweep);
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      while (running.size > 0) await Promise.all(running);
    },
    async sweep() {
      let count = 0;
      for (const sweeper of sweepers) count += await sweeper.sweep();
      return count;
    },
  });
  return wake;
}
