import type { Actor } from '../../../shared/actor.js';
import { badInput, conflict, DomainError, forbidden, notFound } from '../../../shared/errors.js';
import { fold } from '../../../shared/folding.js';
import {
  closeAtOf,
  deadlineOf,
  demandNetwork,
  mayAttempt,
  maySeeResults,
  standingOf,
} from '../assessments.policy.js';
import type { Test } from '../tests/tests.store.js';
import type { AttemptTime, AttemptTimeDeps } from './attempt-time.service.js';
import { assignQuestions } from './attempt-questions.js';
import { isOpen, MOST_ATTEMPTS, type Attempt, type AttemptSummary } from './attempt.js';
import type { Below } from './shuffle.js';

/** What the student says before an attempt starts. */
export interface Start {
  readonly code?: string;
  /** That the work is their own. */
  readonly pledge?: boolean;
}

/** A student's tests, and the way into an attempt. */
export interface Starting {
  /** A published test and one's own attempts at it. @throws DomainError `test-not-published`, `not-found` */
  ownTest(actor: Actor, testId: string): Promise<{ test: Test; attempts: Attempt[] }>;
  /** The tests a student sees, with the own attempts at each. */
  ownTests(actor: Actor): Promise<{ test: Test; attempts: AttemptSummary[] }[]>;
  /**
   * Starts an attempt, or returns the one that is open. However many ask at once, one is made.
   * @throws DomainError `test-not-open`, `test-closed`, `no-attempts-left`, `attempt-delayed` (409);
   *   `network-refused` (403); `wrong-access-code` (403, field `code`); `bad-input` on `pledge`; `test-not-published` (404);
   *   `forbidden` for those who teach
   */
  start(actor: Actor, testId: string, said?: Start): Promise<Attempt>;
}

export interface StartingDeps extends AttemptTimeDeps {
  /** Deals questions and answers. */
  readonly below: Below;
  readonly time: AttemptTime;
}

/** Students do not see what a teacher has removed, and may make another in its place. */
const isKept = ({ removed }: AttemptSummary): boolean => removed === undefined;

/** @throws DomainError for whatever stands in the way of a new attempt; see `start` */
function demandStartable(test: Test, own: readonly Attempt[], now: Date, { code, pledge }: Start): void {
  if (test.state !== 'published') throw notFound('test-not-published');
  if (test.givenMaximum !== undefined) throw conflict('test-given');
  const standing = standingOf(test, own.filter(isKept), now);
  if (standing === 'notYet') throw conflict('test-not-open');
  if (standing === 'closed') throw conflict('test-closed');
  if (standing === 'noneLeft') throw conflict('no-attempts-left');
  if ((own.at(-1)?.number ?? 0) >= MOST_ATTEMPTS) throw conflict('attempts-capped');
  if (standing === 'delayed') throw conflict('attempt-delayed');
  if (test.accessCode !== '' && fold(code ?? '', 'answer') !== fold(test.accessCode, 'answer')) {
    throw new DomainError('wrong-access-code', 403, { fields: { code: 'errors.field.accessCode' } });
  }
  if (test.pledge && pledge !== true) throw badInput({ pledge: 'errors.field.pledge' });
}

export function createStarting(deps: StartingDeps): Starting {
  const { tests, questions, attempts, clock, time } = deps;

  async function forActor(actor: Actor, test: Test): Promise<Test> {
    return (await deps.forPerson(actor.courseId, actor.personId, [test]))[0] ?? test;
  }

  async function insert(actor: Actor, test: Test, number: number, now: Date): Promise<Attempt | null> {
    const keys = test.items.map(({ key }) => key);
    const [current, pool] = await Promise.all([
      questions.current(actor.courseId, keys),
      (test.draws ?? []).length === 0 ? [] : questions.recent(test.courseId),
    ]);
    return attempts.insert({
      courseId: actor.courseId,
      testId: test.id,
      personId: actor.personId,
      number,
      startedAt: now,
      closeAt: closeAtOf(deadlineOf(test, now)),
      ...(test.certainty && { certainty: true as const }),
      ...(actor.onTrial === true && { onTrial: true as const }),
      ...assignQuestions(test, current, pool, deps.below),
    });
  }

  return {
    async ownTest(actor, testId) {
      const [test, own] = await Promise.all([
        tests.findOptional(actor.courseId, testId),
        attempts.ofPerson(actor.courseId, testId, actor.personId),
      ]);
      if (test === null) throw notFound();
      if (test.state !== 'published' && own.length === 0 && !maySeeResults(actor)) {
        throw notFound('test-not-published');
      }
      return { test: await forActor(actor, test), attempts: own.filter(isKept) };
    },

    async ownTests(actor) {
      const [published, own] = await Promise.all([
        tests.ofCourse(actor.courseId, ['published']),
        attempts.listForPersonInCourse(actor.courseId, actor.personId),
      ]);
      return (await deps.forPerson(actor.courseId, actor.personId, published)).map((test) => ({
        test,
        attempts: own
          .filter((attempt) => attempt.testId === test.id && isKept(attempt))
          .sort((a, b) => a.number - b.number),
      }));
    },

    async start(actor, testId, said = {}) {
      if (!mayAttempt(actor)) throw forbidden('attempt-role');
      const found = await tests.findOptional(actor.courseId, testId);
      if (found === null) throw notFound();
      const test = await forActor(actor, found);
      for (;;) {
        const now = clock.now();
        const own = await attempts.ofPerson(actor.courseId, testId, actor.personId);
        const open = own.find(isOpen);
        demandNetwork(test, actor);
        if (open) {
          const { attempt } = await time.settle(await time.layOut(open));
          if (isOpen(attempt)) return attempt;
          continue;
        }
        demandStartable(test, own, now, said);
        const made = await insert(actor, test, (own.at(-1)?.number ?? 0) + 1, now);
        if (made !== null) return made;
        // Another window of the student was quicker. Its attempt is found in the next round.
      }
    },
  };
}
