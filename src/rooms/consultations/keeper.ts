import type { Logger } from 'pino';
import { SECOND } from '../../shared/clock.js';
import type { Settling } from './settling.service.js';

const EVERY_MS = 30 * SECOND;

/**
 * Finishes what killed processes left unfinished. Any number of keepers may run: every step may be done twice.
 */
export class Keeper {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = true;

  constructor(
    private readonly settling: Pick<Settling, 'settle'>,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.#stopped = false;
    this.#turn();
  }

  /** Begins nothing new, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #turn(): void {
    this.#running = this.settling
      .settle()
      .catch((error: unknown) => {
        this.log.error({ err: error }, 'consultations: unfinished work could not be settled');
      })
      .finally(() => {
        if (this.#stopped) return;
        // Does not hold the process: stop() is what ends the keeper.
        this.#timer = setTimeout(() => this.#turn(), EVERY_MS).unref();
      });
  }
}
