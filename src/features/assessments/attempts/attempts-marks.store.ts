import { Types, type mongo } from 'mongoose';
import { emitted, emitting, newEvent } from '../../../infra/events/index.js';
import { isDuplicateKey } from '../../../storage/index.js';
import type { Mark, MarkChange } from '../marking/mark.js';
import { FINISHED_STATES } from './attempt-states.fields.js';
import type { Attempt, Marking, Removal } from './attempt.js';
import {
  CLOSE_MARK,
  MOST_CHANGES,
  plainAttempt,
  type AttemptModel,
  type FoundAttempt,
} from './attempts-row.store.js';
import { attemptMarked } from './attempts.events.js';

/** An attempt as it was read, and its other marks. */
export interface ChangedMarks {
  readonly attempt: Attempt;
  readonly marking: Marking;
  readonly changes: readonly MarkChange[];
}

/** What other marks write into an attempt, with the event `attempt.marked`. */
function markingUpdate({ attempt, marking, changes }: ChangedMarks, now: Date) {
  const { courseId, testId, markChanges = [] } = attempt;
  const event = newEvent(attemptMarked, { courseId, testId }, { at: now });
  return emitting(
    {
      $set: {
        ...marking,
        // Also where an essay's question counts again.
        ...(marking.state !== 'marked' && { waitsForMarks: true }),
        ...(changes.length > 0 && { markChanges: [...markChanges, ...changes].slice(-MOST_CHANGES) }),
      },
      $inc: { markVersion: 1 },
      ...(marking.state === 'marked' && { $unset: { waitsForMarks: 1 as const } }),
    },
    event,
  );
}

/** What people decide about attempts that are handed in: marks, and that one does not count. */
export function createMarksStore(model: AttemptModel) {
  // Straight to the collection for what is written to a whole test: there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection;
  return {
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
      const { id, courseId, markVersion } = attempt;
      const row = await model
        .findOneAndUpdate(
          { _id: id, courseId, state: { $in: [...FINISHED_STATES] }, markVersion },
          markingUpdate({ attempt, marking, changes }, now),
          { returnDocument: 'after' },
        )
        .lean<FoundAttempt>();
      return row && plainAttempt(row);
    },

    /**
     * The same for many attempts in one commit.
     * @returns how many were changed: the marks of the others were changed since they were read
     */
    async markMany(many: readonly ChangedMarks[], now: Date): Promise<number> {
      const { matchedCount } = await rows.bulkWrite(
        many.map((changed) => {
          // The driver's types know no outbox.
          const update: object = markingUpdate(changed, now);
          const filter = {
            _id: new Types.ObjectId(changed.attempt.id),
            courseId: changed.attempt.courseId,
            state: { $in: [...FINISHED_STATES] },
            markVersion: changed.attempt.markVersion,
          };
          return { updateOne: { filter, update } };
        }),
        { ordered: false },
      );
      return matchedCount;
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

    /**
     * Removes an attempt: an open one is abandoned. The write emits `attempt.marked`, so that the grade follows.
     * @returns null when it was removed already
     */
    async remove(
      { id, courseId, testId, state, finishedAt }: Attempt,
      removed: Removal,
    ): Promise<Attempt | null> {
      const event = newEvent(attemptMarked, { courseId, testId }, { at: removed.at });
      const abandoned = state === 'inProgress' || state === 'overdue';
      const ended = { state: 'abandoned', open: false, finishedAt: finishedAt ?? removed.at } as const;
      const row = await model
        .findOneAndUpdate(
          { _id: id, courseId, removed: null },
          emitting(
            {
              $set: { removed, ...(abandoned && ended) },
              $unset: { waitsForMarks: 1, ...(abandoned && { [CLOSE_MARK]: 1 }) },
            },
            event,
          ),
          { returnDocument: 'after' },
        )
        .lean<FoundAttempt>();
      return row && plainAttempt(row);
    },
  };
}
