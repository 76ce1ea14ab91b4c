import { z } from 'zod';
import type { Events } from '../../../infra/events/index.js';
import { defineJob, type Jobs } from '../../../infra/jobs/index.js';
import { isRecordId } from '../../../shared/ids.js';
import { lineItemFound, type GradebookFeature } from '../../gradebook/index.js';
import { linkChanged, type LaunchFeature } from '../../launch/index.js';
import { SERIES_GRADES_MARK } from '../series/series-row.store.js';
import type { SeriesStore } from '../series/series.store.js';
import { gradesOf } from './grade.js';
import { ATTENDANCE_MARK, type HeldStore } from './held.store.js';

export interface AttendanceJobsDeps {
  readonly jobs: Jobs;
  readonly events: Events;
  readonly series: SeriesStore;
  readonly records: HeldStore;
  readonly grades: Pick<GradebookFeature, 'queue' | 'columnChanged'>;
  readonly findLink: LaunchFeature['links']['findOptional'];
}

const ofSeries = z.object({ courseId: z.string(), seriesId: z.string() });

/** Scores of attendance go to the gradebook, and its line item follows the series. */
export function addAttendanceJobs(deps: AttendanceJobsDeps): void {
  const { jobs, events, series, records, grades, findLink } = deps;

  async function publish({ courseId, seriesId }: z.infer<typeof ofSeries>): Promise<void> {
    // Links name their content as they like.
    const found = isRecordId(seriesId) ? await series.findOptional(courseId, seriesId) : null;
    if (found === null) return;
    for (const grade of gradesOf(found, await records.listForSeries(courseId, seriesId))) {
      await grades.queue(grade);
    }
  }

  const publishSeries = jobs.register(
    defineJob({
      name: 'publish-attendance',
      payload: ofSeries,
      key: ({ seriesId }) => seriesId,
      run: ({ payload }) => publish(payload),
    }),
  );
  events.watchMark(
    records.model,
    ATTENDANCE_MARK,
    publishSeries,
    (_id, row) => {
      const { courseId, seriesId } = row as z.infer<typeof ofSeries>;
      return { courseId, seriesId };
    },
    ['courseId', 'seriesId'],
  );

  const followSeries = jobs.register(
    defineJob({
      name: 'follow-series-grading',
      payload: ofSeries,
      key: ({ seriesId }) => seriesId,
      async run({ payload }) {
        await grades.columnChanged(payload.courseId, { kind: 'consultations', id: payload.seriesId });
        await publish(payload);
      },
    }),
  );
  events.watchMark(
    series.model,
    SERIES_GRADES_MARK,
    followSeries,
    (seriesId, row) => ({ seriesId, courseId: (row as { courseId: string }).courseId }),
    ['courseId'],
  );

  // A line item has become known, from a launch or by a search: all scores go to it.
  events.subscribe(linkChanged, {
    name: 'publish-attendance-of-link',
    async run({ documentId, data: { courseId } }) {
      const link = await findLink(courseId, documentId);
      if (link?.content?.kind !== 'consultations' || link.lineItem === '') return;
      await jobs.enqueue(publishSeries, { courseId, seriesId: link.content.id });
    },
  });
  events.subscribeJob(lineItemFound, publishSeries, ({ data: { courseId, content } }) =>
    content.kind === 'consultations' ? { payload: { courseId, seriesId: content.id } } : null,
  );
}
