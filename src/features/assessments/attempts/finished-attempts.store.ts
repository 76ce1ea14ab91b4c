import { Types, type mongo } from 'mongoose';
import { FINISHED_STATES } from './attempt-states.fields.js';
import { isCounted, type Attempt, type FinishedAttempt } from './attempt.js';
import { plainAttempt, type AttemptModel, type FoundAttempt } from './attempts-row.store.js';

/** Handed in, as `isFinished` says of attempts anywhere else. */
const isFinished = (attempt: Attempt): attempt is FinishedAttempt =>
  attempt.finishedAt !== null && (FINISHED_STATES as readonly string[]).includes(attempt.state);

/** Attempts that are handed in, as marking, results and statistics read them. */
export function createFinishedAttemptsStore(model: AttemptModel) {
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

    /** Some of the finished attempts of a test, in no order. */
    async findManyFinished(
      courseId: string,
      testId: string,
      ids: readonly string[],
    ): Promise<FinishedAttempt[]> {
      const found = await rows
        .find({ _id: { $in: ids.map((id) => new Types.ObjectId(id)) }, courseId, testId })
        .toArray();
      return found.map(plainAttempt).filter(isFinished).filter(isCounted);
    },

    /** How many attempts of a test are not finished yet. */
    async countOpen(courseId: string, testId: string): Promise<number> {
      return model.countDocuments({ courseId, testId, open: true, onTrial: null, removed: null });
    },

    /** @returns attempt id → whose it is, and which of that person's */
    async ownersOf(
      courseId: string,
      testId: string,
      ids: readonly string[],
    ): Promise<ReadonlyMap<string, Pick<Attempt, 'personId' | 'number'>>> {
      if (ids.length === 0) return new Map();
      const found = await rows
        .find(
          { _id: { $in: ids.map((id) => new Types.ObjectId(id)) }, courseId, testId },
          { projection: { personId: 1, number: 1 } },
        )
        .toArray();
      return new Map(found.map(({ _id, personId, number }) => [_id.toString(), { personId, number }]));
    },

    /** Ids of the finished attempts of a test, the oldest first. */
    async idsOfFinished(courseId: string, testId: string): Promise<string[]> {
      const found = await rows
        .find(
          { courseId, testId, finishedAt: { $gt: new Date(0) } },
          { projection: { state: 1, onTrial: 1, removed: 1 } },
        )
        .sort({ finishedAt: 1 })
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

    async countFinishedSince(courseId: string, testId: string, since: Date): Promise<number> {
      return model.countDocuments({
        ...{ courseId, testId, finishedAt: { $gt: since } },
        ...{ onTrial: null, removed: null },
      });
    },
  };
}
