import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { notFound } from '../../../shared/errors.js';
import { isRecordId } from '../../../shared/ids.js';
import type { BookingTopic, FreeTime, TopicSource } from '../../consultations/index.js';
import { reviewRights } from '../assessments.policy.js';
import { excerptOf } from '../bank/excerpt.js';
import { answerResultOf, textOf } from './answer-results.js';
import type { AttemptWithQuestions } from './attempt-questions.js';
import { isFinished } from './attempt.js';
import type { AttemptsService } from './attempts.service.js';
import type { AttemptsStore } from './attempts.store.js';

/** A question that went wrong, as a booking speaks of it. */
export interface MissedQuestion {
  /** From 1, in the attempt. */
  readonly number: number;
  /** The beginning of its text. */
  readonly text: string;
  /** '' where the question has none. */
  readonly category: string;
}

export interface ConsultationAbout {
  readonly paper: AttemptWithQuestions;
  readonly missed: readonly MissedQuestion[];
  /** `<kind>-<id>`, as bookings name it. */
  readonly topic: string;
  /** Soonest first. */
  readonly times: readonly FreeTime[];
}

/** From questions that went wrong to the next free consultation. */
export interface AttemptConsultations extends TopicSource {
  /** The student's own attempt. @throws DomainError `not-found`, also where the test's rule does not show what went wrong */
  find(actor: Actor, testId: string, attemptId: string): Promise<ConsultationAbout>;
}

interface Deps {
  readonly attempts: Pick<AttemptsService, 'open'>;
  readonly attemptsStore: Pick<AttemptsStore, 'findOptionalById'>;
  readonly freeFor: (actor: Actor, limit: number) => Promise<FreeTime[]>;
  readonly clock: Clock;
}

const KIND = 'attempt';
const MOST_TIMES = 10;
const LONGEST_EXCERPT = 120;
const MISSED: ReadonlySet<string> = new Set(['wrong', 'partly', 'none']);

/** Questions of a finished attempt that did not earn all their points. */
export function missedOf({ attempt, versions }: AttemptWithQuestions): MissedQuestion[] {
  if (!isFinished(attempt)) return [];
  return versions.flatMap((version, index) => {
    const result = answerResultOf(attempt.marks[index], (attempt.answers[index]?.response ?? null) !== null);
    if (!MISSED.has(result)) return [];
    const whole = textOf(version, attempt.questions[index]?.order ?? []);
    const text = excerptOf(whole, version.format, LONGEST_EXCERPT);
    return [{ number: index + 1, text, category: version.category ?? '' }];
  });
}

export function createAttemptConsultations(deps: Deps): AttemptConsultations {
  const { attempts, attemptsStore, clock } = deps;

  /** What went wrong, if the actor may see it. */
  const seenBy = (actor: Actor, paper: AttemptWithQuestions): MissedQuestion[] =>
    reviewRights(actor, paper.test, paper.attempt, clock.now()).correct ? missedOf(paper) : [];

  return {
    kind: KIND,

    async describe(actor, id): Promise<BookingTopic | null> {
      const attempt = isRecordId(id) ? await attemptsStore.findOptionalById(id) : null;
      if (attempt?.courseId !== actor.courseId) return null;
      const paper = await attempts.open(actor, attempt.testId, id).catch(() => null);
      const missed = paper === null ? [] : seenBy(actor, paper);
      if (paper === null || missed.length === 0) return null;
      return {
        title: paper.test.title,
        path: `tests/${attempt.testId}/attempts/${id}`,
        lines: missed.map(({ number, text, category }) =>
          [`№ ${number}`, category, text].filter((part) => part !== '').join('. '),
        ),
      };
    },

    async find(actor, testId, attemptId) {
      const paper = await attempts.open(actor, testId, attemptId);
      const missed = seenBy(actor, paper);
      if (paper.attempt.personId !== actor.personId || missed.length === 0) throw notFound();
      const times = await deps.freeFor(actor, MOST_TIMES);
      return { paper, missed, topic: `${KIND}-${attemptId}`, times };
    },
  };
}
