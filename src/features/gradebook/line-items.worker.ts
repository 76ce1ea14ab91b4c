import type { Logger } from 'pino';
import { LineItemError, type LineItems, type Registrations } from '../../lti/index.js';
import { MINUTE, SECOND, type Clock } from '../../shared/clock.js';
import { newToken } from '../../shared/ids.js';
import { Rounds } from '../../shared/rounds.js';
import type { ResourceLink } from '../launch/index.js';
import { seekLineItem, type Seeking } from './line-items.seek.js';
import type { LeasedLineItem, LineItemProblem, LineItemsStore } from './line-items.store.js';
import { isHopeless, pauseAfter } from './pauses.js';

export interface LineItemsWorkerDeps extends Pick<Seeking, 'kinds' | 'republishScores' | 'forget'> {
  readonly store: LineItemsStore;
  readonly lineItems: LineItems;
  readonly registrations: Pick<Registrations, 'findOptionalById'>;
  readonly findLink: (courseId: string, id: string) => Promise<ResourceLink | null>;
  readonly clock: Clock;
  readonly log: Logger;
  /** 0 up to 1; spreads retries. */
  readonly random?: () => number;
}

/** Longer than the calls between two renewals take at most; a killed worker's link waits this long. */
const LEASE_MS = 2 * MINUTE;
/** Looked at least this often, for other processes ask as well. */
const IDLE_MS = 5 * SECOND;

/**
 * Finds or makes the gradebook columns that launches do not name, and keeps those it has made at one with their
 * tests (AGS 2.0, 3.2). Any number may run, in any number of processes: each link is leased by one, which searches
 * before it makes anything, so that what a killed one has made is found. Platforms are worked on side by side, each
 * in its own time; one that is unhealthy is left alone till the next round.
 */
export class LineItemsWorker {
  readonly #deps: LineItemsWorkerDeps;
  readonly #rounds: Rounds;
  readonly #lanes = new Map<string, Promise<void>>();
  #stopping = true;

  constructor(deps: LineItemsWorkerDeps) {
    this.#deps = deps;
    this.#rounds = new Rounds({
      everyMs: IDLE_MS,
      round: () => this.#look(),
      failed: (error) => deps.log.error({ err: error }, 'line items: the sweep failed'),
    });
  }

  start(): void {
    this.#stopping = false;
    this.#rounds.start();
  }

  /** Begins nothing new, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#rounds.stop();
    await Promise.all(this.#lanes.values());
  }

  wake(): void {
    this.#rounds.wake();
  }

  /** Does all that is due at this moment. For tests and scripts. */
  async sweep(): Promise<void> {
    const before = this.#stopping;
    this.#stopping = false;
    try {
      await this.#look();
      await Promise.all(this.#lanes.values());
    } finally {
      this.#stopping = before;
    }
  }

  async #look(): Promise<void> {
    const now = this.#deps.clock.now();
    for (const { registrationId, dueAt } of await this.#deps.store.waiting()) {
      if (dueAt > now || this.#lanes.has(registrationId)) continue;
      const lane = this.#lane(registrationId)
        .catch((error: unknown) => {
          // The lease runs out by itself.
          this.#deps.log.error({ err: error, platform: registrationId }, 'line items: one was not settled');
        })
        .finally(() => this.#lanes.delete(registrationId));
      this.#lanes.set(registrationId, lane);
    }
  }

  async #lane(registrationId: string): Promise<void> {
    const { store, clock } = this.#deps;
    while (!this.#stopping) {
      const now = clock.now();
      const row = await store.lease(registrationId, newToken(), now, this.#until());
      if (row === null || !(await this.#work(row))) return;
    }
  }

  readonly #until = (): Date => new Date(this.#deps.clock.now().getTime() + LEASE_MS);

  /** @returns whether the platform answers */
  async #work(row: LeasedLineItem): Promise<boolean> {
    const { store, clock, log } = this.#deps;
    try {
      const known = await this.#seek(row);
      if (known === null) return true;
      await store.settle(row, clock.now(), null, {
        tries: 0,
        triedSince: null,
        problem: '',
        reason: '',
        ...known,
      });
      log.info({ lineItem: row.id, problem: known.problem ?? '' }, 'line item looked after');
      return true;
    } catch (error) {
      if (!(error instanceof LineItemError)) throw error;
      await this.#failed(row, error);
      return !error.retryable;
    }
  }

  async #seek(row: LeasedLineItem): ReturnType<typeof seekLineItem> {
    const { store, registrations, findLink } = this.#deps;
    const [registration, link] = await Promise.all([
      registrations.findOptionalById(row.registrationId),
      findLink(row.courseId, row.linkId),
    ]);
    if (registration?.state !== 'active') return { problem: 'disabled' };
    if (link === null) return {};
    return seekLineItem(
      {
        ...this.#deps,
        access: { registration, scopes: link.scopes },
        note: (known) => store.renew(row, this.#until(), known),
      },
      row,
      link,
    );
  }

  async #failed(row: LeasedLineItem, error: LineItemError): Promise<void> {
    const { store, clock, log } = this.#deps;
    const { retryable, message: reason, retryAfterMs } = error;
    const now = clock.now();
    const triedSince = row.triedSince ?? now;
    const random = (this.#deps.random ?? Math.random)();
    const next = new Date(now.getTime() + pauseAfter(row.tries, random, retryAfterMs));
    const dueAt = retryable && !isHopeless(triedSince, next) ? next : null;
    const problem: LineItemProblem = error.problem;
    await store.settle(row, now, dueAt, { problem, reason, triedSince });
    // Ids and states only: reasons may quote what the LMS says.
    log.warn({ lineItem: row.id, retryable, problem, tries: row.tries }, 'line item not looked after');
  }
}
