import type { Exports } from '../../infra/export/index.js';
import type { Clock } from '../../shared/clock.js';
import type { Requester } from '../../shared/requester.js';
import type { Counting } from './counting/counting.service.js';
import type { ReportReader } from './report.js';
import { wishOf } from './report-wish.js';
import { reportColumns, unaidedColumns } from './reports.list.js';
import type { ReportFiles } from './reports.routes.js';
import type { ReportsService } from './reports.service.js';

export interface ReportFilesDeps {
  readonly exports: Pick<Exports, 'defineTable'>;
  readonly reports: Pick<ReportsService, 'report' | 'reportInThread' | 'unaided'>;
  readonly counting: Pick<Counting, 'isLarge' | 'findFresh'>;
  readonly clock: Clock;
  /** @throws DomainError `forbidden` for those who answer for nothing */
  readonly readerOf: (requester: Requester) => Promise<ReportReader>;
}

/** The tables of reports as files. */
export const createReportFiles = ({
  exports,
  reports,
  counting,
  clock,
  readerOf,
}: ReportFilesDeps): ReportFiles => ({
  report: exports.defineTable({
    name: 'report',
    async open(requester, query, reader) {
      const [of, { wish }] = [await readerOf(requester), wishOf(query, reader, clock.now())];
      const large = await counting.isLarge(wish);
      const fresh = large ? await counting.findFresh(of, wish) : null;
      return {
        title: reader.t('reports.title'),
        columns: reportColumns,
        isLong: large && fresh === null,
        async rows() {
          if (fresh !== null) return fresh.rows;
          const report = large
            ? reports.reportInThread(of, wish, () => Promise.resolve())
            : reports.report(of, wish);
          return (await report).rows;
        },
      };
    },
  }),
  unaided: exports.defineTable({
    name: 'report-unaided',
    async open(requester, query, reader) {
      const [of, { wish }] = [await readerOf(requester), wishOf(query, reader, clock.now())];
      return {
        title: reader.t('reports.unaided.title'),
        columns: unaidedColumns,
        isLong: await counting.isLarge(wish),
        rows: () => reports.unaided(of, wish),
      };
    },
  }),
});
