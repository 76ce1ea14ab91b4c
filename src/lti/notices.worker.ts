import { DAY, MINUTE, SECOND, type Clock } from '../shared/clock.js';
import { NOTICE } from './notices.js';
import type { Notice, NoticesStore } from './notices.store.js';

export interface NoticesWorkerDeps {
  readonly store: NoticesStore;
  readonly clock: Clock;
  /** A course was copied from others; may be told the same twice. */
  readonly onContextCopy: (notice: Notice) => Promise<void>;
  /** Told when a notice could not be worked on. */
  readonly onError: (error: unknown, noticeId: string) => void;
}

const PAUSE_MS = 5 * SECOND;
/** Then somebody has to look. */
const MOST_TRIES = 30;

/** Works on notices that were taken in. Any number may run, in any number of processes. */
export class NoticesWorker {
  readonly #deps: NoticesWorkerDeps;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #running: Promise<void> | undefined;

  constructor(deps: NoticesWorkerDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#stopped = false;
    this.#next(0);
  }

  /** Waits for the notice under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Works on all that is due at this moment. */
  async sweep(): Promise<void> {
    const { store, clock, onContextCopy, onError } = this.#deps;
    for (;;) {
      const notice = await store.lease(clock.now());
      if (notice === null) return;
      try {
        if (notice.type === NOTICE.contextCopy && notice.contextId !== '') await onContextCopy(notice);
        await store.settle(notice, { reason: '', retryAt: null });
      } catch (error) {
        onError(error, notice.noticeId);
        const pause = Math.min(MINUTE * 2 ** notice.tries, DAY / 8);
        const retryAt = notice.tries < MOST_TRIES ? new Date(clock.now().getTime() + pause) : null;
        await store.settle(notice, { reason: 'failed', retryAt });
      }
      if (this.#stopped) return;
    }
  }

  #next(pause: number): void {
    // Does not hold the process: stop() is what ends the worker.
    this.#timer = setTimeout(() => {
      this.#running = this.sweep()
        .catch((error: unknown) => {
          this.#deps.onError(error, '');
        })
        .finally(() => {
          if (!this.#stopped) this.#next(PAUSE_MS);
        });
    }, pause).unref();
  }
}
