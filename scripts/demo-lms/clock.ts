import { systemClock, type Clock } from '../../src/shared/clock.js';

/** A clock that can be stopped and set forward or back, on top of another one. */
export class AdjustableClock implements Clock {
  readonly #base: Clock;
  #offset = 0;
  #frozenAt: number | null = null;

  constructor(base: Clock = systemClock) {
    this.#base = base;
  }

  now(): Date {
    return new Date(this.#frozenAt ?? this.#base.now().getTime() + this.#offset);
  }

  /** Stands still, now or at the given instant. */
  freeze(at: Date | string = this.now()): void {
    this.#frozenAt = new Date(at).getTime();
  }

  /** Moves by so many milliseconds (negative: back), frozen or running. */
  advance(milliseconds: number): void {
    if (this.#frozenAt === null) this.#offset += milliseconds;
    else this.#frozenAt += milliseconds;
  }

  /** Runs again, in step with the clock below. */
  reset(): void {
    this.#frozenAt = null;
    this.#offset = 0;
  }
}

export const seconds = (clock: Clock): number => Math.floor(clock.now().getTime() / 1000);

/** The server's time zone, as the recorded Moodle had it. */
const SERVER_OFFSET_HOURS = 3;
export const SERVER_OFFSET = '+03:00';

/** Whole seconds in the server's zone: 2026-11-23T08:32:16+03:00. */
export const serverTime = (milliseconds: number): string =>
  new Date(milliseconds + SERVER_OFFSET_HOURS * 3_600_000).toISOString().slice(0, 19) + SERVER_OFFSET;
