import type { Connection } from 'mongoose';
import { seriesFields } from './series.fields.js';
import { unlessTaken } from './duplicate.store.js';
import {
  plainSeries,
  seriesModel,
  type CopiedFrom,
  type FoundSeries,
  type Series,
} from './series-row.store.js';

/** Series in courses that the LMS has copied. */
export function createSeriesCopiesStore(connection: Connection) {
  const model = seriesModel(connection);
  return {
    /** The course of a series, whichever it is. */
    async courseOf(id: string): Promise<string | null> {
      const row = await model.findById(id).select({ courseId: 1 }).lean<{ courseId: string }>();
      return row?.courseId ?? null;
    },

    /** Returns this course's copy of a series, in any state. */
    async find(courseId: string, seriesId: string): Promise<Series | null> {
      const row = await model.findOne({ courseId, 'copiedFrom.seriesId': seriesId }).lean<FoundSeries>();
      return row && plainSeries(row);
    },

    /** Writes the copy of a series: its terms, and no times. Once; a second one changes nothing. */
    async insert(source: Series, courseId: string, from: CopiedFrom): Promise<void> {
      const { zone, length, gap } = source.pattern;
      await unlessTaken(
        () =>
          model.create({
            ...seriesFields.pick(source),
            ...{
              courseId,
              type: source.type,
              typeTitle: source.typeTitle,
              form: source.form,
              placeOfRoom: source.placeOfRoom,
              teacherId: source.teacherId,
              createdBy: source.createdBy,
            },
            createdAt: from.at,
            pattern: {
              zone,
              from: '',
              to: '',
              weekdays: [],
              start: '',
              end: '',
              bands: [],
              except: [],
              length,
              gap,
            },
            draft: `copy-${from.seriesId}`,
            state: 'draft',
            plan: null,
            copiedFrom: from,
          }),
        ['copiedFrom.seriesId', 'draft'],
      );
    },
  };
}

export type SeriesCopiesStore = ReturnType<typeof createSeriesCopiesStore>;
