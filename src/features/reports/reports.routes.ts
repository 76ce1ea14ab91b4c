import { Router, type Request, type RequestHandler } from 'express';
import type { TableExport } from '../../infra/export/index.js';
import { address, exportView, listView, pageOf } from '../../infra/lists/index.js';
import type { Clock } from '../../shared/clock.js';
import { shortName } from '../../shared/names.js';
import { formatNumber } from '../../web/format.js';
import { present } from '../../web/present.js';
import { barChart } from './chart.view.js';
import { reportColumns, reportList, unaidedColumns } from './reports.list.js';
import type { ReportReader, ReportRow } from './report.js';
import { wishOf } from './report-wish.js';
import type { ReportsService } from './reports.service.js';

/** The tables of the page as files. */
export interface ReportFiles {
  readonly report: TableExport;
  readonly unaided: TableExport;
}

export interface ReportsRouterDeps {
  readonly reports: ReportsService;
  readonly clock: Clock;
  readonly files: ReportFiles;
  /** @throws DomainError `forbidden` for those who answer for nothing */
  readonly readerOf: (req: Request) => Promise<ReportReader>;
}

/** A table on a page shows no more; files have all. */
const SHOWN_UNAIDED = 100;

/** «Белова Наталья Сергеевна» → «Белова Н. С.»: there is little room below a bar. */
const shortened = (name: string): string => {
  const [surname = '', givenName = '', patronymic = ''] = name.split(' ');
  return shortName({ surname, givenName, patronymic });
};

type Charted = 'planned' | 'held' | 'academicHours' | 'questions' | 'answered';

function chartsOf({ page: { t, locale } }: Request, rows: readonly ReportRow[], people: boolean) {
  if (rows.length === 0) return [];
  const labels = rows.map(({ name }) => (people ? shortened(name) : name));
  const chart = (title: string, ...columns: readonly Charted[]) => ({
    title,
    svg: barChart(
      title,
      labels,
      columns.map((column) => ({
        name: t(`reports.column.${column}`),
        values: rows.map((row) => row[column]),
      })),
    ),
    headings: [t('reports.column.name'), ...columns.map((column) => t(`reports.column.${column}`))],
    rows: rows.map((row) => ({
      name: row.name || t('common.nameless'),
      cells: columns.map((column) => formatNumber(row[column], locale)),
    })),
  });
  return [
    chart(t('reports.chart.consultations'), 'planned', 'held'),
    chart(t('reports.chart.academicHours'), 'academicHours'),
    chart(t('reports.chart.questions'), 'questions', 'answered'),
  ];
}

/** `/c/:courseKey/reports` and `/staff/reports`: the same pages; who reads decides what is counted. */
export function reportsRouter({ reports, clock, files, readerOf }: ReportsRouterDeps): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    const reader = await readerOf(req);
    const { wanted, wish } = wishOf(req.query, req.page, clock.now());
    const [report, choices, unaided] = await Promise.all([
      reports.report(reader, wish),
      reports.choices(reader),
      reports.unaided(reader, wish),
    ]);
    const { t } = req.page;
    const { rows, ...found } = pageOf(report.rows, wanted.page, reportList.size);
    const charted = rows.length > 12 ? report.months : rows;
    const columns = reportColumns;
    present(req, res, {
      view: 'reports/report',
      title: t('reports.title'),
      data: {
        from: wish.from,
        to: wish.to,
        by: wish.by,
        total: report.total,
        rows,
        months: report.months,
        unaided: unaided.slice(0, SHOWN_UNAIDED),
        unaidedTotal: unaided.length,
      },
      locals: {
        listing: listView(reportList, wanted, req.page, {
          action: req.baseUrl,
          found: { page: found.page, pages: found.pages },
          choices: {
            association: choices.associations,
            programme: choices.programmes,
            teacher: choices.teachers,
          },
          table: { columns, rows },
          exports: { action: `${req.baseUrl}/export`, columns },
        }),
        unaidedFiles: exportView(
          { action: `${req.baseUrl}/unaided/export`, columns: unaidedColumns, label: 'reports.unaided.save' },
          wanted.state,
          req.page,
        ),
        charts: chartsOf(req, charted, wish.by === 'teacher' && charted === rows),
      },
    });
  });

  /** A file of the period that the page shows: what is asked for today is not of another month tomorrow. */
  const answer = (file: TableExport): RequestHandler => {
    return async (req, res) => {
      const { state } = wishOf(req.query, req.page, clock.now()).wanted;
      await file.answer(req, res, state, address(req.baseUrl, state));
    };
  };
  router.get('/export', answer(files.report));
  router.get('/unaided/export', answer(files.unaided));

  return router;
}
