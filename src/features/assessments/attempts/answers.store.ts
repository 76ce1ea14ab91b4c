import { Types, type mongo } from 'mongoose';
import type { Answer, Attempt, LogEntry } from './attempt.js';
import { MOST_LOGGED, plainAttempt, type AttemptModel, type FoundAttempt } from './attempts-row.store.js';

/** An answer as it is stored. */
type SavedAnswer = Pick<Answer, 'response' | 'saveId' | 'certainty'> & { readonly savedAt: Date };

const answerFields = (
  at: string,
  { response, saveId, savedAt, certainty }: SavedAnswer,
): Record<string, unknown> => ({
  [`${at}.response`]: response,
  [`${at}.saveId`]: saveId,
  [`${at}.savedAt`]: savedAt,
  ...(certainty !== undefined && { [`${at}.certainty`]: certainty }),
});

/** Finds an attempt in progress whose answer has this revision and is not checked. */
const unchecked = ({ id, courseId }: Attempt, at: string, revision: number) => ({
  _id: id,
  courseId,
  state: 'inProgress' as const,
  [`${at}.revision`]: revision,
  // Not `null`: a numeric part of a path is also a field of each element, which has none.
  [`${at}.checked`]: { $exists: false },
});

/** What is written while an attempt is in progress. */
export function createAnswersStore(model: AttemptModel) {
  // Straight to the collection for what every save asks: there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection<Omit<FoundAttempt, '_id'>>;
  return {
    /**
     * Saves one answer of an open attempt, if its revision is still `base`.
     * @param index of the question, from 0
     * @returns null when it is not, the answer is checked, or the attempt is finished
     */
    async save(attempt: Attempt, index: number, base: number, saved: SavedAnswer): Promise<Attempt | null> {
      const at = `answers.${index}`;
      const row = await model
        .findOneAndUpdate(
          unchecked(attempt, at, base),
          {
            $set: answerFields(at, saved),
            $inc: { [`${at}.revision`]: 1, revision: 1 },
          },
          { returnDocument: 'after' },
        )
        .lean<FoundAttempt>();
      return row && plainAttempt(row);
    },

    /**
     * Saves one answer as `save` does, if the attempt's time ends when it is thought to and is not over. One write by id
     * that reads nothing back.
     * @param endsAt as known; null: never
     * @returns false when it is not saved, for whatever reason
     */
    async saveInTime(
      { id, courseId }: Pick<Attempt, 'id' | 'courseId'>,
      index: number,
      base: number,
      saved: SavedAnswer,
      endsAt: Date | null,
    ): Promise<boolean> {
      if (endsAt !== null && endsAt <= saved.savedAt) return false;
      const at = `answers.${index}`;
      const { matchedCount } = await rows.updateOne(
        {
          _id: new Types.ObjectId(id),
          courseId,
          state: 'inProgress',
          [`${at}.revision`]: base,
          [`${at}.checked`]: { $exists: false },
          endsAt: endsAt ?? { $type: 'null' },
        },
        {
          $set: answerFields(at, saved),
          $inc: { [`${at}.revision`]: 1, revision: 1 },
        },
      );
      return matchedCount > 0;
    },

    /** Goes on to a page of a sequential test, never back. */
    async turnTo(attempt: Attempt, page: number): Promise<void> {
      await model.updateOne(
        {
          _id: attempt.id,
          courseId: attempt.courseId,
          state: 'inProgress',
          $or: [{ page: { $exists: false } }, { page: { $lt: page } }],
        },
        { $set: { page } },
      );
    },

    /** Notes what the browser tells of an attempt in progress, up to a bound. */
    async log(attempt: Attempt, entries: readonly LogEntry[]): Promise<void> {
      await model.updateOne(
        {
          _id: attempt.id,
          courseId: attempt.courseId,
          state: 'inProgress',
          [`log.${MOST_LOGGED}`]: { $exists: false },
        },
        { $push: { log: { $each: [...entries] } } },
      );
    },

    /** Fixes an answer of an attempt in progress. @returns false when it has another revision, or is fixed already */
    async check(attempt: Attempt, index: number, revision: number): Promise<boolean> {
      const at = `answers.${index}`;
      const result = await model.updateOne(unchecked(attempt, at, revision), {
        $set: { [`${at}.checked`]: true },
        $inc: { revision: 1 },
      });
      return result.matchedCount > 0;
    },

    /** Notes that an answer was checked and may be given again. @returns false as `check` */
    async noteTry(
      attempt: Attempt,
      index: number,
      { revision, tries }: Pick<Answer, 'revision' | 'tries'>,
    ): Promise<boolean> {
      const at = `answers.${index}`;
      const result = await model.updateOne(
        { ...unchecked(attempt, at, revision), [`${at}.tries`]: tries ?? { $exists: false } },
        {
          $set: { [`${at}.tries`]: (tries ?? 0) + 1, [`${at}.triedRevision`]: revision },
          $inc: { revision: 1 },
        },
      );
      return result.matchedCount > 0;
    },

    /** Takes the next hint of a question of an attempt in progress. @returns null when it was taken already */
    async takeHint(attempt: Attempt, index: number, taken: number): Promise<Attempt | null> {
      const at = `answers.${index}.hints`;
      const row = await model
        .findOneAndUpdate(
          {
            _id: attempt.id,
            courseId: attempt.courseId,
            state: 'inProgress',
            [at]: taken === 0 ? { $exists: false } : taken,
          },
          { $set: { [at]: taken + 1 }, $inc: { revision: 1 } },
          { returnDocument: 'after' },
        )
        .lean<FoundAttempt>();
      return row && plainAttempt(row);
    },
  };
}
