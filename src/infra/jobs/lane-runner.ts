import type { Logger } from 'pino';
import { MINUTE, type Clock } from '../../shared/clock.js';
import { newToken } from '../../shared/ids.js';
import { Breaker } from './breaker.js';
import type { Executor, Outcome } from './execute.js';
import type { HeldJob, HeldLeases } from './held-leases.js';
import type { Job, Lane } from './job.js';
import type { JobsStore } from './jobs.store.js';

export interface LaneRunnerDeps {
  readonly store: JobsStore;
  readonly leases: HeldLeases;
  readonly executor: Executor;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
  readonly findJob: (name: string) => Job<unknown> | undefined;
  /** Whether new jobs may begin. */
  readonly mayBegin: () => boolean;
  /** Called for each job that is leased. */
  readonly onLeased: () => void;
}

/** A job that this version of the program does not know is left for another that does. */
const UNKNOWN_PAUSE_MS = MINUTE;

/** Runs the jobs of one lane (and lane key) in this process; what happens in it does not hold up another. */
export class LaneRunner {
  readonly breaker: Breaker;
  readonly #id: string;
  readonly #deps: LaneRunnerDeps;
  readonly #lane: Pick<Lane, 'limit' | 'ahead'>;
  readonly #tasks = new Set<Promise<void>>();
  /** Workers that wait for a slot, in turn. */
  readonly #queue: (() => void)[] = [];
  #running = 0;
  #newest = false;

  constructor(id: string, lane: Pick<Lane, 'limit' | 'ahead'>, deps: LaneRunnerDeps) {
    this.#id = id;
    this.#lane = lane;
    this.#deps = deps;
    this.breaker = new Breaker(deps.random);
  }

  get idle(): boolean {
    return this.#tasks.size === 0;
  }

  async settled(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }

  /** Adds a worker if there may be one more. */
  employ(): void {
    if (!this.#mayGoOn(this.#tasks.size + 1)) return;
    const task = this.#work()
      .catch((error: unknown) => {
        // The lease ends by itself; the job is run again then.
        this.#deps.log.error({ err: error, lane: this.#id }, 'a job was not settled');
      })
      .finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }

  #mayGoOn(workers: number): boolean {
    if (!this.#deps.mayBegin()) return false;
    const { limit, ahead } = this.#lane;
    const slots = this.#slots();
    return workers <= (slots === limit ? limit + ahead : slots);
  }

  #slots(): number {
    return this.breaker.slots(this.#deps.clock.now(), this.#lane.limit);
  }

  async #work(): Promise<void> {
    // A task counts itself from the moment it is in the set.
    while (this.#mayGoOn(Math.max(1, this.#tasks.size))) {
      const held = await this.#lease();
      if (held === null) return;
      // Where one job was due, more may be.
      this.employ();
      try {
        await this.#handle(held);
      } finally {
        this.#deps.leases.remove(held);
      }
    }
  }

  /** In turn the job that is due longest and the one that fell due last: a backlog holds up nothing new. */
  async #lease(): Promise<HeldJob | null> {
    const { store, leases, clock, onLeased } = this.#deps;
    this.#newest = !this.#newest;
    const leased = await store.lease({
      lane: this.#id,
      newest: this.#newest,
      lease: newToken(),
      now: clock.now(),
      until: leases.until(),
    });
    if (leased === null) return null;
    onLeased();
    return leases.add(leased);
  }

  async #handle(held: HeldJob): Promise<void> {
    const { store, executor, clock, findJob } = this.#deps;
    const job = findJob(held.job.name);
    if (job === undefined) {
      await store.release(held.job, new Date(clock.now().getTime() + UNKNOWN_PAUSE_MS));
      return;
    }
    const outcome = await this.#inSlot(job, held);
    if (outcome === null) await store.release(held.job);
    else await executor.settle(job, held, outcome);
  }

  /** Runs a job in a slot. Returns null if it is not to run now: the breaker has opened, or the runner stops. */
  async #inSlot(job: Job<unknown>, held: HeldJob): Promise<Outcome | null> {
    if (this.#running >= this.#lane.limit) await new Promise<void>((resolve) => this.#queue.push(resolve));
    // The job that was waited for may have opened the breaker; the one that tries a half-open lane runs already.
    if (this.#running >= this.#slots() || !this.#deps.mayBegin() || held.abort.signal.aborted) {
      this.#queue.shift()?.();
      return null;
    }
    this.#running += 1;
    try {
      const outcome = await this.#deps.executor.run(job, held);
      this.#judge(held, outcome);
      return outcome;
    } finally {
      this.#running -= 1;
      this.#queue.shift()?.();
    }
  }

  #judge({ job }: HeldJob, outcome: Outcome): void {
    const { clock, log } = this.#deps;
    if (outcome.kind === 'failed' && outcome.failure.internal) return;
    if (outcome.kind === 'done' || !outcome.failure.laneDown) {
      this.breaker.succeeded();
    } else if (this.breaker.failed(job.id, clock.now(), outcome.failure.retryAfterMs)) {
      log.warn(
        { lane: this.#id, until: this.breaker.openUntil },
        'a lane is down: its jobs wait for a while',
      );
    }
  }
}
