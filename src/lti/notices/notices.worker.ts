import { DAY, MINUTE, SECOND, type Clock } from '../../shared/clock.js';
import { Rounds } from '../../shared/rounds.js';
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
  readonly #rounds: Rounds;

  constructor(deps: NoticesWorkerDeps) {
    this.#deps = deps;
    this.#rounds = new Rounds({
      everyMs: PAUSE_MS,
      round: (stopping) => this.sweep(stopping),
      failed: (error) => deps.onError(error, ''),
    });
  }

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Works on all that is due at this moment. */
  async sweep(stopping = (): boolean => false): Promise<void> {
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
      if (stopping()) return;
    }
  }
}
