export interface RoundsOptions {
  /** From the end of a round to the next, in milliseconds. */
  readonly everyMs: number;
  /** All that is due at this moment; long ones look whether they are asked to stop between two pieces. */
  readonly round: (stopping: () => boolean) => Promise<void>;
  /** A round failed; the next comes all the same. */
  readonly failed: (error: unknown) => void;
}

/**
 * Work that is done again and again behind the requests. Any number may go their rounds, in any number of
 * processes: what a round does can be done twice, or is leased.
 */
export class Rounds {
  readonly #options: RoundsOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = true;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  /** The first round begins at once. */
  start(): void {
    this.#stopped = false;
    this.wake();
  }

  /** Begins nothing new, and waits for the round under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Something is due now: no waiting for the next round. Nothing while one is under way, or none shall be. */
  wake(): void {
    if (this.#stopped || this.#running !== undefined) return;
    clearTimeout(this.#timer);
    this.#running = this.#options
      .round(() => this.#stopped)
      .catch((error: unknown) => {
        this.#options.failed(error);
      })
      .finally(() => {
        this.#running = undefined;
        // Does not hold the process: stop() is what ends the rounds.
        if (!this.#stopped) this.#timer = setTimeout(() => this.wake(), this.#options.everyMs).unref();
      });
  }
}
