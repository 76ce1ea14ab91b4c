import { z } from 'zod';
import { defineJob, defineLane, exponential, type Jobs } from '../../../infra/jobs/index.js';
import { MINUTE, type Clock } from '../../../shared/clock.js';
import { ThreadError } from '../../../shared/threads.js';
import type { CountedReport, ReportReader, ReportWish } from '../report.js';
import type { AskedFor, CountedStore } from './counted.store.js';

/** One at a time in a process: others wait with their page. */
const lane = defineLane({ name: 'reports', limit: 1 });
const MOST_TRIES = 3;

export interface CountingJobsDeps {
  readonly jobs: Pick<Jobs, 'register' | 'enqueueOnce'>;
  readonly store: CountedStore;
  readonly clock: Clock;
  /** @param tell notes how many consultations and questions are read */
  readonly count: (
    reader: ReportReader,
    wish: ReportWish,
    tell: (done: number) => Promise<void>,
  ) => Promise<CountedReport>;
}

/** Returns what has a report counted; nothing is done where its job exists. */
export function addCountingJobs({ jobs, store, clock, count }: CountingJobsDeps) {
  const countReport = jobs.register(
    defineJob({
      name: 'count-report',
      payload: z.object({ id: z.string(), askedAt: z.number() }),
      // Of a process that was killed between asking again and putting the job in, the next look puts it in.
      key: ({ id, askedAt }) => `${id}:${askedAt}`,
      lane,
      retry: exponential({ attempts: MOST_TRIES }),
      timeoutMs: 30 * MINUTE,
      async run({ payload, signal }) {
        const found = await store.findOptional(payload.id);
        if (found?.state !== 'waiting' || found.askedAt.getTime() !== payload.askedAt) return;
        try {
          const report = await count(found.reader, found.wish, async (done) => {
            signal.throwIfAborted();
            await store.setProgress(found, done);
          });
          await store.finish(found, report, clock.now());
        } catch (error) {
          if (!(error instanceof ThreadError) || error.reason === 'ended') throw error;
          await store.fail(found, 'tooLarge');
        }
      },
      async onFailure({ payload: { id, askedAt } }, { nextAt }) {
        if (nextAt === null) await store.fail({ id, askedAt: new Date(askedAt) }, 'broken');
      },
    }),
  );
  return ({ id, askedAt }: AskedFor): Promise<unknown> =>
    jobs.enqueueOnce(countReport, { id, askedAt: askedAt.getTime() });
}
