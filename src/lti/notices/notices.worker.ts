import { DAY, MINUTE, SECOND, type Clock } from '../../shared/clock.js';
import { Rounds } from '../../shared/rounds.js';
import { NOTICE } from './notices.js';
import type { Notice, NoticesStore } from './notices.store.js';

export interface NoticesWorkerDeps {
  readonly store: NoticesStore;
  readonly clock: Clock;
  /** Called for a course that was copied from others; may be called twice for the same notice. */
  readonly onContextCopy: (notice: Notice) => Promise<void>;
  /** Called when a notice could not be processed. */
  readonly onError: (error: unknown, noticeId: string) => void;
}

const PAUSE_MS = 5 * SECOND;
/** After this many attempts an administrator has to act. */
const MAX_TRIES = 30;

/** Processes received notices. Any number of workers may run, in any number of processes. */
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

  /** Processes all notices that are due now. */
  async sweep(stopping = (): boolean => false): Promise<void> {
    const { store, clock, onContextCopy, onError } = this.#deps;
    for (;;) {
      const notice = await store.lease(clock.now());
      if (notice === null) return;
      try {
        if (notice.type === NOTICE.contextCopy && notice.contextId !== '') await onContextCopy(notice);
        await store.finish(notice, { reason: '', retryAt: null });
      } catch (error) {
        onError(error, notice.noticeId);
        const pause = Math.min(MINUTE * 2 ** notice.tries, DAY / 8);
        const retryAt = notice.tries < MAX_TRIES ? new Date(clock.now().getTime() + pause) : null;
        await store.finish(notice, { reason: 'failed', retryAt });
      }
      if (stopping()) return;
    }
  }
}
