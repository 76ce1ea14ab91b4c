import type { Logger } from 'pino';
import { SECOND } from '../../../shared/clock.js';
import { Rounds } from '../../../shared/rounds.js';
import type { AttemptsService } from './attempts.service.js';
import type { ColumnsService } from '../tests/line-item-columns.service.js';
import type { ScorePublishing } from './score-publishing.service.js';

export interface WorkerDeps {
  readonly attempts: AttemptsService;
  readonly scorePublishing: ScorePublishing;
  readonly columns: ColumnsService;
  readonly log: Logger;
}

const PAUSE_MS = 5 * SECOND;
const BATCH = 50;

/**
 * Closes attempts that nobody closed, hands in grades that were left behind, and tells of columns that changed. Any
 * number of workers may run, in any number of processes: every step is one that can be done twice.
 */
export class AttemptsWorker {
  readonly #deps: WorkerDeps;
  readonly #rounds: Rounds;

  constructor(deps: WorkerDeps) {
    this.#deps = deps;
    this.#rounds = new Rounds({
      everyMs: PAUSE_MS,
      round: (stopping) => this.sweep(stopping),
      failed: (error) => deps.log.error({ err: error }, 'assessments: the sweep failed'),
    });
  }

  start(): void {
    this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** Does all that is due at this moment. */
  async sweep(stopping = (): boolean => false): Promise<void> {
    while ((await this.#closeBatch()) && !stopping());
    await this.#deps.scorePublishing.sweep();
    await this.#deps.columns.sweep();
  }

  /** @returns whether more may wait; a batch that made no headway is not tried again at once */
  async #closeBatch(): Promise<boolean> {
    const { attempts, log } = this.#deps;
    const found = await attempts.overdue(BATCH);
    let closed = 0;
    for (const attempt of found) {
      try {
        await attempts.closeIfOver(attempt);
        closed += 1;
      } catch (error) {
        log.error({ err: error, attempt: attempt.id }, 'assessments: an attempt could not be closed');
      }
    }
    return found.length === BATCH && closed > 0;
  }
}
