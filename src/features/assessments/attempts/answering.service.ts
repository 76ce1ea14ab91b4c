import type { Actor } from '../../../shared/actor.js';
import { badInput, conflict, notFound } from '../../../shared/errors.js';
import { checksAnswers } from '../review/review.js';
import { createAnswersService } from './answers.service.js';
import { fieldOf, type AttemptWithQuestions, type SentAnswer } from './attempt-questions.js';
import type { AttemptTime, AttemptTimeDeps } from './attempt-time.service.js';
import type { Attempt } from './attempt.js';
import { createAssignedAttempts } from './assigned.js';
import { pagesOf } from './draws.js';
import { deadlineFrom } from '../assessments.policy.js';
import { typeOf } from '../types/index.js';
import { isTried, mayTryAgain } from './tries.js';

/** An answer that is stored. */
export interface Saved {
  readonly revision: number;
  /** When the time of the attempt is over; null: never. */
  readonly deadline: Date | null;
}

/** What a student does in an attempt that is open. */
export interface Answering {
  /**
   * Saves one answer.
   * @returns the answer's revision, to be the base of the next save
   * @throws DomainError `answer-stale` (409): it was changed elsewhere since `base`; `answer-checked` (409);
   *   `bad-input`; `attempt-finished`, `attempt-over` (409)
   */
  saveOne(actor: Actor, testId: string, id: string, sentAnswer: SentAnswer): Promise<Saved>;
  /** The student's own attempt, if its answers may still be changed. @throws as `saveOne` */
  openOwn(actor: Actor, testId: string, id: string): Promise<AttemptWithQuestions>;
  /** Saves what the form holds and shows the next hint of a question. @throws as `saveForm`; `no-more-hints` (409) */
  takeHint(
    actor: Actor,
    testId: string,
    id: string,
    index: number,
    sent: readonly SentAnswer[],
  ): Promise<void>;
  /**
   * Saves what the form holds and checks one answer: it is shown what the test's rule shows meanwhile. It stays for
   * good, unless it is wrong and the question has a price for another try.
   * @throws DomainError as `saveForm`; `bad-input` on the question without an answer; `check-not-offered` (409)
   */
  check(actor: Actor, testId: string, id: string, index: number, sent: readonly SentAnswer[]): Promise<void>;
  /** Saves the answers of a whole form. @throws as `saveOne`; answers without fault are saved all the same */
  saveForm(actor: Actor, testId: string, id: string, sent: readonly SentAnswer[]): Promise<void>;
  /** Saves a page and goes to another; in a sequential test never back. @throws as `saveForm` */
  turn(actor: Actor, testId: string, id: string, to: number, sent: readonly SentAnswer[]): Promise<void>;
  /**
   * Saves what the form holds and finishes the attempt, once however often it is asked.
   * @throws DomainError `attempt-over` (409) when the time was over: it is closed with what had been saved;
   *   `answer-stale`, `bad-input` as `saveForm`: it stays open
   */
  finish(actor: Actor, testId: string, id: string, sent: readonly SentAnswer[]): Promise<Attempt>;
}

/** What stands on a page that was left is not changed any more. @throws DomainError `page-passed` (409) */
function demandPages({ test, attempt }: AttemptWithQuestions, sent: readonly SentAnswer[]): void {
  if (!test.sequential) return;
  const pages = pagesOf(attempt.questions, test);
  if (sent.some(({ index }) => (pages[index] ?? 1) < (attempt.page ?? 1))) throw conflict('page-passed');
}

