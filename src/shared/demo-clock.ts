import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from './clock.js';

/** Other processes see a move after this long. */
const LOOK_MS = 200;

/**
 * The clock of a demo: ahead of the real one by what a file says, so that all processes of the demo have one time, and a
 * button moves it on. It never goes back, for tokens would be of the future.
 */
export class DemoClock implements Clock {
  readonly #file: string;
  #ahead = 0;
  #lookedAt = 0;
  #changedAt = 0;

  constructor(file: string) {
    this.#file = file;
  }

  now(): Date {
    const real = Date.now();
    if (real - this.#lookedAt >= LOOK_MS) this.#look(real);
    return new Date(real + this.#ahead);
  }

  /** @throws RangeError for a move back */
  advance(milliseconds: number): void {
    if (!(milliseconds >= 0)) throw new RangeError('this clock only goes forward');
    this.#look(Date.now());
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(`${this.#file}.new`, String(this.#ahead + milliseconds));
    renameSync(`${this.#file}.new`, this.#file);
    this.#ahead += milliseconds;
  }

  #look(real: number): void {
    this.#lookedAt = real;
    try {
      const { mtimeMs } = statSync(this.#file);
      if (mtimeMs === this.#changedAt) return;
      this.#changedAt = mtimeMs;
      const ahead = Number(readFileSync(this.#file, 'utf8'));
      if (Number.isFinite(ahead)) this.#ahead = Math.max(ahead, this.#ahead);
    } catch {
      // Nobody has moved it yet.
    }
  }
}
