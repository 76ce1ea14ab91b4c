import { HOUR, MINUTE } from '../../../shared/clock.js';
import {
  attemptMarked,
  attemptSubmitted,
  type ClosingAttempt,
  type ToldTests,
} from '../../assessments/index.js';
import { on, WAYS, type NotificationKind, type Scheduled } from './kind.js';

const TITLE = 'Квадратные уравнения';
const ATTEMPT_KIND = { topic: 'tests', to: 'student', obligatory: false, by: WAYS, sources: [] } as const;

/** A student who has begun is told once a quarter of the time is left, an hour before at most. */
const ENDING_MS = HOUR;
/** Who has begun a short test sits before it. */
const SHORTEST_MS = 5 * MINUTE;

const endingAt = ({ startedAt, closeAt }: ClosingAttempt): number => {
  const lead = Math.min(ENDING_MS, (closeAt.getTime() - startedAt.getTime()) / 4);
  return lead < SHORTEST_MS ? Infinity : closeAt.getTime() - lead;
};

/** Messages to students about their attempts at tests. */
export function attemptKinds(told: ToldTests): { kinds: NotificationKind[]; scheduled: Scheduled } {
  const attemptClosed: NotificationKind = {
    ...ATTEMPT_KIND,
    name: 'attempt-closed',
    sample: { title: TITLE },
    sources: [
      on(attemptSubmitted, async ({ documentId: subjectId }) => {
        const attempt = await told.findAttempt(subjectId);
        if (attempt?.finishedBy !== 'time') return [];
        return [{ subjectId, personId: attempt.personId, courseId: attempt.courseId }];
      }),
    ],
    async describe({ subjectId }) {
      const attempt = await told.findAttempt(subjectId);
      if (attempt?.finishedBy !== 'time') return null;
      return { values: { title: attempt.title }, path: `tests/${attempt.testId}` };
    },
  };

  const ending: NotificationKind = {
    ...ATTEMPT_KIND,
    name: 'attempt-ending',
    sample: { title: TITLE, closes: new Date('2026-12-03T18:00:00Z') },
    // The subject is `<attempt>@<its end>`: one that was given more time is told of again.
    async describe({ subjectId, personId }) {
      const attempt = await told.findEnding(subjectId.split('@', 1)[0] ?? '');
      if (attempt?.personId !== personId) return null;
      const { title, testId, closesAt } = attempt;
      return { values: { title, closes: closesAt }, path: `tests/${testId}`, expiresAt: closesAt };
    },
  };

  const marked: NotificationKind = {
    ...ATTEMPT_KIND,
    name: 'test-marked',
    sample: { title: TITLE, score: 8, maximum: 10 },
    sources: [
      on(attemptMarked, async ({ documentId: subjectId }) => {
        const attempt = await told.findAttempt(subjectId);
        if (attempt?.markedByHand !== true) return [];
        return [{ subjectId, personId: attempt.personId, courseId: attempt.courseId }];
      }),
    ],
    async describe({ subjectId }) {
      const attempt = await told.findAttempt(subjectId);
      if (attempt?.markedByHand !== true || !attempt.seesMarks) return null;
      const { title, score, maximum, testId } = attempt;
      return { values: { title, score, maximum }, path: `tests/${testId}` };
    },
  };

  return {
    kinds: [ending, attemptClosed, marked],
    scheduled: {
      schedule(jobs, notifier) {
        jobs.schedule({
          name: 'notify-ending',
          cron: '*/2 * * * *',
          async run({ payload: { slot } }) {
            const now = new Date(slot);
            const soon = await told.ending(now, new Date(now.getTime() + ENDING_MS));
            const due = soon.filter((attempt) => endingAt(attempt) <= now.getTime());
            const found = due.map(({ id, closeAt, personId, courseId }) => ({
              ...{ subjectId: `${id}@${closeAt.getTime()}`, personId, courseId },
            }));
            await notifier.notify(ending, found, now);
          },
        });
      },
    },
  };
}