export function createAnswering(deps: AttemptTimeDeps & { readonly time: AttemptTime }): Answering {
  const { attempts, time } = deps;
  const answers = createAnswersService(deps);
  const assignedAttempts = createAssignedAttempts();

  /** The own attempt with what was sent saved. */
  async function saved(
    actor: Actor,
    testId: string,
    id: string,
    sent: readonly SentAnswer[],
  ): Promise<AttemptWithQuestions> {
    const own = await time.findOwn(actor, testId, id);
    await time.demandOpen(own);
    demandPages(own, sent);
    return answers.saveAll(own, sent);
  }

  /**
   * One write and no read, for the many saves that nothing stands in the way of.
   * @returns null where more has to be looked at: the whole way tells why
   */
  async function quickly(
    actor: Actor,
    testId: string,
    id: string,
    { index, sent, base, saveId, certainty }: SentAnswer,
  ): Promise<Saved | null> {
    const now = deps.clock.now();
    const assigned = assignedAttempts.get(id, now);
    if (assigned?.courseId !== actor.courseId || assigned.testId !== testId) return null;
    const [version, asked] = [assigned.versions[index], assigned.questions[index]];
    if (assigned.personId !== actor.personId || version === undefined || asked === undefined) return null;
    const { fits, response } = typeOf(version.definition.type).read(version.definition, sent, asked.order);
    if (!fits) return null;
    const { endsAt } = assigned;
    const answer = {
      ...{ response, saveId, savedAt: now },
      ...(certainty !== undefined && assigned.certainty && { certainty }),
    };
    const done = await attempts.saveInTime(assigned, index, base, answer, endsAt);
    return done ? { revision: base + 1, deadline: deadlineFrom(endsAt) } : null;
  }

  return {
    async saveOne(actor, testId, id, sentAnswer) {
      const quick = await quickly(actor, testId, id, sentAnswer);
      if (quick !== null) return quick;
      const paper = await saved(actor, testId, id, [sentAnswer]);
      assignedAttempts.keep(paper, deps.clock.now());
      const revision = paper.attempt.answers[sentAnswer.index]?.revision ?? 0;
      return { revision, deadline: paper.deadline };
    },

    async openOwn(actor, testId, id) {
      const own = await time.findOwn(actor, testId, id);
      await time.demandOpen(own);
      return own;
    },

    async takeHint(actor, testId, id, index, sent) {
      const { attempt, versions } = await saved(actor, testId, id, sent);
      const taken = attempt.answers[index]?.hints ?? 0;
      if (taken >= (versions[index]?.hints?.length ?? 0) || attempt.answers[index]?.checked) {
        throw conflict('no-more-hints');
      }
      // Pressed twice, one hint is shown.
      await attempts.takeHint(attempt, index, taken);
    },

    async check(actor, testId, id, index, sent) {
      const { attempt, test, versions } = await saved(actor, testId, id, sent);
      const [answer, version, asked] = [attempt.answers[index], versions[index], attempt.questions[index]];
      if (answer === undefined || version === undefined || asked === undefined) throw notFound();
      if (!checksAnswers(test)) throw conflict('check-not-offered');
      if (answer.response === null) throw badInput({ [fieldOf(index)]: 'errors.field.missing' });
      // The same answer is no new try.
      if (isTried(answer)) return;
      // Pressed twice, or changed in another window meanwhile: that answer is not the one to be checked.
      const checked = mayTryAgain(version, asked, answer)
        ? await attempts.noteTry(attempt, index, answer)
        : await attempts.check(attempt, index, answer.revision);
      if (!checked && !answer.checked) throw conflict('answer-stale');
    },

    async saveForm(actor, testId, id, sent) {
      await saved(actor, testId, id, sent);
    },

    async turn(actor, testId, id, to, sent) {
      const { attempt, test } = await saved(actor, testId, id, sent);
      if (test.sequential) await attempts.turnTo(attempt, to);
    },

    async finish(actor, testId, id, sent) {
      const own = await time.settle(await time.findOwn(actor, testId, id));
      if (own.attempt.finishedBy === 'student') return own.attempt;
      // What is overdue is handed in as it stands.
      if (own.attempt.state === 'overdue') return (await time.close(own, 'student')).attempt;
      await time.demandOpen(own);
      demandPages(own, sent);
      return (await time.close(await answers.saveAll(own, sent), 'student')).attempt;
    },
  };
}
