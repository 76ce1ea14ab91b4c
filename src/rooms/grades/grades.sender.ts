import type { Logger } from 'pino';
import type { Ags, Registrations, ScoreOutcome } from '../../lti/index.js';
import { DAY, HOUR, MINUTE, SECOND, type Clock } from '../../shared/clock.js';
import { newToken } from '../../shared/ids.js';
import { assertNever } from '../../shared/errors.js';
import type { GradeRow, GradesStore } from './grades.store.js';

export interface SenderDeps {
  readonly store: GradesStore;
  readonly ags: Ags;
  readonly registrations: Pick<Registrations, 'findOptionalById'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** 0 up to 1; spreads retries. */
  readonly random?: () => number;
}

/** Longer than a score takes with all its time-outs; a killed sender's row waits this long. */
const LEASE_MS = MINUTE;
/** How many scores travel at the same time. */
const CONCURRENCY = 6;
/** Looked at least this often, for other processes put grades in as well. */
const IDLE_MS = 2 * SECOND;
const FIRST_PAUSE_MS = 4 * SECOND;
const LONGEST_PAUSE_MS = HOUR;
/** Moodle counts timestamps in whole seconds. */
const CONFLICT_PAUSE_MS = 1.2 * SECOND;
const GIVE_UP_MS = 3 * DAY;

/**
 * Sends the outbox to the LMSs' gradebooks (AGS 2.0, 3.4). Any number of senders may run, in any number of
 * processes: each row is leased by one. Nothing is lost by a kill: the lease ends and another sends it again.
 */
export class GradesSender {
  readonly #deps: SenderDeps;
  readonly #running = new Set<Promise<unknown>>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = true;
  #filling: Promise<void> | undefined;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#stopped = false;
    this.nudge();
  }

  /** Begins nothing new, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#filling;
    await Promise.all(this.#running);
  }

  /** Something is due now. */
  nudge(): void {
    if (this.#stopped || this.#filling !== undefined) return;
    clearTimeout(this.#timer);
    this.#filling = this.#fill()
      .catch((error: unknown) => {
        this.#deps.log.error({ err: error }, 'grades: the outbox could not be read');
      })
      .finally(() => {
        this.#filling = undefined;
        if (this.#stopped) return;
        // Does not hold the process: stop() is what ends the sender.
        this.#timer = setTimeout(() => this.nudge(), IDLE_MS).unref();
      });
  }

  /** Sends all that is due at this moment, and returns when the last of it is settled. For tests and scripts. */
  async drain(): Promise<void> {
    for (;;) {
      const sent = await Promise.all(Array.from({ length: CONCURRENCY }, () => this.#sendOne()));
      if (!sent.includes(true)) return;
    }
  }

  async #fill(): Promise<void> {
    while (!this.#stopped && this.#running.size < CONCURRENCY) {
      const lease = newToken();
      const row = await this.#lease(lease);
      if (row === null) return;
      const task = this.#send(row, lease)
        .catch((error: unknown) => {
          // The lease runs out by itself; the row is tried again then.
          this.#deps.log.error({ err: error, row: row.id }, 'grades: a row could not be settled');
        })
        .finally(() => {
          this.#running.delete(task);
          this.nudge();
        });
      this.#running.add(task);
    }
  }

  async #sendOne(): Promise<boolean> {
    const lease = newToken();
    const row = await this.#lease(lease);
    if (row !== null) await this.#send(row, lease);
    return row !== null;
  }

  #lease(lease: string): Promise<GradeRow | null> {
    const now = this.#deps.clock.now();
    return this.#deps.store.lease(now, lease, new Date(now.getTime() + LEASE_MS));
  }

  async #send(row: GradeRow, lease: string): Promise<void> {
    const { store, clock, log } = this.#deps;
    const outcome = await this.#deliver(row);
    const now = clock.now();
    switch (outcome.kind) {
      case 'delivered':
        await store.settle(row, lease, now, {
          what: 'delivered',
          state: 'sent',
          deliveredAt: now,
          reason: '',
        });
        break;
      case 'refused':
        await store.settle(row, lease, now, { what: 'refused', state: 'failed', reason: outcome.reason });
        break;
      case 'conflict':
      case 'retry': {
        const { reason } = outcome;
        const dueAt = new Date(now.getTime() + this.#pause(outcome, row.tries));
        if (dueAt.getTime() - row.queuedAt.getTime() > GIVE_UP_MS) {
          await store.settle(row, lease, now, { what: 'gave up', state: 'failed', reason });
        } else {
          await store.settle(row, lease, now, { what: outcome.kind, dueAt, reason });
        }
        break;
      }
      default:
        assertNever(outcome);
    }
    // Ids and states only: reasons may quote what the LMS says of a person.
    log.info({ row: row.id, outcome: outcome.kind, tries: row.tries }, 'grade sent');
  }

  async #deliver(row: GradeRow): Promise<ScoreOutcome> {
    const registration = await this.#deps.registrations.findOptionalById(row.registrationId);
    if (registration?.state !== 'active') return { kind: 'refused', reason: 'platform disabled' };
    return this.#deps.ags.sendScore(registration, row.lineItem, {
      userId: row.sub,
      scoreGiven: row.scoreGiven,
      scoreMaximum: row.scoreMaximum,
      comment: row.comment === '' ? undefined : row.comment,
      timestamp: this.#deps.clock.now(),
      submittedAt: row.submittedAt,
    });
  }

  /** Doubles with every try, up to an hour, spread by a quarter; what the platform asks for goes first. */
  #pause(outcome: Extract<ScoreOutcome, { kind: 'retry' | 'conflict' }>, tries: number): number {
    const first = outcome.kind === 'conflict' ? CONFLICT_PAUSE_MS : FIRST_PAUSE_MS;
    const grown = Math.min(first * 2 ** Math.min(tries - 1, 20), LONGEST_PAUSE_MS);
    const spread = grown * (1 + 0.25 * (this.#deps.random ?? Math.random)());
    const asked = outcome.kind === 'retry' ? (outcome.retryAfterMs ?? 0) : 0;
    return Math.max(spread, Math.min(asked, DAY));
  }
}
