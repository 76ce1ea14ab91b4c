import type { Logger } from 'pino';
import type { Scores, Registrations, ScoreOutcome } from '../../lti/index.js';
import { MINUTE, SECOND, type Clock } from '../../shared/clock.js';
import { newToken } from '../../shared/ids.js';
import { assertNever } from '../../shared/errors.js';
import { Breaker, PLACES } from './breaker.js';
import { isHopeless, pauseAfter } from './pauses.js';
import type { GradeProblem, LeasedRow, Settlement } from './score-row.store.js';
import type { GradesStore } from './scores.store.js';

export interface SenderDeps {
  readonly store: GradesStore;
  readonly ags: Scores;
  readonly registrations: Pick<Registrations, 'findOptionalById'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** 0 up to 1; spreads retries. */
  readonly random?: () => number;
}

/** A killed sender's row waits this long. */
const LEASE_MS = MINUTE;
/** A row that has waited this long for a place is given back: the rest of its lease is for all the time-outs. */
const LONGEST_WAIT_MS = 8 * SECOND;
/** Rows on their way between outbox and LMS besides those that travel: places are not to wait for the database. */
const AHEAD = 4;
/** Looked at least this often, for other processes put grades in as well. */
const IDLE_MS = 2 * SECOND;
const SHORTEST_IDLE_MS = 50;
/** Moodle counts timestamps in whole seconds. */
const CONFLICT_PAUSE_MS = 1.2 * SECOND;

type Outcome =
  ScoreOutcome | { readonly kind: 'refused'; readonly problem: GradeProblem; readonly reason: string };

/** One platform's part of the work: what happens in it concerns no other. */
interface Lane {
  readonly registrationId: string;
  readonly breaker: Breaker;
  /** Those who lease, wait, send or settle. */
  workers: number;
  /** Places taken: scores that travel. */
  travelling: number;
  /** Who waits for a place, in turn. */
  readonly queue: (() => void)[];
  /** Turns with every row that is taken. */
  newest: boolean;
}

/**
 * Sends the outbox to the LMSs' gradebooks (AGS 2.0, 3.4). Any number of senders may run, in any number of
 * processes: each row is leased by one. Nothing is lost by a kill: the lease ends and another sends it again.
 * Each platform has places of its own, so that a slow or dead one holds up no other.
 */
export class GradesSender {
  readonly #deps: SenderDeps;
  readonly #random: () => number;
  readonly #lanes = new Map<string, Lane>();
  readonly #tasks = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = true;
  #draining = 0;
  #taken = 0;
  #looking: Promise<void> | undefined;
  #lookAgain = false;

  constructor(deps: SenderDeps) {
    this.#deps = deps;
    this.#random = deps.random ?? Math.random;
  }

  start(): void {
    this.#stopped = false;
    this.wake();
  }

  /** Begins nothing new, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
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
    this.#lookAgain = false;
    let idle = IDLE_MS;
    this.#looking = this.#look()
      .then((next) => {
        idle = Math.min(Math.max(next, SHORTEST_IDLE_MS), IDLE_MS);
      })
      .catch((error: unknown) => {
        this.#deps.log.error({ err: error }, 'grades: the outbox could not be read');
      })
      .finally(() => {
        this.#looking = undefined;
        if (this.#stopped) return;
        if (this.#lookAgain) this.wake();
        // Does not hold the process: stop() is what ends the sender.
        else this.#timer = setTimeout(() => this.wake(), idle).unref();
      });
  }

  /** Sends all that is due at this moment, and returns when the last of it is settled. For tests and scripts. */
  async drain(): Promise<void> {
    this.#draining += 1;
    try {
      for (let before = -1; before !== this.#taken;) {
        before = this.#taken;
        await this.#look();
        await this.#settled();
      }
    } finally {
      this.#draining -= 1;
    }
  }

  /** Platforms that are not asked just now, and until when. */
  get heldBack(): readonly { readonly registrationId: string; readonly until: Date }[] {
    return [...this.#lanes.values()].flatMap(({ registrationId, breaker: { openUntil: until } }) =>
      until === null ? [] : [{ registrationId, until }],
    );
  }

  async #settled(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }

