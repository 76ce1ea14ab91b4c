import type { Connection } from 'mongoose';
import type { Span } from '../slots/intervals.js';
import { plainSeries, seriesModel, type FoundSeries, type Plan, type Series } from './series-row.store.js';

/** Plans of slots that a running series is to get; a series has at most one under way. */
export function createSeriesPlans(connection: Connection) {
  const model = seriesModel(connection);

  async function begin(
    courseId: string,
    id: string,
    set: { readonly plan: Plan; readonly settleAt: Date; readonly pattern?: Series['pattern'] },
  ): Promise<Series | null> {
    const row = await model
      .findOneAndUpdate(
        { _id: id, courseId, state: 'active', plan: null },
        { $set: set },
        { returnDocument: 'after' },
      )
      .lean<FoundSeries>();
    return row && plainSeries(row);
  }

  return {
    /** Gives a series other days and hours, with a plan of what is new. Returns null when it has a plan under way. */
    reschedule: (courseId: string, id: string, pattern: Series['pattern'], plan: Plan, settleAt: Date) =>
      begin(courseId, id, { pattern, plan, settleAt }),

    /** Adds a plan of more slots. @returns null when the series has ended, or has a plan under way */
    extend: (courseId: string, id: string, plan: Plan, settleAt: Date) =>
      begin(courseId, id, { plan, settleAt }),

    /** The plan is carried out, but for `leftOut`. */
    async carriedOut(id: string, key: string, leftOut: readonly Span[]): Promise<void> {
      await model.updateOne(
        { _id: id, 'plan.key': key },
        { $set: { plan: null }, $push: { leftOut: { $each: leftOut } } },
      );
    },
  };
}
