import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput, DomainError, notFound } from '../../../shared/errors.js';
import { isFinished, type FinishedAttempt } from '../attempts/attempt.js';
import type { AttemptsStore } from '../attempts/attempts.store.js';
import type { QuestionsStore, QuestionVersion } from '../bank/questions.store.js';
import type { Test, TestsStore } from '../tests/tests.store.js';
import { withMarks } from './apply.js';
import { commentsOf } from './comments.js';
import { markOf, type Mark, type SecondMark } from './mark.js';
import { createMarkingQueue, waitingOf, worksOf, type MarkingQueues } from './marking-queue.service.js';
import { rubricMark, rubricPoints, type Rubric, type RubricMark } from './rubric.js';
import type { RubricsStore } from './rubrics.store.js';

/** One response of an attempt, with all that is needed to mark it. */
export interface MarkedResponse {
  readonly test: Test;
  readonly attempt: FinishedAttempt;
  /** Of the question in the attempt, from 0. */
  readonly index: number;
  readonly version: QuestionVersion;
  readonly mark: Mark;
  /** Number of the work among those of the test, the same in every list: names stay hidden. */
  readonly work: number;
  /** Of the same question: how many wait with this one. */
  readonly waiting: number;
  /** Null where the question has none. */
  readonly rubric: Rubric | null;
  /** Comments that were given to other responses to the question, the most frequent first. */
  readonly comments: readonly string[];
}

export interface GivenMark {
  /** Points, 0 to those of the question; null: those that the levels make. */
  readonly points: number | null;
  /** Level of each criterion, from 0; empty without a rubric. */
  readonly levels?: readonly (number | null)[];
  readonly comment: string;
  /** Of the mark that the person saw. */
  readonly version: number;
}

/** Marks that people give. */
export interface MarkingService extends MarkingQueues {
  /** Any response of a finished attempt. @throws DomainError `not-found` */
  find(actor: Actor, testId: string, attemptId: string, index: number): Promise<MarkedResponse>;
  /**
   * Gives a mark, whatever stood there.
   * @throws DomainError `bad-input` for more points than the question has, or for neither points nor all levels;
   *   `mark-changed` (409) if another person has marked the response since `version`
   */
  give(actor: Actor, testId: string, attemptId: string, index: number, mark: GivenMark): Promise<void>;
  /**
   * Gives a second opinion beside the mark; it changes no points. A person who gave the mark gives none.
   * @throws DomainError as `give`; `second-own` (409)
   */
  giveSecond(actor: Actor, testId: string, attemptId: string, index: number, mark: GivenMark): Promise<void>;
}

export interface MarkingDeps {
  readonly tests: TestsStore;
  readonly attempts: AttemptsStore;
  readonly questions: QuestionsStore;
  readonly rubrics: RubricsStore;
  readonly clock: Clock;
}

/** Another question of the attempt was marked at the same moment: more would be a fault. */
const TRIES = 20;

/** The points that are meant, and the levels they come from. @throws DomainError `bad-input` */
function worthOf(
  { points, levels = [] }: GivenMark,
  maximum: number,
  rubric: Rubric | undefined,
): { points: number; rubric: RubricMark | null } {
  const chosen = rubric === undefined ? null : rubricMark(rubric, levels);
  const meant = points ?? (chosen && rubricPoints(chosen, maximum));
  if (meant === null) {
    throw badInput({ points: rubric ? 'errors.field.levelsMissing' : 'errors.field.missing' });
  }
  if (meant > maximum) throw badInput({ points: 'errors.field.overMaximum' });
  return { points: meant, rubric: chosen };
}

