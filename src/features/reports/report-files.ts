import type { Exports } from '../../infra/export/index.js';
import type { Clock } from '../../shared/clock.js';
import type { Requester } from '../../shared/requester.js';
import type { ReportReader } from './report.js';
import { wishOf } from './report-wish.js';
import { reportColumns, unaidedColumns } from './reports.list.js';
import type { ReportFiles } from './reports.routes.js';
import type { ReportsService } from './reports.service.js';

export interface ReportFilesDeps {
  readonly exports: Pick<Exports, 'defineTable'>;
  readonly reports: Pick<ReportsService, 'report' | 'unaided'>;
  readonly clock: Clock;
  /** @throws DomainError `forbidden` for those who answer for nothing */
  readonly readerOf: (requester: Requester) => Promise<ReportReader>;
}

/** The tables of reports as files. */
export const createReportFiles = ({ exports, reports, clock, readerOf }: ReportFilesDeps): ReportFiles => ({
  report: exports.defineTable({
    name: 'report',
    async open(requester, query, reader) {
      const [of, { wish }] = [await readerOf(requester), wishOf(query, reader, clock.now())];
      return {
        title: reader.t('reports.title'),
        columns: reportColumns,
        rows: async () => (await reports.report(of, wish)).rows,
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
        rows: () => reports.unaided(of, wish),
      };
    },
  }),
});
