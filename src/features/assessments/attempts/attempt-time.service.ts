import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { conflict, forbidden, notFound } from '../../../shared/errors.js';
import {
  closeAtOf,
  deadlineOf,
  demandNetwork,
  isOver,
  maySeeAttempt,
  overdueEnd,
} from '../assessments.policy.js';
import type { QuestionsStore } from '../bank/questions.store.js';
import type { Test, TestsStore } from '../tests/tests.store.js';
import { marked, type AttemptWithQuestions } from './attempt-questions.js';
import { cachedVersions } from './assigned.js';
import { isOpen, type Attempt, type FinishedBy } from './attempt.js';
import type { AttemptsStore } from './attempts.store.js';

/** Tests as they are for a student: with what is other for them or their groups. */
export type ForPerson = (courseId: string, personId: string, tests: readonly Test[]) => Promise<Test[]>;

export interface AttemptTimeDeps {
  readonly tests: TestsStore;
  readonly questions: QuestionsStore;
  readonly attempts: AttemptsStore;
  readonly clock: Clock;
  readonly forPerson: ForPerson;
}

/** Attempts laid out, and what becomes of them with time. */
export interface AttemptTime {
  /** An attempt that the actor may see, as it is stored. @throws DomainError `not-found` */
  find(actor: Actor, testId: string, id: string): Promise<AttemptWithQuestions>;
  /** The student's own attempt, to be changed. @throws DomainError `not-found`, `forbidden`, `network-refused` */
  findOwn(actor: Actor, testId: string, id: string): Promise<AttemptWithQuestions>;
  layOut(attempt: Attempt): Promise<AttemptWithQuestions>;
  /**
   * Hands an open attempt in, with the marks of the answers that are stored at that moment.
   * @returns the finished attempt, also if another request finished it
   */
  close(open: AttemptWithQuestions, by: FinishedBy): Promise<AttemptWithQuestions>;
  /** Does what the test's rule says when the time is over: hands in, waits as overdue, or abandons. */
  settle(found: AttemptWithQuestions): Promise<AttemptWithQuestions>;
  /**
   * Refuses an attempt that is not in progress any more.
   * @throws DomainError `attempt-finished`, `attempt-over`, `attempt-overdue`, `attempt-abandoned` (409)
   */
  demandOpen(own: AttemptWithQuestions): Promise<void>;
  /** Closes an attempt whose time is over. If the teacher has given more time since, it is closed later. */
  closeIfOver(attemptId: string): Promise<void>;
}

export function createAttemptTime(deps: AttemptTimeDeps): AttemptTime {
  const { tests, attempts, clock } = deps;
  const versionsOf = cachedVersions(deps.questions);

  /** Tests of attempts may be drafts again, or removed: what was begun can be ended and seen. */
  async function layOut(attempt: Attempt): Promise<AttemptWithQuestions> {
    const [found, all] = await Promise.all([
      tests.findMany(attempt.courseId, [attempt.testId]),
      versionsOf(
        attempt.courseId,
        attempt.questions.map(({ versionId }) => versionId),
      ),
    ]);
    const [test] = await deps.forPerson(attempt.courseId, attempt.personId, found);
    const byId = new Map(all.map((version) => [version.id, version]));
    const versions = attempt.questions.flatMap(({ versionId }) => byId.get(versionId) ?? []);
    if (test === undefined || versions.length < attempt.questions.length) {
      throw new Error(`attempt ${attempt.id}: its test or questions are missing`);
    }
    return { test, attempt, versions, deadline: deadlineOf(test, attempt.startedAt) };
  }

  async function find(actor: Actor, testId: string, id: string): Promise<AttemptWithQuestions> {
    const attempt = await attempts.findOptional(actor.courseId, testId, id);
    if (attempt === null || !maySeeAttempt(actor, attempt)) throw notFound();
    return layOut(attempt);
  }

  async function readAgain({ courseId, testId, id }: Attempt): Promise<Attempt> {
    const found = await attempts.findOptional(courseId, testId, id);
    if (found === null) throw notFound();
    return found;
  }

  async function close(open: AttemptWithQuestions, by: FinishedBy): Promise<AttemptWithQuestions> {
    const { deadline, versions, test } = open;
    let { attempt } = open;
    while (isOpen(attempt)) {
      const now = clock.now();
      // What arrives within the grace was given in time.
      const finishedAt =
        attempt.state === 'inProgress' && deadline !== null && deadline < now ? deadline : now;
      const finish = { ...marked(attempt, versions, test.items, now), finishedAt, finishedBy: by };
      const finished = await attempts.finish(attempt, finish, now);
      if (finished !== null) return { ...open, attempt: finished };
      attempt = await readAgain(attempt);
    }
    return { ...open, attempt };
  }

  async function settle(found: AttemptWithQuestions): Promise<AttemptWithQuestions> {
    const { attempt, test, deadline } = found;
    const now = clock.now();
    if (!isOpen(attempt) || deadline === null || !isOver(deadline, now)) return found;
    if (test.whenOverdue === 'submit') return close(found, 'time');
    const end = overdueEnd(test, deadline);
    if (test.whenOverdue === 'grace' && now < end) {
      if (attempt.state === 'overdue') return found;
      const overdue = await attempts.expire(attempt, 'overdue', null, end);
      return { ...found, attempt: overdue ?? (await readAgain(attempt)) };
    }
    const abandoned = await attempts.expire(attempt, 'abandoned', end, null);
    return { ...found, attempt: abandoned ?? (await readAgain(attempt)) };
  }

  return {
    find,
    layOut,
    close,
    settle,

    async findOwn(actor, testId, id) {
      const own = await find(actor, testId, id);
      if (own.attempt.personId !== actor.personId) throw forbidden();
      if (isOpen(own.attempt)) demandNetwork(own.test, actor);
      return own;
    },

    async demandOpen(own) {
      const wasOpen = isOpen(own.attempt);
      const { attempt } = await settle(own);
      if (attempt.state === 'abandoned') throw conflict('attempt-abandoned');
      if (attempt.state === 'overdue') throw conflict('attempt-overdue');
      if (attempt.state === 'inProgress') return;
      throw conflict(wasOpen || attempt.finishedBy === 'time' ? 'attempt-over' : 'attempt-finished');
    },

    async closeIfOver(attemptId) {
      const attempt = await attempts.findOptionalById(attemptId);
      if (attempt === null || !isOpen(attempt)) return;
      const found = await layOut(attempt);
      const settled = await settle(found);
      if (settled.attempt.state === 'inProgress') {
        await attempts.setCloseAt(attemptId, closeAtOf(found.deadline));
      } else if (settled.attempt.state === 'overdue' && found.deadline !== null) {
        await attempts.setCloseAt(attemptId, overdueEnd(found.test, found.deadline));
      }
    },
  };
}
