import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { fold } from '../../../shared/folding.js';
import { badInput, conflict, DomainError, forbidden, notFound } from '../../../shared/errors.js';
import { createAnswersService } from './answers.service.js';
import {
  closeAtOf,
  deadlineOf,
  isOver,
  mayAttempt,
  mayEdit,
  maySeeAttempt,
  maySeeResults,
  overdueEnd,
  standingOf,
} from '../assessments.policy.js';
import {
  isOpen,
  MOST_ATTEMPTS,
  type Attempt,
  type AttemptSummary,
  type FinishedBy,
  type LogEntry,
} from './attempt.js';
import type { AttemptsStore } from './attempts.store.js';
import { pagesOf } from './draws.js';
import { assignQuestions, marked, type AttemptWithQuestions, type SentAnswer } from './attempt-questions.js';
import type { QuestionsStore } from '../bank/questions.store.js';
import type { Below } from './shuffle.js';
import type { Test, TestsStore } from '../tests/tests.store.js';

export interface AttemptsServiceDeps {
  readonly tests: TestsStore;
  readonly questions: QuestionsStore;
  readonly attempts: AttemptsStore;
  readonly clock: Clock;
  readonly below: Below;
  /** Tests as they are for a student: with what is other for them or their groups. */
  readonly forPerson: (courseId: string, personId: string, tests: readonly Test[]) => Promise<Test[]>;
}

/** What the student says before an attempt starts. */
export interface Start {
  readonly code?: string;
  /** That the work is their own. */
  readonly pledge?: boolean;
}

