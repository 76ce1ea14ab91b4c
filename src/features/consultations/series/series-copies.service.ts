import type { Clock } from '../../../shared/clock.js';
import type { Copies } from '../../../shared/content.js';
import { isRecordId } from '../../../shared/ids.js';
import type { SeriesCopiesStore } from './series-copies.store.js';
import type { SeriesStore } from './series.store.js';

export interface CopiesDeps {
  readonly series: Pick<SeriesStore, 'findOptional'>;
  readonly copies: SeriesCopiesStore;
  readonly clock: Clock;
}

/**
 * Series in courses that the LMS has copied. A copy has the terms of its source and an empty timetable, also of
 * one that has ended: last year's times are over. Slots and bookings stay where they are.
 */
export function createCopies({ series, copies, clock }: CopiesDeps): Copies {
  return {
    courseOf: async (id) => (isRecordId(id) ? copies.courseOf(id) : null),

    async standIn(courseId, id) {
      if (!isRecordId(id)) return null;
      const own = await series.findOptional(courseId, id);
      return (own ?? (await copies.find(courseId, id)))?.id ?? null;
    },

    async copy(id, from, toCourseId) {
      const source = await series.findOptional(from.courseId, id);
      if (source === null) return null;
      await copies.insert(source, toCourseId, { seriesId: id, courseTitle: from.title, at: clock.now() });
      return (await copies.find(toCourseId, id))?.id ?? null;
    },
  };
}
