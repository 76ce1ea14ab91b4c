import { z } from 'zod';
import type { Events } from '../../infra/events/index.js';
import { defineJob, type Jobs } from '../../infra/jobs/index.js';
import { SERIES_MARK } from './series/series-row.store.js';
import type { SeriesStore } from './series/series.store.js';
import type { Settling } from './slots/settling.service.js';
import { SLOT_MARK, type SlotsStore } from './slots/slots.store.js';

export interface ConsultationsJobsDeps {
  readonly jobs: Jobs;
  readonly events: Pick<Events, 'watchMark'>;
  readonly series: SeriesStore;
  readonly slots: SlotsStore;
  readonly settling: Pick<Settling, 'settleSeries' | 'settleSlot'>;
}

/** Finishes changes of several documents whose request was killed: the marks are due when it must have ended. */
export function addConsultationsJobs({ jobs, events, series, slots, settling }: ConsultationsJobsDeps): void {
  const settleSeries = jobs.register(
    defineJob({
      name: 'settle-series',
      payload: z.object({ seriesId: z.string() }),
      key: ({ seriesId }) => seriesId,
      run: ({ payload }) => settling.settleSeries(payload.seriesId),
    }),
  );
  events.watchMark(series.model, SERIES_MARK, settleSeries, (seriesId) => ({ seriesId }));

  const settleSlot = jobs.register(
    defineJob({
      name: 'settle-slot',
      payload: z.object({ slotId: z.string() }),
      key: ({ slotId }) => slotId,
      run: ({ payload }) => settling.settleSlot(payload.slotId),
    }),
  );
  events.watchMark(slots.model, SLOT_MARK, settleSlot, (slotId) => ({ slotId }));
}
