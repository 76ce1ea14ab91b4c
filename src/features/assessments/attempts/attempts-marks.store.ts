import { emitted, emitting, newEvent } from '../../../infra/events/index.js';
import { isDuplicateKey } from '../../../storage/index.js';
import type { Mark, MarkChange } from '../marking/mark.js';
import { FINISHED_STATES } from './attempt-states.fields.js';
import type { Attempt, FinishedAttempt, Marking } from './attempt.js';
import {
  CLOSE_MARK,
  MOST_CHANGES,
  plainAttempt,
  type AttemptModel,
  type FoundAttempt,
} from './attempts-row.store.js';
import { attemptMarked } from './attempts.events.js';

/** Handed in, as `isFinished` says of attempts anywhere else. */
const isFinished = (attempt: Attempt): attempt is FinishedAttempt =>
  attempt.finishedAt !== null && (FINISHED_STATES as readonly string[]).includes(attempt.state);

/** Attempts that are handed in, and their marks. */
export function createMarksStore(model: AttemptModel) {
  return {
    async findFinished(courseId: string, testId: string, id: string): Promise<FinishedAttempt | null> {
      const row = await model.findOne({ _id: id, courseId, testId }).lean<FoundAttempt>();
      const attempt = row && plainAttempt(row);
      return attempt !== null && isFinished(attempt) ? attempt : null;
    },

    /** Finished attempts of a test, oldest first. */
    async finishedOfTest(courseId: string, testId: string): Promise<FinishedAttempt[]> {
      const rows = await model
        .find({ courseId, testId, finishedAt: { $gt: new Date(0) } })
        .sort({ finishedAt: 1 })
        .lean<FoundAttempt[]>();
      return rows.map(plainAttempt).filter(isFinished);
    },

    /** @returns test id → attempts of the course that wait for a person's marks */
    async countWaiting(courseId: string): Promise<ReadonlyMap<string, number>> {
      const found = await model
        .find({ courseId, waitsForMarks: true })
        .select({ testId: 1 })
        .lean<{ testId: string }[]>();
      const counts = new Map<string, number>();
      for (const { testId } of found) counts.set(testId, (counts.get(testId) ?? 0) + 1);
      return counts;
    },

    async countFinishedSince(courseId: string, testId: string, since: Date): Promise<number> {
      return model.countDocuments({ courseId, testId, finishedAt: { $gt: since } });
    },

    /**
     * Changes marks of a finished attempt, if they are still the ones read. The write emits `attempt.marked`.
     * @returns null when they were changed since
     */
    async mark(
      attempt: Attempt,
      marking: Marking,
      changes: readonly MarkChange[],
      now: Date,
    ): Promise<Attempt | null> {
      const { id, courseId, testId, markVersion } = attempt;
      const event = newEvent(attemptMarked, { courseId, testId }, { at: now });
      const row = await model
        .findOneAndUpdate(
          { _id: id, courseId, state: { $in: [...FINISHED_STATES] }, markVersion },
          emitting(
            {
              $set: {
                ...marking,
                ...(changes.length > 0 && {
                  markChanges: [...(attempt.markChanges ?? []), ...changes].slice(-MOST_CHANGES),
                }),
              },
              $inc: { markVersion: 1 },
              ...(marking.state === 'marked' && { $unset: { waitsForMarks: 1 } }),
            },
            event,
          ),
          { returnDocument: 'after' },
        )
        .lean<FoundAttempt>();
      return row && plainAttempt(row);
    },

    /**
     * Writes the mark of an attempt without questions: an oral answer, another service. The write emits
     * `attempt.marked`.
     * @param markVersion of the mark that was seen; 0 for none
     * @returns false when another mark was given since
     */
    async give(
      of: Pick<Attempt, 'courseId' | 'testId' | 'personId' | 'maximum' | 'score'>,
      given: Mark,
      markVersion: number,
      now: Date,
    ): Promise<boolean> {
      const { courseId, testId, personId } = of;
      const event = newEvent(attemptMarked, { courseId, testId }, { at: now });
      const { score, maximum } = of;
      const values = { marks: [given], score, maximum, finishedAt: now };
      if (markVersion > 0) {
        const result = await model.updateOne(
          { courseId, testId, personId, number: 1, markVersion },
          emitting({ $set: values, $inc: { markVersion: 1 } }, event),
        );
        return result.matchedCount > 0;
      }
      try {
        await model.create({
          ...of,
          ...values,
          number: 1,
          state: 'marked',
          open: false,
          startedAt: now,
          finishedBy: 'teacher',
          questions: [],
          answers: [],
          revision: 0,
          markVersion: 1,
          ...emitted(event),
        });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    /** An attempt that ended by its time goes on. @returns false when it cannot, or another one is open */
    async reopen(attempt: Attempt, closeAt: Date | null): Promise<boolean> {
      try {
        const result = await model.updateOne(
          { _id: attempt.id, courseId: attempt.courseId, finishedBy: 'time', open: false },
          {
            $set: {
              state: 'inProgress',
              open: true,
              finishedAt: null,
              finishedBy: null,
              marks: [],
              score: 0,
              ...(closeAt !== null && { [CLOSE_MARK]: closeAt }),
            },
            $inc: { revision: 1, markVersion: 1 },
            $unset: { waitsForMarks: 1 },
          },
        );
        return result.matchedCount > 0;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
  };
}
