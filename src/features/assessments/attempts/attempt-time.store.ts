import { emitting, newEvent } from '../../../infra/events/index.js';
import { isDuplicateKey } from '../../../storage/index.js';
import type { Attempt, Finish } from './attempt.js';
import {
  CLOSE_MARK,
  OPEN,
  plainAttempt,
  type AttemptModel,
  type FoundAttempt,
} from './attempts-row.store.js';
import { attemptMarked, attemptSubmitted } from './attempts.events.js';

/** An attempt in progress whose time ends. */
export interface ClosingAttempt extends Pick<
  Attempt,
  'id' | 'courseId' | 'testId' | 'personId' | 'startedAt'
> {
  readonly closeAt: Date;
}

/** How attempts end, by hand or by time, and go on. */
export function createAttemptTimeStore(model: AttemptModel) {
  return {
    /**
     * Open becomes finished, with everything that follows from the answers, if those are still the ones read.
     * The write emits `attempt.submitted`, and `attempt.marked` if nothing waits for a person.
     * @returns null when an answer was saved since, or the attempt is finished already
     */
    async finish(attempt: Attempt, finish: Finish, now: Date): Promise<Attempt | null> {
      const { id, courseId, testId, revision } = attempt;
      const submitted = newEvent(attemptSubmitted, { courseId, testId }, { at: now });
      const marked =
        finish.state === 'marked' ? [newEvent(attemptMarked, { courseId, testId }, { at: now })] : [];
      const row = await model
        .findOneAndUpdate(
          { _id: id, courseId, state: OPEN, revision },
          emitting(
            {
              $set: { ...finish, open: false, ...(finish.state !== 'marked' && { waitsForMarks: true }) },
              $unset: { [CLOSE_MARK]: 1 },
            },
            submitted,
            ...marked,
          ),
          { returnDocument: 'after' },
        )
        .lean<FoundAttempt>();
      return row && plainAttempt(row);
    },

    /** Notes from when on an open attempt is to be closed; null: never. */
    async setCloseAt(id: string, closeAt: Date | null): Promise<void> {
      await model.updateOne(
        { _id: id, state: OPEN },
        closeAt === null
          ? { $set: { endsAt: null }, $unset: { [CLOSE_MARK]: 1 } }
          : { $set: { [CLOSE_MARK]: closeAt, endsAt: closeAt } },
      );
    },

    /** Attempts in progress of all courses that are to be closed after `from` and by `to`. */
    async closing(from: Date, to: Date): Promise<ClosingAttempt[]> {
      const rows = await model
        .find({ state: OPEN, [CLOSE_MARK]: { $gt: from, $lte: to } })
        .select({ courseId: 1, testId: 1, personId: 1, startedAt: 1, onTrial: 1, [CLOSE_MARK]: 1 })
        .lean<FoundAttempt[]>();
      return rows.flatMap(closingOf);
    },

    /** @returns null when it is not in progress, or is never closed by time */
    async findClosing(id: string): Promise<ClosingAttempt | null> {
      const row = await model.findOne({ _id: id, state: OPEN }).lean<FoundAttempt>();
      return row && (closingOf(row)[0] ?? null);
    },

    /** Open attempts of a test. */
    async openOfTest(courseId: string, testId: string): Promise<Attempt[]> {
      return (await model.find({ courseId, testId, open: true }).lean<FoundAttempt[]>()).map(plainAttempt);
    },

    /**
     * The time of an attempt in progress is over: it becomes overdue or abandoned.
     * @param closeAt when an overdue one is to be looked at again
     * @returns null if it is no longer open
     */
    async expire(
      attempt: Attempt,
      to: 'overdue' | 'abandoned',
      finishedAt: Date | null,
      closeAt: Date | null,
    ): Promise<Attempt | null> {
      const row = await model
        .findOneAndUpdate(
          { _id: attempt.id, courseId: attempt.courseId, state: OPEN },
          {
            $set: {
              state: to,
              open: to === 'overdue',
              ...(to === 'abandoned' && { finishedAt, finishedBy: 'time' }),
              ...(closeAt !== null && { [CLOSE_MARK]: closeAt }),
            },
            ...(closeAt === null && { $unset: { [CLOSE_MARK]: 1 } }),
          },
          { returnDocument: 'after' },
        )
        .lean<FoundAttempt>();
      return row && plainAttempt(row);
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
              endsAt: closeAt,
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

/** None where the time never ends, or the person teaches here and only tries the test. */
const closingOf = (row: FoundAttempt): ClosingAttempt[] => {
  const { _id, courseId, testId, personId, startedAt, closeAt, onTrial } = row;
  if (closeAt === undefined || onTrial === true) return [];
  return [{ id: _id.toString(), courseId, testId, personId, startedAt, closeAt }];
};
