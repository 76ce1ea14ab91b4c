import type { Logger } from 'pino';
import { SECOND, type Clock } from '../../shared/clock.js';
import type { ClockRepair } from './clock-repair.js';
import type { EndedHolders } from './ended-holders.js';
import { createExecutor, type Executor } from './execute.js';
import { HeldLeases } from './held-leases.js';
import { defineLane, type Job, type Lane } from './job.js';
import type { JobsStore } from './jobs.store.js';
import { LaneRunner } from './lane-runner.js';
import type { LeaseTokens } from './lease-tokens.js';
import type { Schedule } from './schedule.js';

export interface RunnerDeps {
  readonly store: JobsStore;
  readonly repair: ClockRepair;
  readonly tokens: LeaseTokens;
  readonly ended: EndedHolders;
  readonly clock: Clock;
  readonly log: Logger;
  readonly random: () => number;
}

/** Something that makes jobs: it is started, stopped and drained with the runner. */
export interface JobSource {
  start(): void;
  stop(): Promise<void>;
  /** Makes jobs of all that waits at this moment. Returns how much there was. */
  sweep(): Promise<number>;
}

/** A lane whose breaker is open in this process. */
export interface LaneDown {
  readonly lane: string;
  readonly until: Date;
}

/** Other processes enqueue as well, so the queue is read at least this often; more often while there is work. */
const LONGEST_IDLE_MS = 2 * SECOND;
const SHORTEST_IDLE_MS = 50;
const FIRST_IDLE_MS = 250;

