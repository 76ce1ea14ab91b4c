import type { Connection } from 'mongoose';
import type { Blocker, PersonRef } from '../../shared/personal-data.js';
import { seriesModel, type FoundSeries } from './series/series-row.store.js';

/** Bookings of a person. */
export const booked = ({ personId, courseIds }: PersonRef) => ({
  courseId: { $in: [...courseIds] },
  personIds: personId,
});
/** Series of a person. */
export const taught = ({ personId, courseIds }: PersonRef) => ({
  courseId: { $in: [...courseIds] },
  teacherId: personId,
});
/** Slots of a person. */
export const held = ({ personId }: PersonRef) => ({ teacherId: personId });

/** Titles of these series, each once. */
export async function titlesOf(connection: Connection, ids: readonly string[]): Promise<Blocker['name'][]> {
  const found = await seriesModel(connection)
    .find({ _id: { $in: [...new Set(ids)] } })
    .lean<FoundSeries[]>();
  return [...new Set(found.map(({ title }) => title))];
}
