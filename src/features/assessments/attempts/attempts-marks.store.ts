import type { mongo } from 'mongoose';
import { emitted, emitting, newEvent } from '../../../infra/events/index.js';
import { isDuplicateKey } from '../../../storage/index.js';
import type { Mark, MarkChange } from '../marking/mark.js';
import { FINISHED_STATES } from './attempt-states.fields.js';
import { isCounted, type Attempt, type FinishedAttempt, type Marking, type Removal } from './attempt.js';
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

/** A finished attempt as far as statistics ask. */
export type MeasuredAttempt = Pick<
  FinishedAttempt,
  'personId' | 'number' | 'score' | 'maximum' | 'questions'
> & {
  readonly answers: readonly Pick<FinishedAttempt['answers'][number], 'response'>[];
  readonly marks: readonly Pick<Mark, 'fraction'>[];
};

/** Attempts that are handed in, and their marks. */
export function createMarksStore(model: AttemptModel) {
  // Straight to the collection for what is read of a whole test: there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection<Omit<FoundAttempt, '_id'>>;
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
      return rows.map(plainAttempt).filter(isFinished).filter(isCounted);
    },

    /** What statistics read of the finished attempts of a test, oldest first. */
    async measuredOfTest(courseId: string, testId: string): Promise<MeasuredAttempt[]> {
      const found = await rows
        .find(
          { courseId, testId, finishedAt: { $gt: new Date(0) } },
          {
            projection: {
              ...{ personId: 1, number: 1, state: 1, onTrial: 1, removed: 1, score: 1, maximum: 1 },
              ...{ questions: 1, 'answers.response': 1, 'marks.fraction': 1 },
            },
          },
        )
        .sort({ finishedAt: 1 })
        .toArray();
      return found
        .filter(({ state }) => (FINISHED_STATES as readonly string[]).includes(state))
        .filter(isCounted);
    },

    /** Ids of the finished attempts of a test. */
    async idsOfFinished(courseId: string, testId: string): Promise<string[]> {
      const found = await rows
        .find(
          { courseId, testId, finishedAt: { $gt: new Date(0) } },
          { projection: { state: 1, onTrial: 1, removed: 1 } },
        )
        .toArray();
      return found
        .filter(({ state }) => (FINISHED_STATES as readonly string[]).includes(state))
        .filter(isCounted)
        .map(({ _id }) => _id.toString());
    },

    /** What waits for a person's marks. */
    async waitingOfTest(
      courseId: string,
      testId: string,
    ): Promise<Pick<FinishedAttempt, 'id' | 'questions' | 'marks'>[]> {
      const found = await rows
        .find(
          { courseId, testId, waitsForMarks: true },
          { projection: { questions: 1, marks: 1, onTrial: 1, removed: 1 } },
        )
        .toArray();
      return found
        .filter(isCounted)
        .map(({ _id, questions, marks }) => ({ id: _id.toString(), questions, marks }));
    },

    /** What people have written to responses to a question of a test, oldest first. */
    async commentsOfQuestion(courseId: string, testId: string, key: string): Promise<string[]> {
      const found = await rows
        .find(
          { courseId, testId, finishedAt: { $gt: new Date(0) } },
          { projection: { questions: 1, 'marks.by': 1, 'marks.why': 1 } },
        )
        .sort({ finishedAt: 1 })
        .toArray();
      return found.flatMap(({ questions, marks }) => {
        const mark = marks[questions.findIndex((asked) => asked.key === key)];
        return mark?.by === 'hand' && mark.why !== '' ? [mark.why] : [];
      });
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

    async countFinishedSince(courseId: string, testId: string, since: Date): Promise<number> {
      return model.countDocuments({
        ...{ courseId, testId, finishedAt: { $gt: since } },
        ...{ onTrial: null, removed: null },
      });
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
