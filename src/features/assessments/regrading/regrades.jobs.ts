import { z } from 'zod';
import type { Events } from '../../../infra/events/index.js';
import { defineJob, defineLane, type Jobs } from '../../../infra/jobs/index.js';
import { HOUR } from '../../../shared/clock.js';
import type { Regrader } from './regrader.js';
import { DUE_MARK, type RegradesStore } from './regrades.store.js';

/** One at a time: each reads all attempts of a test. */
const lane = defineLane({ name: 'regrade-test', limit: 1 });

export interface RegradeJobsDeps {
  readonly jobs: Jobs;
  readonly events: Events;
  readonly regrades: RegradesStore;
  readonly regrader: Regrader;
}

/** Regrades are planned and carried out by a job, which another process takes up again when its process is killed. */
export function addRegradeJobs({ jobs, events, regrades, regrader }: RegradeJobsDeps): void {
  const regradeTest = jobs.register(
    defineJob({
      name: 'regrade-test',
      payload: z.object({ regradeId: z.string() }),
      key: ({ regradeId }) => regradeId,
      lane,
      // Thousands of attempts with their grades take minutes on a small machine.
      timeoutMs: HOUR,
      run: ({ payload, signal }) => regrader.run(payload.regradeId, signal),
      async onFailure({ payload }, { nextAt }) {
        if (nextAt === null) await regrader.fail(payload.regradeId);
      },
    }),
  );
  events.watchMark(regrades.model, DUE_MARK, regradeTest, (regradeId) => ({ regradeId }));
}
