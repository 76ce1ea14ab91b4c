import type { Connection } from 'mongoose';
import type { AnyModel } from '../../../infra/events/index.js';
import { unlessTaken } from './duplicate.store.js';
import {
  plainSeries,
  seriesModel,
  type FoundSeries,
  type NewSeries,
  type PlaceChange,
  type Plan,
  type Series,
  type SeriesRow,
} from './series-row.store.js';
import { createSeriesPlans } from './series-plans.store.js';
import { createSeriesReading } from './series-reading.store.js';
import type { Terms } from './series.fields.js';

export type { CopiedFrom, NewSeries, Plan, PlannedSlot, Series, SeriesState } from './series-row.store.js';

export function createSeriesStore(connection: Connection) {
  const model = seriesModel(connection);
  const optional = (row: FoundSeries | null): Series | null => row && plainSeries(row);

  return {
    ...createSeriesReading(connection),
    ...createSeriesPlans(connection),

    /** Has the mark `SERIES_MARK`. */
    model: model as AnyModel,

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

    /** Ties the series of an attestation to its date, or to none. */
    async setAttestation(
      courseId: string,
      attestationId: string,
      set: { readonly attestationId: string; readonly attestationOn: string },
    ): Promise<void> {
      await model.updateMany({ courseId, attestationId }, { $set: set });
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
      {
        regradedAt,
        moved,
      }: {
        readonly regradedAt: Date | null;
        readonly moved: { readonly placeChanged: PlaceChange; readonly settleAt: Date } | null;
      },
    ): Promise<Series | null> {
      return optional(
        await model
          .findOneAndUpdate(
            { _id: id, courseId, capacity: { $lte: terms.capacity } },
            // The gradebook follows the title, the rule and the maximum.
            {
              $set: {
                ...terms,
                ...(regradedAt && { gradesAt: regradedAt, gradedSince: regradedAt }),
                ...moved,
              },
              $inc: { revision: 1 },
            },
            { returnDocument: 'after' },
          )
          .lean<FoundSeries>(),
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