export function createMarkingService(deps: MarkingDeps): MarkingService {
  const { tests, attempts, questions, rubrics, clock } = deps;

  async function findAttempt(actor: Actor, testId: string, id: string): Promise<FinishedAttempt> {
    const attempt = await attempts.findOptional(actor.courseId, testId, id);
    if (attempt === null || !isFinished(attempt)) throw notFound();
    return attempt;
  }

  /** Writes what `change` makes of the mark that is there now. @throws DomainError `mark-changed` (409) */
  async function rewrite(
    actor: Actor,
    of: { readonly testId: string; readonly attemptId: string; readonly index: number },
    version: number,
    change: (before: Mark, maximum: number, rubric: Rubric | undefined) => Mark,
  ): Promise<void> {
    const { testId, attemptId, index } = of;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const attempt = await findAttempt(actor, testId, attemptId);
      const [asked, before] = [attempt.questions[index], attempt.marks[index]];
      if (asked === undefined || before === undefined) throw notFound();
      const rubric = (await rubrics.findMany(actor.courseId, [asked.key])).get(asked.key);
      if (before.version !== version) {
        throw new DomainError('mark-changed', 409, { fields: { points: 'errors.field.markChanged' } });
      }
      const mark = change(before, asked.mark, rubric);
      const marks = attempt.marks.map((other, place) => (place === index ? mark : other));
      const { by, personId, at, why } = mark;
      const isSame = mark.fraction === before.fraction && mark.at === before.at;
      const changed = {
        ...{ index, from: before.fraction, to: mark.fraction, by, at, why },
        ...(personId !== undefined && { personId }),
      };
      const changes = isSame ? [] : [changed];
      if ((await attempts.mark(attempt, withMarks(attempt, marks), changes, clock.now())) !== null) return;
    }
    throw new Error(`attempt ${attemptId}: its marks could not be changed`);
  }

  return {
    ...createMarkingQueue(deps),

    async find(actor, testId, attemptId, index) {
      const [test, attempt] = await Promise.all([
        tests.findOptional(actor.courseId, testId),
        findAttempt(actor, testId, attemptId),
      ]);
      const [asked, mark] = [attempt.questions[index], attempt.marks[index]];
      const [version] = asked ? await questions.versions(actor.courseId, [asked.versionId]) : [];
      if (test === null || asked === undefined || mark === undefined || version === undefined)
        throw notFound();
      const [works, waiting, found, said] = await Promise.all([
        worksOf(attempts, test),
        attempts.waitingOfTest(test.courseId, test.id),
        rubrics.findMany(actor.courseId, [asked.key]),
        attempts.commentsOfQuestion(test.courseId, test.id, asked.key),
      ]);
      return {
        ...{ test, attempt, index, version, mark },
        work: works.indexOf(attemptId) + 1,
        waiting: waiting.flatMap(waitingOf).filter(({ key }) => key === asked.key).length,
        rubric: found.get(asked.key) ?? null,
        comments: commentsOf(said),
      };
    },

    async give(actor, testId, attemptId, index, given) {
      await rewrite(actor, { testId, attemptId, index }, given.version, (before, maximum, rubric) => {
        const worth = worthOf(given, maximum, rubric);
        const { personId } = actor;
        const by = { by: 'hand' as const, personId, at: clock.now(), why: given.comment };
        return {
          ...markOf(maximum === 0 ? 0 : worth.points / maximum, maximum, by, before),
          ...(worth.rubric && { rubric: worth.rubric }),
          ...(before.second && { second: before.second }),
        };
      });
    },

    async giveSecond(actor, testId, attemptId, index, given) {
      await rewrite(actor, { testId, attemptId, index }, given.version, (before, maximum, rubric) => {
        if (before.by !== 'hand' || before.personId === actor.personId) {
          throw new DomainError('second-own', 409, { fields: { points: 'errors.field.secondOwn' } });
        }
        const { points } = worthOf(given, maximum, rubric);
        const second: SecondMark = {
          fraction: maximum === 0 ? 0 : points / maximum,
          personId: actor.personId,
          at: clock.now(),
          why: given.comment,
        };
        return { ...before, second, version: before.version + 1 };
      });
    },
  };
}
