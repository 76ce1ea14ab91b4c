import type { Clock } from '../../../shared/clock.js';
import { badInput, conflict, DomainError, notFound } from '../../../shared/errors.js';
import type { Answer, Attempt } from './attempt.js';
import type { AttemptsStore } from './attempts.store.js';
import { fieldOf, type AttemptWithQuestions, type SentAnswer } from './attempt-questions.js';
import { typeOf } from '../types/index.js';

type Outcome = 'saved' | 'stale' | 'checked' | 'unfit';

/** Saving answers of an open attempt, one atomic write each. */
export function createAnswersService({ attempts, clock }: { attempts: AttemptsStore; clock: Clock }) {
  /** @returns the attempt as it stands afterwards, and what became of the answer */
  async function save(
    { attempt, versions }: AttemptWithQuestions,
    { index, sent, base, saveId, ...said }: SentAnswer,
  ): Promise<{ attempt: Attempt; outcome: Outcome }> {
    const version = versions[index];
    const asked = attempt.questions[index];
    if (version === undefined || asked === undefined) throw notFound();
    const { fits, response } = typeOf(version.definition.type).read(version.definition, sent, asked.order);
    if (!fits) return { attempt, outcome: 'unfit' };
    // One that is not sent again stays as it was said.
    const certainty = attempt.certainty ? (said.certainty ?? attempt.answers[index]?.certainty) : undefined;
    const settled = (stored: Answer | undefined): boolean =>
      saveId !== ''
        ? stored?.saveId === saveId
        : // A form sends all its answers; those that stand as they are need no write and cannot be stale.
          same(stored?.response ?? null, response) && stored?.certainty === certainty;
    if (settled(attempt.answers[index])) return { attempt, outcome: 'saved' };
    const saved = await attempts.save(attempt, index, base, {
      response,
      saveId,
      savedAt: clock.now(),
      ...(certainty !== undefined && { certainty }),
    });
    if (saved !== null) return { attempt: saved, outcome: 'saved' };
    const fresh = await attempts.findOptional(attempt.courseId, attempt.testId, attempt.id);
    if (fresh?.state !== 'inProgress') throw conflict('attempt-finished');
    const now = fresh.answers[index];
    return { attempt: fresh, outcome: settled(now) ? 'saved' : now?.checked ? 'checked' : 'stale' };
  }

  return {
    /**
     * @param paper of an open attempt
     * @returns the paper with the attempt as it stands afterwards
     * @throws DomainError `answer-stale` (409), an answer was changed elsewhere since its base, `answer-checked` (409),
     *   one was checked and stays, or `bad-input`
     *   (400), naming the questions: the others are saved; `attempt-finished` (409); `not-found` (404)
     *   for the number of no question, and nothing is saved
     */
    async saveAll(paper: AttemptWithQuestions, sent: readonly SentAnswer[]): Promise<AttemptWithQuestions> {
      // An answer to no question is none of our form's: nothing of such a body is taken.
      if (sent.some(({ index }) => paper.versions[index] === undefined)) throw notFound();
      const fields: Record<string, string> = {};
      let [stale, isChecked] = [false, false];
      let { attempt } = paper;
      for (const item of sent) {
        const saved = await save({ ...paper, attempt }, item);
        attempt = saved.attempt;
        if (saved.outcome === 'unfit') fields[fieldOf(item.index)] = 'errors.field.wrong';
        if (saved.outcome === 'stale') fields[fieldOf(item.index)] = 'errors.field.answerStale';
        if (saved.outcome === 'checked') fields[fieldOf(item.index)] = 'errors.field.answerChecked';
        stale ||= saved.outcome === 'stale';
        isChecked ||= saved.outcome === 'checked';
      }
      if (stale) throw new DomainError('answer-stale', 409, { fields });
      if (isChecked) throw new DomainError('answer-checked', 409, { fields });
      if (Object.keys(fields).length > 0) throw badInput(fields);
      return { ...paper, attempt };
    },
  };
}

export type AnswersService = ReturnType<typeof createAnswersService>;

/** Responses are texts, numbers and lists of numbers. */
const same = (a: Answer['response'], b: Answer['response']): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
