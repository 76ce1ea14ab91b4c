import type { Connection } from 'mongoose';
import type { AnyModel } from '../../../infra/events/index.js';
import { unlessTaken } from './duplicate.store.js';
import {
  plainSeries,
  seriesModel,
  type FoundSeries,
  type NewSeries,
  type Plan,
  type Series,
  type SeriesRow,
} from './series-row.store.js';
import type { Span } from '../slots/intervals.js';
import type { Terms } from './series.fields.js';

export type { CopiedFrom, NewSeries, Plan, PlannedSlot, Series, SeriesState } from './series-row.store.js';

export function createSeriesStore(connection: Connection) {
  const model = seriesModel(connection);
  const optional = (row: FoundSeries | null): Series | null => row && plainSeries(row);

  return {
    /** Has the mark `SERIES_MARK`. */
    model: model as AnyModel,

    /** Whether there is any series, in any course. */
    any: async (): Promise<boolean> => (await model.findOne({}).select({ _id: 1 }).lean()) !== null,

    /**
     * Keeps a new series together with the plan of its slots, in one write.
     * @returns the series, and whether it is new: the same form may be sent twice
     */
    async create(
      series: NewSeries,
      draft: string,
      plan: Plan,
      settleAt: Date,
    ): Promise<{ series: Series; made: boolean }> {
      const row: SeriesRow = {
        ...series,
        draft,
        state: 'active',
        endedAt: null,
        endedBy: '',
        leftOut: [],
        plan,
        settleAt,
      };
      const result = await unlessTaken(() => model.create(row), ['draft']);
      const { courseId, createdBy } = series;
      const found = await model.findOne({ courseId, createdBy, draft }).lean<FoundSeries>().orFail();
      return { series: plainSeries(found), made: 'value' in result };
    },

    /**
     * Gives a draft its timetable and its teacher: it runs from now on.
     * @returns null when it is no draft any more
     */
    async fill(
      id: string,
      { courseId, ...series }: NewSeries,
      draft: string,
      plan: Plan,
      settleAt: Date,
    ): Promise<Series | null> {
      return optional(
        await model
          .findOneAndUpdate(
            { _id: id, courseId, state: 'draft' },
            { $set: { ...series, draft, state: 'active', plan, settleAt } },
            { returnDocument: 'after' },
          )
          .lean<FoundSeries>(),
      );
    },

    async findOptionalByDraft(courseId: string, createdBy: string, draft: string): Promise<Series | null> {
      return optional(await model.findOne({ courseId, createdBy, draft }).lean<FoundSeries>());
    },

    async findOptional(courseId: string, id: string): Promise<Series | null> {
      return optional(await model.findOne({ _id: id, courseId }).lean<FoundSeries>());
    },

    /** In no particular order, of any course. */
    async findMany(ids: readonly string[]): Promise<Series[]> {
      return (await model.find({ _id: { $in: ids } }).lean<FoundSeries[]>()).map(plainSeries);
    },

    /** Newest first. */
    async ofCourse(courseId: string, state: Series['state']): Promise<Series[]> {
      const rows = await model.find({ courseId, state }).sort({ createdAt: -1 }).lean<FoundSeries[]>();
      return rows.map(plainSeries);
    },

    /** Series with reminders of their own, of all courses. */
    async listReminders(): Promise<Pick<Series, 'id' | 'reminderHours'>[]> {
      const rows = await model
        .find({ reminderHours: { $gt: '' } })
        .select({ reminderHours: 1 })
        .lean<Pick<FoundSeries, '_id' | 'reminderHours'>[]>();
      return rows.map(({ _id, reminderHours }) => ({ id: _id.toString(), reminderHours }));
    },

    /** Series of a course that prepare for an attestation. */
    async ofAttestation(courseId: string, attestationId: string): Promise<Series[]> {
      const rows = await model
        .find({ courseId, state: { $in: ['draft', 'active', 'ended'] }, attestationId })
        .sort({ createdAt: -1 })
        .lean<FoundSeries[]>();
      return rows.map(plainSeries);
    },

    /** Ties the series of an attestation to its date, or to none. */
    async setAttestation(
      courseId: string,
      attestationId: string,
      set: { readonly attestationId: string; readonly attestationOn: string },
    ): Promise<void> {
      await model.updateMany({ courseId, attestationId }, { $set: set });
    },

    /** Gives a series other days and hours, with a plan of what is new. Returns null when it has a plan under way. */
    async reschedule(
      courseId: string,
      id: string,
      pattern: Series['pattern'],
      plan: Plan,
      settleAt: Date,
    ): Promise<Series | null> {
      return optional(
        await model
          .findOneAndUpdate(
            { _id: id, courseId, state: 'active', plan: null },
            { $set: { pattern, plan, settleAt } },
            { returnDocument: 'after' },
          )
          .lean<FoundSeries>(),
      );
    },

    /** Series that are called after a room follow its name. */
    async renameRoom(roomId: string, title: string): Promise<void> {
      await model.updateMany(
        { roomId, placeOfRoom: true, place: { $ne: title } },
        { $set: { place: title }, $inc: { revision: 1 } },
      );
    },

    /** Series bear the title of their type. */
    async retitleType(type: string, typeTitle: string): Promise<void> {
      await model.updateMany({ type }, { $set: { typeTitle } });
    },

    /** @returns null when there is no such series, or it has more seats already */
    async edit(
      courseId: string,
      id: string,
      terms: Terms & Pick<Series, 'placeOfRoom'>,
      regradedAt: Date | null,
    ): Promise<Series | null> {
      return optional(
        await model
          .findOneAndUpdate(
            { _id: id, courseId, capacity: { $lte: terms.capacity } },
            // The gradebook follows the title, the rule and the maximum.
            {
              $set: { ...terms, ...(regradedAt && { gradesAt: regradedAt, gradedSince: regradedAt }) },
              $inc: { revision: 1 },
            },
            { returnDocument: 'after' },
          )
          .lean<FoundSeries>(),
      );
    },

    /** Adds a plan of more slots. @returns null when the series has ended, or has a plan under way */
    async extend(courseId: string, id: string, plan: Plan, settleAt: Date): Promise<Series | null> {
      return optional(
        await model
          .findOneAndUpdate(
            { _id: id, courseId, state: 'active', plan: null },
            { $set: { plan, settleAt } },
            { returnDocument: 'after' },
          )
          .lean<FoundSeries>(),
      );
    },

    /** The plan is carried out, but for `leftOut`. */
    async carriedOut(id: string, key: string, leftOut: readonly Span[]): Promise<void> {
      await model.updateOne(
        { _id: id, 'plan.key': key },
        { $set: { plan: null }, $push: { leftOut: { $each: leftOut } } },
      );
    },

    async end(
      courseId: string,
      id: string,
      endedBy: string,
      endedAt: Date,
      settleAt: Date,
    ): Promise<Series | null> {
      return optional(
        await model
          .findOneAndUpdate(
            { _id: id, courseId, state: { $in: ['draft', 'active'] } },
            { $set: { state: 'ended', endedBy, endedAt, settleAt } },
            { returnDocument: 'after' },
          )
          .lean<FoundSeries>(),
      );
    },
  };
}

export type SeriesStore = ReturnType<typeof createSeriesStore>;