export function createAttemptsService(deps: AttemptsServiceDeps) {
  const { tests, questions, attempts, clock } = deps;
  const answers = createAnswersService(deps);

  /** Tests of attempts may be drafts again, or removed: what was begun can be ended and seen. */
  async function paper(actor: Actor, testId: string, id: string): Promise<AttemptWithQuestions> {
    const attempt = await attempts.findOptional(actor.courseId, testId, id);
    if (attempt === null || !maySeeAttempt(actor, attempt)) throw notFound();
    return paperOf(attempt);
  }

  async function paperOf(attempt: Attempt): Promise<AttemptWithQuestions> {
    const [found, all] = await Promise.all([
      tests.findMany(attempt.courseId, [attempt.testId]),
      questions.versions(
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

  const poolOf = async (test: Test) =>
    (test.draws ?? []).length === 0 ? [] : questions.recent(test.courseId);

  /** What stands on a page that was left is not changed any more. @throws DomainError `page-passed` (409) */
  function demandPages({ test, attempt }: AttemptWithQuestions, sent: readonly SentAnswer[]): void {
    if (!test.sequential) return;
    const pages = pagesOf(attempt.questions, test);
    if (sent.some(({ index }) => (pages[index] ?? 1) < (attempt.page ?? 1))) throw conflict('page-passed');
  }

  async function forActor(actor: Actor, test: Test): Promise<Test> {
    return (await deps.forPerson(actor.courseId, actor.personId, [test]))[0] ?? test;
  }

  /** The student's own attempt, to be changed. */
  async function ownPaper(actor: Actor, testId: string, id: string): Promise<AttemptWithQuestions> {
    const own = await paper(actor, testId, id);
    if (own.attempt.personId !== actor.personId) throw forbidden();
    return own;
  }

  /**
   * Hands an open attempt in, with the marks of the answers that are stored at that moment.
   * @returns the finished attempt, also if another request finished it
   */
  async function close(open: AttemptWithQuestions, by: FinishedBy): Promise<AttemptWithQuestions> {
    const { deadline, versions } = open;
    let { attempt } = open;
    while (isOpen(attempt)) {
      const now = clock.now();
      // What arrives within the grace was given in time.
      const finishedAt =
        attempt.state === 'inProgress' && deadline !== null && deadline < now ? deadline : now;
      const finished = await attempts.finish(
        attempt,
        { ...marked(attempt, versions, now), finishedAt, finishedBy: by },
        now,
      );
      if (finished !== null) return { ...open, attempt: finished };
      attempt = await fresh(attempt);
    }
    return { ...open, attempt };
  }

  async function fresh({ courseId, testId, id }: Attempt): Promise<Attempt> {
    const found = await attempts.findOptional(courseId, testId, id);
    if (found === null) throw notFound();
    return found;
  }

  /** What becomes of an attempt whose time is over, by the test's rule: handed in, overdue, or abandoned. */
  async function settle(found: AttemptWithQuestions): Promise<AttemptWithQuestions> {
    const { attempt, test, deadline } = found;
    const now = clock.now();
    if (!isOpen(attempt) || deadline === null || !isOver(deadline, now)) return found;
    if (test.whenOverdue === 'submit') return close(found, 'time');
    const end = overdueEnd(test, deadline);
    if (test.whenOverdue === 'grace' && now < end) {
      if (attempt.state === 'overdue') return found;
      const overdue = await attempts.expire(attempt, 'overdue', null, end);
      return { ...found, attempt: overdue ?? (await fresh(attempt)) };
    }
    const abandoned = await attempts.expire(attempt, 'abandoned', end, null);
    return { ...found, attempt: abandoned ?? (await fresh(attempt)) };
  }

  /**
   * The attempt as its time allows.
   * @throws DomainError `attempt-finished`, `attempt-over`, `attempt-overdue`, `attempt-abandoned` (409)
   */
  async function demandOpen(own: AttemptWithQuestions): Promise<void> {
    const wasOpen = isOpen(own.attempt);
    const { attempt } = await settle(own);
    if (attempt.state === 'abandoned') throw conflict('attempt-abandoned');
    if (attempt.state === 'overdue') throw conflict('attempt-overdue');
    if (attempt.state === 'inProgress') return;
    throw conflict(wasOpen || attempt.finishedBy === 'time' ? 'attempt-over' : 'attempt-finished');
  }

  return {
    /** A published test and one's own attempts at it. @throws DomainError `test-not-published`, `not-found` */
    async ownTest(actor: Actor, testId: string): Promise<{ test: Test; attempts: Attempt[] }> {
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

    /** The tests a student sees, with the own attempts at each. */
    async ownTests(actor: Actor): Promise<{ test: Test; attempts: AttemptSummary[] }[]> {
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

    /**
     * Starts an attempt, or returns the one that is open. However many ask at once, one is made.
     * @throws DomainError `test-not-open`, `test-closed`, `no-attempts-left`, `attempt-delayed` (409);
     *   `wrong-access-code` (403, field `code`); `bad-input` on `pledge`; `test-not-published` (404);
     *   `forbidden` for those who teach
     */
    async start(actor: Actor, testId: string, { code = '', pledge = false }: Start = {}): Promise<Attempt> {
      if (!mayAttempt(actor)) throw forbidden('attempt-role');
      const found = await tests.findOptional(actor.courseId, testId);
      if (found === null) throw notFound();
      const test = await forActor(actor, found);
      for (;;) {
        const now = clock.now();
        const own = await attempts.ofPerson(actor.courseId, testId, actor.personId);
        const open = own.find(isOpen);
        if (open) {
          const { attempt } = await settle(await paperOf(open));
          if (isOpen(attempt)) return attempt;
          continue;
        }
        if (test.state !== 'published') throw notFound('test-not-published');
        if (test.givenMaximum !== undefined) throw conflict('test-given');
        const standing = standingOf(test, own.filter(isKept), now);
        if (standing === 'notYet') throw conflict('test-not-open');
        if (standing === 'closed') throw conflict('test-closed');
        if (standing === 'noneLeft') throw conflict('no-attempts-left');
        if ((own.at(-1)?.number ?? 0) >= MOST_ATTEMPTS) throw conflict('attempts-capped');
        if (standing === 'delayed') throw conflict('attempt-delayed');
        if (test.accessCode !== '' && fold(code, 'answer') !== fold(test.accessCode, 'answer')) {
          throw new DomainError('wrong-access-code', 403, { fields: { code: 'errors.field.accessCode' } });
        }
        if (test.pledge && !pledge) throw badInput({ pledge: 'errors.field.pledge' });
        const current = await questions.current(
          actor.courseId,
          test.items.map(({ key }) => key),
        );
        const made = await attempts.insert({
          courseId: actor.courseId,
          testId,
          personId: actor.personId,
          number: (own.at(-1)?.number ?? 0) + 1,
          startedAt: now,
          closeAt: closeAtOf(deadlineOf(test, now)),
          ...(actor.onTrial === true && { onTrial: true as const }),
          ...assignQuestions(test, current, await poolOf(test), deps.below),
        });
        if (made !== null) return made;
        // Another window of the student was quicker. Its attempt is found in the next round.
      }
    },

    /**
     * An attempt to look at or go on with: the student's own, or anybody's for those who teach. One whose time
     * is over is closed first.
     * @throws DomainError `not-found`
     */
    async open(actor: Actor, testId: string, id: string): Promise<AttemptWithQuestions> {
      return settle(await paper(actor, testId, id));
    },

    /**
     * Saves one answer.
     * @returns the answer's revision, to be the base of the next save
     * @throws DomainError `answer-stale` (409): it was changed elsewhere since `base`; `bad-input`;
     *   `attempt-finished`, `attempt-over` (409)
     */
    async saveOne(
      actor: Actor,
      testId: string,
      id: string,
      sentAnswer: SentAnswer,
    ): Promise<{ paper: AttemptWithQuestions; revision: number }> {
      const own = await ownPaper(actor, testId, id);
      if (sentAnswer.index >= own.attempt.questions.length) throw notFound();
      await demandOpen(own);
      demandPages(own, [sentAnswer]);
      const saved = await answers.saveAll(own, [sentAnswer]);
      return { paper: saved, revision: saved.attempt.answers[sentAnswer.index]?.revision ?? 0 };
    },

    /** The student's own attempt, if its answers may still be changed. @throws as `saveOne` */
    async openOwn(actor: Actor, testId: string, id: string): Promise<AttemptWithQuestions> {
      const own = await ownPaper(actor, testId, id);
      await demandOpen(own);
      return own;
    },

    /** Saves what the form holds and shows the next hint of a question. @throws as `saveForm`; `no-more-hints` (409) */
    async takeHint(
      actor: Actor,
      testId: string,
      id: string,
      index: number,
      sent: readonly SentAnswer[],
    ): Promise<void> {
      const own = await ownPaper(actor, testId, id);
      await demandOpen(own);
      const { attempt, versions } = await answers.saveAll(own, sent);
      const taken = attempt.answers[index]?.hints ?? 0;
      if (taken >= (versions[index]?.hints?.length ?? 0)) throw conflict('no-more-hints');
      // Pressed twice, one hint is shown.
      await attempts.takeHint(attempt, index, taken);
    },

    /** Saves the answers of a whole form. @throws as `saveOne`; answers without fault are saved all the same */
    async saveForm(actor: Actor, testId: string, id: string, sent: readonly SentAnswer[]): Promise<void> {
      const own = await ownPaper(actor, testId, id);
      await demandOpen(own);
      demandPages(own, sent);
      await answers.saveAll(own, sent);
    },

    /** Saves a page and goes to another; in a sequential test never back. @throws as `saveForm` */
    async turn(
      actor: Actor,
      testId: string,
      id: string,
      to: number,
      sent: readonly SentAnswer[],
    ): Promise<void> {
      const own = await ownPaper(actor, testId, id);
      await demandOpen(own);
      demandPages(own, sent);
      const { attempt } = await answers.saveAll(own, sent);
      if (own.test.sequential) await attempts.turnTo(attempt, to);
    },

    /** Notes what the browser tells: the focus was lost, a text was pasted. */
    async note(
      actor: Actor,
      testId: string,
      id: string,
      entries: readonly Omit<LogEntry, 'at'>[],
    ): Promise<void> {
      const own = await ownPaper(actor, testId, id);
      const at = clock.now();
      if (isOpen(own.attempt))
        await attempts.log(
          own.attempt,
          entries.map((entry) => ({ ...entry, at })),
        );
    },

    /** Notes from where an attempt is answered, when that has changed. */
    async noteOrigin({ attempt }: AttemptWithQuestions, what: string): Promise<void> {
      const last = attempt.log?.filter(({ kind }) => kind === 'seen').at(-1);
      if (last?.what === what || !isOpen(attempt)) return;
      await attempts.log(attempt, [{ at: clock.now(), kind: 'seen', what }]);
    },

    /**
     * Lets an attempt go on that ended by its time, when the student has time again.
     * @throws DomainError `attempt-no-time` (409): its time is over, so an override must give more first;
     *   `attempt-not-reopened` (409): it was handed in, or another attempt is open
     */
    async reopen(actor: Actor, testId: string, id: string): Promise<void> {
      const found = await paper(actor, testId, id);
      if (isOver(found.deadline, clock.now())) throw conflict('attempt-no-time');
      if (!(await attempts.reopen(found.attempt, closeAtOf(found.deadline)))) {
        throw conflict('attempt-not-reopened');
      }
    },

    /**
     * Saves what the form holds and finishes the attempt, once however often it is asked.
     * @throws DomainError `attempt-over` (409) when the time was over: it is closed with what had been saved;
     *   `answer-stale`, `bad-input` as `saveForm`: it stays open
     */
    async finish(actor: Actor, testId: string, id: string, sent: readonly SentAnswer[]): Promise<Attempt> {
      const own = await settle(await ownPaper(actor, testId, id));
      if (own.attempt.finishedBy === 'student') return own.attempt;
      // What is overdue is handed in as it stands.
      if (own.attempt.state === 'overdue') return (await close(own, 'student')).attempt;
      await demandOpen(own);
      demandPages(own, sent);
      const saved = await answers.saveAll(own, sent);
      return (await close(saved, 'student')).attempt;
    },

    /**
     * Removes an attempt, for a reason that is kept. It makes no grade any more, and another may be made in its place.
     * @throws DomainError `not-found`; `forbidden`; `attempt-removed` (409)
     */
    async remove(actor: Actor, testId: string, id: string, why: string): Promise<Attempt> {
      if (!mayEdit(actor)) throw forbidden();
      const attempt = await attempts.findOptional(actor.courseId, testId, id);
      if (attempt === null) throw notFound();
      const removed = await attempts.remove(attempt, { at: clock.now(), by: actor.personId, why });
      if (removed === null) throw conflict('attempt-removed');
      return removed;
    },

    /** Closes an attempt whose time is over. If the teacher has given more time since, it is closed later. */
    async closeIfOver(attemptId: string): Promise<void> {
      const attempt = await attempts.findOptionalById(attemptId);
      if (attempt === null || !isOpen(attempt)) return;
      const found = await paperOf(attempt);
      const settled = await settle(found);
      if (settled.attempt.state === 'inProgress') {
        await attempts.setCloseAt(attemptId, closeAtOf(found.deadline));
      } else if (settled.attempt.state === 'overdue' && found.deadline !== null) {
        await attempts.setCloseAt(attemptId, overdueEnd(found.test, found.deadline));
      }
    },
  };
}

/** Students do not see what a teacher has removed, and may make another in its place. */
const isKept = ({ removed }: AttemptSummary): boolean => removed === undefined;

export type AttemptsService = ReturnType<typeof createAttemptsService>;
