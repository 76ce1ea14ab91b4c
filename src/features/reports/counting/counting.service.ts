import { createHash } from 'node:crypto';
import type { Jobs } from '../../../infra/jobs/index.js';
import { MINUTE, type Clock } from '../../../shared/clock.js';
import type { CountedReport, LargeReport, ReportReader, ReportWish } from '../report.js';
import type { ReportsService } from '../reports.service.js';
import type { CountedRecord, CountedStore } from './counted.store.js';
import { addCountingJobs } from './counting.jobs.js';

/** What a request counts while it waits; more is counted by a job. */
const AT_ONCE = 200;
/** The page says when it was counted; later it is counted again. */
const FRESH_MS = 10 * MINUTE;
/** A page shows no more; files have all. */
const SHOWN_UNAIDED = 100;

export interface Counting {
  /**
   * Counts a small report at once, and has a large one counted by a job. One that was counted in the last ten minutes
   * for those who answer for the same is shown again.
   * @throws DomainError `bad-input` on `dayTo` for a period of more than three years
   */
  look(reader: ReportReader, wish: ReportWish): Promise<LargeReport>;
  /** Has a large report counted again that is counted. */
  again(reader: ReportReader, wish: ReportWish): Promise<void>;
  /** The large report that `look` shows; null where a job has to count it. */
  findFresh(reader: ReportReader, wish: ReportWish): Promise<CountedReport | null>;
  /** Returns true if a job counts it. @throws DomainError as `look` */
  isLarge(wish: ReportWish): Promise<boolean>;
}

export interface CountingDeps {
  readonly jobs: Pick<Jobs, 'register' | 'enqueueOnce'>;
  readonly store: CountedStore;
  readonly reports: Pick<ReportsService, 'report' | 'reportInThread' | 'unaided' | 'sizeOf'>;
  readonly clock: Clock;
}

/** Of what is seen and asked for; those who answer for the same share it. */
function digestOf({ duties, courseId }: ReportReader, wish: ReportWish): string {
  const ids = duties.all ? [] : [...duties.associationIds].sort();
  const seen = [duties.all, ids, duties.all || ids.length > 0 ? null : courseId];
  const { from, to, by, association, programme, teacher, zone } = wish;
  const asked = [from, to, by, association ?? '', programme ?? '', teacher ?? '', zone];
  return createHash('sha256')
    .update(JSON.stringify([seen, asked]))
    .digest('base64url');
}

export function createCounting({ jobs, store, reports, clock }: CountingDeps): Counting {
  const withUnaided = async (
    reader: ReportReader,
    wish: ReportWish,
    report: Promise<Omit<CountedReport, 'unaided' | 'unaidedTotal'>>,
  ): Promise<CountedReport> => {
    const counted = await report;
    const unaided = await reports.unaided(reader, wish);
    return { ...counted, unaided: unaided.slice(0, SHOWN_UNAIDED), unaidedTotal: unaided.length };
  };
  const enqueue = addCountingJobs({
    ...{ jobs, store, clock },
    count: (reader, wish, tell) => withUnaided(reader, wish, reports.reportInThread(reader, wish, tell)),
  });

  const isOld = ({ state, countedAt }: CountedRecord): boolean =>
    state === 'ready' && clock.now().getTime() - (countedAt?.getTime() ?? 0) >= FRESH_MS;

  async function restarted(found: CountedRecord, size: number): Promise<CountedRecord | null> {
    await store.restart(found, size, clock.now());
    return store.findOptional(found.id);
  }

  return {
    isLarge: async (wish) => (await reports.sizeOf(wish)) > AT_ONCE,

    async findFresh(reader, wish) {
      const found = await store.findOptional(digestOf(reader, wish));
      return found?.state === 'ready' && !isOld(found) ? found.report : null;
    },

    async look(reader, wish) {
      const size = await reports.sizeOf(wish);
      if (size <= AT_ONCE) {
        const report = await withUnaided(reader, wish, reports.report(reader, wish));
        return { state: 'ready', report, countedAt: null };
      }
      const id = digestOf(reader, wish);
      const before =
        (await store.findOptional(id)) ??
        (await store.insert({ id, reader, wish, total: size, askedAt: clock.now() }));
      const found = before !== null && isOld(before) ? await restarted(before, size) : before;
      if (found?.state === 'failed') return { state: 'failed', problem: found.problem ?? 'broken' };
      if (found?.state === 'ready' && found.report !== null)
        return { state: 'ready', report: found.report, countedAt: found.countedAt };
      // Also for one that waits: the process may have been killed before it put the job in.
      if (found !== null) await enqueue(found);
      return { state: 'waiting', done: found?.done ?? 0, total: found?.total ?? size };
    },

    async again(reader, wish) {
      const found = await store.findOptional(digestOf(reader, wish));
      if (found === null || found.state === 'waiting') return;
      const waits = await restarted(found, await reports.sizeOf(wish));
      if (waits?.state === 'waiting') await enqueue(waits);
    },
  };
}
