import type { Actor } from '../../../shared/actor.js';
import { conflict, forbidden, notFound } from '../../../shared/errors.js';
import { closeAtOf, demandNetwork, isOver, mayEdit } from '../assessments.policy.js';
import { createAnswering, type Answering } from './answering.service.js';
import type { AttemptWithQuestions } from './attempt-questions.js';
import { createAttemptTime, type AttemptTime, type AttemptTimeDeps } from './attempt-time.service.js';
import { isOpen, type Attempt, type LogEntry } from './attempt.js';
import type { Below } from './shuffle.js';
import { createStarting, type Starting } from './starting.service.js';

export interface AttemptsServiceDeps extends AttemptTimeDeps {
  readonly below: Below;
}

/** Attempts: starting, answering, and what teachers do with them. */
export interface AttemptsService extends Starting, Answering, Pick<AttemptTime, 'closeIfOver'> {
  /**
   * An attempt to look at or go on with: the student's own, or anybody's for those who teach. One whose time
   * is over is closed first.
   * @throws DomainError `not-found`; `network-refused` (403) for one's own open attempt, from another network
   */
  open(actor: Actor, testId: string, id: string): Promise<AttemptWithQuestions>;
  /** Notes what the browser tells: the focus was lost, a text was pasted. */
  note(actor: Actor, testId: string, id: string, entries: readonly Omit<LogEntry, 'at'>[]): Promise<void>;
  /** Notes from where an attempt is answered, when that has changed. */
  noteOrigin(paper: AttemptWithQuestions, what: string): Promise<void>;
  /**
   * Lets an attempt go on that ended by its time, when the student has time again.
   * @throws DomainError `attempt-no-time` (409): its time is over, so an override must give more first;
   *   `attempt-not-reopened` (409): it was handed in, or another attempt is open
   */
  reopen(actor: Actor, testId: string, id: string): Promise<void>;
  /**
   * Removes an attempt, for a reason that is kept. It makes no grade any more, and another may be made in its place.
   * @throws DomainError `not-found`; `forbidden`; `attempt-removed` (409)
   */
  remove(actor: Actor, testId: string, id: string, why: string): Promise<Attempt>;
}

export function createAttemptsService(deps: AttemptsServiceDeps): AttemptsService {
  const { attempts, clock } = deps;
  const time = createAttemptTime(deps);

  return {
    ...createStarting({ ...deps, time }),
    ...createAnswering({ ...deps, time }),
    closeIfOver: (attemptId) => time.closeIfOver(attemptId),

    async open(actor, testId, id) {
      const found = await time.settle(await time.find(actor, testId, id));
      const answers = found.attempt.personId === actor.personId && isOpen(found.attempt);
      if (answers) demandNetwork(found.test, actor);
      return found;
    },

    async note(actor, testId, id, entries) {
      const own = await time.findOwn(actor, testId, id);
      const at = clock.now();
      if (!isOpen(own.attempt)) return;
      await attempts.log(
        own.attempt,
        entries.map((entry) => ({ ...entry, at })),
      );
    },

    async noteOrigin({ attempt }, what) {
      const last = attempt.log?.filter(({ kind }) => kind === 'seen').at(-1);
      if (last?.what === what || !isOpen(attempt)) return;
      await attempts.log(attempt, [{ at: clock.now(), kind: 'seen', what }]);
    },

    async reopen(actor, testId, id) {
      const found = await time.find(actor, testId, id);
      if (isOver(found.deadline, clock.now())) throw conflict('attempt-no-time');
      if (!(await attempts.reopen(found.attempt, closeAtOf(found.deadline)))) {
        throw conflict('attempt-not-reopened');
      }
    },

    async remove(actor, testId, id, why) {
      if (!mayEdit(actor)) throw forbidden();
      const attempt = await attempts.findOptional(actor.courseId, testId, id);
      if (attempt === null) throw notFound();
      const removed = await attempts.remove(attempt, { at: clock.now(), by: actor.personId, why });
      if (removed === null) throw conflict('attempt-removed');
      return removed;
    },
  };
}
