import type { Logger } from 'pino';
import { MINUTE, type Clock } from '../../shared/clock.js';
import { Breaker } from './breaker.js';
import type { Executor, Outcome } from './execute.js';
import type { HeldJob, HeldLeases } from './held-leases.js';
import type { Job, Lane } from './job.js';
import type { JobsStore, LeasedJob } from './jobs.store.js';
import type { LeaseTokens } from './lease-tokens.js';
import { Notes } from './notes.js';

export interface LaneRunnerDeps {
  readonly store: JobsStore;
  readonly leases: HeldLeases;
  readonly tokens: Pick<LeaseTokens, 'next'>;
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

type LaneLimits = Pick<Lane, 'limit' | 'ahead' | 'notes'>;

/** Runs the jobs of one lane (and lane key) in this process; what happens in it does not hold up another. */
export class LaneRunner {
  readonly breaker: Breaker;
  readonly #id: string;
  readonly #deps: LaneRunnerDeps;
  readonly #lane: LaneLimits;
  readonly #tasks = new Set<Promise<void>>();
  /** Workers that wait for a slot, in turn. */
  readonly #queue: (() => void)[] = [];
  /** Leased, and taken by no worker yet. */
  readonly #ready: HeldJob[] = [];
  readonly #complete: (job: LeasedJob) => Promise<void>;
  #refill: Promise<void> | undefined;
  #running = 0;
  #newest = true;

  constructor(id: string, lane: LaneLimits, deps: LaneRunnerDeps) {
    this.#id = id;
    this.#lane = lane;
    this.#deps = deps;
    this.breaker = new Breaker(deps.random);
    const { store, clock } = deps;
    if (lane.notes === undefined) {
      this.#complete = (job) => store.complete(job, clock.now());
    } else {
      const notes = new Notes(lane.notes, {
        complete: (jobs) => store.completeMany(jobs, clock.now()),
        running: () => this.#running > 0,
      });
      this.#complete = (job) => notes.add(job);
    }
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
      if (held === null) break;
      // Where one job was due, more may be.
      this.employ();
      try {
        await this.#handle(held);
      } finally {
        held.noted.resolve();
        this.#deps.leases.remove(held);
      }
    }
    if (this.#tasks.size <= 1) await this.#releaseReady();
  }

  async #lease(): Promise<HeldJob | null> {
    if (this.#ready.length === 0) {
      this.#refill ??= this.#leaseSome().finally(() => (this.#refill = undefined));
      await this.#refill;
    }
    return this.#ready.shift() ?? null;
  }

  /** In turn the job that is due longest and the one that fell due last: a backlog holds up nothing new. */
  async #leaseSome(): Promise<void> {
    const { store, leases, tokens, clock, onLeased } = this.#deps;
    const { limit, ahead } = this.#lane;
    const workers = Math.max(1, this.#tasks.size);
    // A lane that is down is tried with one job. Where nothing runs yet, all slots are filled by one write.
    const many = ahead > 0 && this.#slots() === limit;
    const most = many ? Math.max(ahead, limit + ahead + 1 - workers) : 1;
    const newest = this.#newest;
    if (most % 2 === 1) this.#newest = !newest;
    const found = await store.lease({
      ...{ lane: this.#id, newest, most },
      lease: tokens.next(),
      now: clock.now(),
      until: leases.until(),
    });
    for (const job of found) {
      onLeased();
      this.#ready.push(leases.add(job));
    }
  }

  /** Gives back what no worker will take. */
  async #releaseReady(): Promise<void> {
    for (const held of this.#ready.splice(0)) {
      await this.#deps.store.release(held.job);
      held.noted.resolve();
      this.#deps.leases.remove(held);
    }
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
    else await executor.settle(job, held, outcome, this.#complete);
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
