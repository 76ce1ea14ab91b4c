export interface RoundsOptions {
  /** From the end of a round to the next, in milliseconds. */
  readonly everyMs: number;
  /** Does all work that is due now; a long round checks between two steps whether it is to stop. */
  readonly round: (stopping: () => boolean) => Promise<void>;
  /** Called when a round fails; the next one starts in any case. */
  readonly failed: (error: unknown) => void;
}

/**
 * Runs work in the background at an interval. Any number may run, in any number of processes: the work of a round is
 * idempotent or leased.
 */
export class Rounds {
  readonly #options: RoundsOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = true;

  constructor(options: RoundsOptions) {
    this.#options = options;
  }

  /** Starts the first round at once. */
  start(): void {
    this.#stopped = false;
    this.wake();
  }

  /** Starts no more rounds and waits for the current one. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Starts the next round now. Does nothing during a round and after `stop`. */
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
        // The timer does not keep the process alive; stop() ends the rounds.
        if (!this.#stopped) this.#timer = setTimeout(() => this.wake(), this.#options.everyMs).unref();
      });
  }
}
