import type { Logger } from 'pino';
import type { Clock } from '../../shared/clock.js';
import type { Backlog } from './backlog.js';
import type { SweepLeases } from './leases.store.js';

export interface SweeperDeps {
  readonly backlog: Backlog;
  readonly leases: SweepLeases;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Documents that are worked on side by side. */
const BATCH = 20;

/** Makes jobs of one backlog. Several calls at once share one sweep, and the one after it. */
export class Sweeper {
  readonly #deps: SweeperDeps;
  #running: Promise<number> | undefined;
  #next: Promise<number> | undefined;

  constructor(deps: SweeperDeps) {
    this.#deps = deps;
  }

  get name(): string {
    return this.#deps.backlog.name;
  }

  /** Returns how many documents were worked on: all that waited at the call, unless another process is at it. */
  sweep(): Promise<number> {
    if (this.#running === undefined) {
      this.#running = this.#sweep().finally(() => (this.#running = undefined));
      return this.#running;
    }
    // The sweep under way may have looked already.
    this.#next ??= this.#running
      .catch(() => 0)
      .then(() => {
        this.#next = undefined;
        return this.sweep();
      });
    return this.#next;
  }

  async #sweep(): Promise<number> {
    const { backlog, leases, clock } = this.#deps;
    // Most looks find nothing, and write nothing.
    if ((await backlog.find(1, clock.now(), [])).length === 0) return 0;
    const lease = await leases.take(backlog.name, clock.now());
    if (lease === null) return 0;
    try {
      return await this.#empty(lease);
    } finally {
      await leases.release(backlog.name, lease);
    }
  }

  async #empty(lease: string): Promise<number> {
    const { backlog, leases, clock, log } = this.#deps;
    const failed: unknown[] = [];
    for (let count = 0; ;) {
      const found = await backlog.find(BATCH, clock.now(), failed);
      if (found.length === 0) return count;
      await Promise.all(
        found.map(async (waiting) => {
          try {
            await backlog.handle(waiting);
            count += 1;
          } catch (error) {
            // The others go on; the next sweep tries this one again.
            failed.push(waiting._id);
            log.error({ err: error, backlog: backlog.name }, 'a document was not made into jobs');
          }
        }),
      );
      if (!(await leases.renew(backlog.name, lease, clock.now()))) return count;
    }
  }
}
