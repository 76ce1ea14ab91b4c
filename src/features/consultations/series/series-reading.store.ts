import { Types, type Connection, type mongo } from 'mongoose';
import { keepReads } from '../../../storage/index.js';
import { plainSeries, seriesModel, type FoundSeries, type Series } from './series-row.store.js';

/** Finds series, and lists those of a course. */
export function createSeriesReading(connection: Connection) {
  const model = seriesModel(connection);
  const optional = (row: FoundSeries | null): Series | null => row && plainSeries(row);
  // Straight to the collection: each booking asks, and there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection<FoundSeries>;
  const kept = keepReads<Series | null>(connection, {
    collection: model.collection.name,
    keysOf: ({ _id }) => [String(_id)],
  });

  return {
    /** Whether there is any series, in any course. */
    any: async (): Promise<boolean> => (await model.findOne({}).select({ _id: 1 }).lean()) !== null,

    async findOptionalByDraft(courseId: string, createdBy: string, draft: string): Promise<Series | null> {
      return optional(await model.findOne({ courseId, createdBy, draft }).lean<FoundSeries>());
    },

    async findOptional(courseId: string, id: string): Promise<Series | null> {
      if (!Types.ObjectId.isValid(id)) return null;
      const found = await kept.get(id, async () =>
        optional(await rows.findOne({ _id: new Types.ObjectId(id) })),
      );
      return found?.courseId === courseId ? found : null;
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
  };
}