  /** Sets every platform going that has something due. @returns milliseconds until the next one has */
  async #look(): Promise<number> {
    let next = IDLE_MS;
    const now = this.#deps.clock.now().getTime();
    for (const { registrationId, dueAt } of await this.#deps.store.waiting()) {
      if (dueAt.getTime() <= now) this.#employ(this.#lane(registrationId));
      else next = Math.min(next, dueAt.getTime() - now);
    }
    return next;
  }

  #lane(registrationId: string): Lane {
    const known = this.#lanes.get(registrationId);
    if (known !== undefined) return known;
    const lane = {
      registrationId,
      breaker: new Breaker(this.#random),
      workers: 0,
      travelling: 0,
      queue: [],
      newest: false,
    };
    this.#lanes.set(registrationId, lane);
    return lane;
  }

  #mayGoOn(lane: Lane, workers: number): boolean {
    if (this.#stopped && this.#draining === 0) return false;
    const places = lane.breaker.places(this.#deps.clock.now());
    return workers <= (places === PLACES ? PLACES + AHEAD : places);
  }

  /** One more for the platform's rows, if there is room. */
  #employ(lane: Lane): void {
    if (!this.#mayGoOn(lane, lane.workers + 1)) return;
    lane.workers += 1;
    const task = this.#work(lane)
      .catch((error: unknown) => {
        // The lease runs out by itself; the row is tried again then.
        this.#deps.log.error({ err: error, platform: lane.registrationId }, 'grades: a row was not settled');
      })
      .finally(() => {
        lane.workers -= 1;
        this.#tasks.delete(task);
      });
    this.#tasks.add(task);
  }

  async #work(lane: Lane): Promise<void> {
    while (this.#mayGoOn(lane, lane.workers)) {
      const row = await this.#lease(lane);
      if (row === null) return;
      this.#taken += 1;
      // Where there was one there may be more.
      this.#employ(lane);
      await this.#send(lane, row);
    }
  }

  /** In turn the row that waits longest and the one that fell due last: a backlog holds up nothing new. */
  #lease(lane: Lane): Promise<LeasedRow | null> {
    const now = this.#deps.clock.now();
    lane.newest = !lane.newest;
    return this.#deps.store.lease({
      registrationId: lane.registrationId,
      newest: lane.newest,
      lease: newToken(),
      now,
      until: new Date(now.getTime() + LEASE_MS),
    });
  }

  async #send(lane: Lane, row: LeasedRow): Promise<void> {
    const { store, clock, log } = this.#deps;
    const outcome = await this.#inPlace(lane, row);
    const now = clock.now();
    if (outcome === null) {
      await store.release(row);
      return;
    }
    await store.settle(row, now, this.#settlement(row, outcome, now));
    // Ids and states only: reasons may quote what the LMS says of a person.
    log.info({ row: row.id, outcome: outcome.kind, tries: row.tries }, 'grade sent');
  }

  /** @returns null when the row is not to be sent after all: the platform is left alone by now, or all are slow */
  async #inPlace(lane: Lane, row: LeasedRow): Promise<Outcome | null> {
    const { clock } = this.#deps;
    const since = clock.now().getTime();
    const full = (): boolean => lane.travelling >= PLACES;
    if (full()) await new Promise<void>((resolve) => lane.queue.push(resolve));
    // Whoever was waited for may have shown that the platform is unhealthy; one of half-open is on its way already.
    const now = clock.now();
    const late = now.getTime() - since > LONGEST_WAIT_MS;
    if (late || lane.travelling >= lane.breaker.places(now)) {
      lane.queue.shift()?.();
      return null;
    }
    lane.travelling += 1;
    try {
      const outcome = await this.#deliver(row);
      this.#judge(lane, row, outcome, clock.now());
      return outcome;
    } finally {
      lane.travelling -= 1;
      lane.queue.shift()?.();
    }
  }

  async #deliver(row: LeasedRow): Promise<Outcome> {
    const registration = await this.#deps.registrations.findOptionalById(row.registrationId);
    if (registration?.state !== 'active') return { kind: 'refused', problem: 'disabled', reason: '' };
    return this.#deps.ags.sendScore({ registration, scopes: row.scopes }, row.lineItem, {
      userId: row.sub,
      scoreGiven: row.scoreGiven,
      scoreMaximum: row.scoreMaximum,
      comment: row.comment === '' ? undefined : row.comment,
      timestamp: row.timestamp,
      submittedAt: row.submittedAt,
    });
  }

  #judge({ registrationId, breaker }: Lane, row: LeasedRow, outcome: Outcome, now: Date): void {
    if (outcome.kind !== 'retry' || !outcome.unhealthy) {
      breaker.well();
    } else if (breaker.unhealthy(row.id, now, outcome.retryAfterMs)) {
      this.#deps.log.warn(
        { platform: registrationId, until: breaker.openUntil },
        'grades: an LMS takes no grades, and is left alone for a while',
      );
    }
  }

  #settlement(row: LeasedRow, outcome: Outcome, now: Date): Settlement {
    switch (outcome.kind) {
      case 'delivered':
        return { what: 'delivered', state: 'sent', deliveredAt: now, problem: '', reason: '' };
      case 'refused':
        return { what: 'refused', state: 'failed', problem: outcome.problem ?? '', reason: outcome.reason };
      case 'conflict':
      case 'retry': {
        const told = { problem: outcome.problem ?? ('' as const), reason: outcome.reason };
        // Three days of trying: while the LMS was left alone, nothing was tried.
        const triedSince = row.triedSince ?? now;
        const dueAt = new Date(now.getTime() + this.#pause(outcome, row.tries));
        return isHopeless(triedSince, dueAt)
          ? { what: 'gave-up', state: 'failed', ...told }
          : { what: outcome.kind, dueAt, triedSince, ...told };
      }
      default:
        return assertNever(outcome);
    }
  }

  #pause(outcome: Extract<ScoreOutcome, { kind: 'retry' | 'conflict' }>, tries: number): number {
    return outcome.kind === 'conflict'
      ? pauseAfter(tries, this.#random(), 0, CONFLICT_PAUSE_MS)
      : pauseAfter(tries, this.#random(), outcome.retryAfterMs);
  }
}