/** Finds out which lanes have something due, and sets them going. Any number may run, in any number of processes. */
export class Runner {
  readonly #deps: RunnerDeps;
  readonly #leases: HeldLeases;
  readonly #executor: Executor;
  readonly #jobs = new Map<string, Job<unknown>>();
  readonly #limits = new Map<string, Lane>();
  readonly #lanes = new Map<string, LaneRunner>();
  readonly #schedules: Schedule[] = [];
  readonly #sources: JobSource[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** When the timer ends, by the clock of timers. */
  #timerAt = Infinity;
  #stopped = true;
  #draining = 0;
  #leased = 0;
  #idleMs = FIRST_IDLE_MS;
  #looking: Promise<void> | undefined;
  #lookAgain = false;

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
    const { store, clock, log } = deps;
    this.#leases = new HeldLeases({
      store,
      clock,
      onError: (error) => log.error({ err: error }, 'leases of jobs could not be renewed'),
    });
    this.#executor = createExecutor({
      ...deps,
      leases: this.#leases,
      onRetryAt: (at) => this.#wakeBy(at),
    });
  }

  /** @throws Error when two jobs have one name, or two lanes with different limits */
  register(job: Job<unknown>): void {
    if (this.#jobs.has(job.name)) throw new Error(`there are two jobs named ${job.name}`);
    const { lane } = job;
    const known = this.#limits.get(lane.name);
    if (known !== undefined && known !== lane) throw new Error(`there are two lanes named ${lane.name}`);
    this.#jobs.set(job.name, job);
    this.#limits.set(lane.name, lane);
  }

  get jobNames(): readonly string[] {
    return [...this.#jobs.keys()];
  }

  addSchedule(schedule: Schedule): void {
    this.#schedules.push(schedule);
  }

  addSource(source: JobSource): void {
    this.#sources.push(source);
  }

  start(): void {
    this.#stopped = false;
    for (const source of this.#sources) source.start();
    this.wake();
  }

  /** Begins nothing new, and waits for what runs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#sources.map((source) => source.stop()));
    await this.#looking;
    await this.#settled();
  }

  /** Something is due now. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#looking !== undefined) {
      this.#lookAgain = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#timerAt = Infinity;
    this.#lookAgain = false;
    let idleMs = LONGEST_IDLE_MS;
    this.#looking = this.#look()
      .then((next) => {
        idleMs = Math.max(next, SHORTEST_IDLE_MS);
      })
      .catch((error: unknown) => {
        this.#deps.log.error({ err: error }, 'the queue of jobs could not be read');
      })
      .finally(() => {
        this.#looking = undefined;
        if (this.#stopped) return;
        if (this.#lookAgain) this.wake();
        else this.#setTimer(idleMs);
      });
  }

  /** Looks at this moment or before. */
  #wakeBy(at: Date): void {
    const ms = Math.max(at.getTime() - this.#deps.clock.now().getTime(), 0);
    // A look that is under way sets the timer when it ends; that one is not far.
    if (!this.#stopped && this.#looking === undefined && performance.now() + ms < this.#timerAt)
      this.#setTimer(ms);
  }

  #setTimer(ms: number): void {
    clearTimeout(this.#timer);
    this.#timerAt = performance.now() + ms;
    // The timer does not hold the process: stop() ends the runner.
    this.#timer = setTimeout(() => this.wake(), ms).unref();
  }

  /** Runs all that is due at this moment, with what that makes due at once, and returns when it has ended. */
  async drain(): Promise<void> {
    this.#draining += 1;
    try {
      for (let before = -1, swept = 0; swept > 0 || before !== this.#leased;) {
        swept = 0;
        for (const source of this.#sources) swept += await source.sweep();
        before = this.#leased;
        await this.#look();
        await this.#settled();
      }
    } finally {
      this.#draining -= 1;
    }
  }

  get lanesDown(): LaneDown[] {
    return [...this.#lanes].flatMap(([lane, { breaker }]) =>
      breaker.openUntil === null ? [] : [{ lane, until: breaker.openUntil }],
    );
  }

  async #settled(): Promise<void> {
    while ([...this.#lanes.values()].some(({ idle }) => !idle)) {
      await Promise.all([...this.#lanes.values()].map((lane) => lane.settled()));
    }
  }

  /** Sets every lane going that has something due. Returns milliseconds until the next look. */
  async #look(): Promise<number> {
    const { store, clock, repair, ended } = this.#deps;
    const now = clock.now();
    const leasedBefore = this.#leased;
    await repair.check(
      now,
      this.#schedules.map(({ job }) => job.name),
    );
    await ended.check(now);
    await this.#enqueueSlots(now);
    let next = Infinity;
    for (const { lane, runAt } of await store.waitingLanes()) {
      if (runAt.getTime() <= now.getTime()) next = Math.min(next, this.#employ(lane, now));
      else next = Math.min(next, runAt.getTime() - now.getTime());
    }
    for (const [id, lane] of this.#lanes) {
      if (lane.idle && lane.breaker.pristine) this.#lanes.delete(id);
    }
    this.#idleMs = this.#leased > leasedBefore ? FIRST_IDLE_MS : Math.min(this.#idleMs * 2, LONGEST_IDLE_MS);
    return Math.min(next, this.#idleMs);
  }

  /** Returns milliseconds until the lane is to be looked at again, if that is known. */
  #employ(id: string, now: Date): number {
    let lane = this.#lanes.get(id);
    if (lane === undefined) {
      const limits = this.#limits.get(id.split(':', 1)[0] ?? '') ?? defineLane({ name: id, limit: 1 });
      lane = new LaneRunner(id, limits, {
        ...this.#deps,
        leases: this.#leases,
        executor: this.#executor,
        findJob: (name) => this.#jobs.get(name),
        mayBegin: () => !this.#stopped || this.#draining > 0,
        onLeased: () => (this.#leased += 1),
      });
      this.#lanes.set(id, lane);
    }
    lane.employ();
    const until = lane.breaker.openUntil?.getTime() ?? Infinity;
    return until > now.getTime() ? until - now.getTime() : Infinity;
  }

  /** Together, for their writes share commits: after a start nothing runs before. */
  async #enqueueSlots(now: Date): Promise<void> {
    await Promise.all(
      this.#schedules.map(async (schedule) => {
        const slot = schedule.due(now);
        if (slot === null) return;
        const { job } = schedule;
        const key = slot.toISOString();
        const payload = { slot: key };
        await this.#deps.store.enqueueOnce(
          { name: job.name, key, lane: job.lane.name, payload, seq: undefined, runAt: slot },
          now,
        );
        schedule.enqueued(slot);
      }),
    );
  }
}
