import { Router, type Request } from 'express';
import { sendExport } from '../../infra/export/index.js';
import { exportView, listView, pageOf } from '../../infra/lists/index.js';
import type { Clock } from '../../shared/clock.js';
import { shortName } from '../../shared/names.js';
import { instantAt, localAt } from '../../shared/zoned.js';
import { formatNumber } from '../../web/format.js';
import { present } from '../../web/present.js';
import { barChart } from './chart.view.js';
import { reportColumns, reportList, unaidedColumns } from './reports.list.js';
import type { ReportReader, ReportRow, ReportWish } from './report.js';
import type { ReportsService } from './reports.service.js';

export interface ReportsRouterDeps {
  readonly reports: ReportsService;
  readonly clock: Clock;
  /** @throws DomainError `forbidden` for those who answer for nothing */
  readonly readerOf: (req: Request) => Promise<ReportReader>;
}

/** A table on a page shows no more; files have all. */
const SHOWN_UNAIDED = 100;

/** The last day of a day's month. */
const lastDayOf = (day: string): string =>
  new Date(Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)), 0)).toISOString().slice(0, 10);

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
export function reportsRouter({ reports, clock, readerOf }: ReportsRouterDeps): Router {
  const router = Router();

  /** The current month unless the address says another period. */
  function wishOf(req: Request): { wanted: ReturnType<typeof reportList.parse>; wish: ReportWish } {
    const { zone } = req.page;
    const today = localAt(clock.now(), zone).slice(0, 10);
    const month = { dayFrom: `${today.slice(0, 7)}-01`, dayTo: lastDayOf(today) };
    const { dayFrom, dayTo } = req.query as Record<string, string | undefined>;
    const query = dayFrom || dayTo ? req.query : { ...req.query, ...month };
    const wanted = reportList.parse(query, req.page);
    const { day, by = 'teacher', association, programme, teacher } = wanted.filters;
    const from = day?.from ?? instantAt(`${month.dayFrom}T00:00`, zone) ?? new Date(0);
    const to = day?.to ?? clock.now();
    return { wanted, wish: { from, to, by: by, association, programme, teacher, zone } };
  }

  router.get('/', async (req, res) => {
    const reader = await readerOf(req);
    const { wanted, wish } = wishOf(req);
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

  router.get('/export', async (req, res) => {
    const reader = await readerOf(req);
    const { wish } = wishOf(req);
    await sendExport(req, res, {
      title: req.page.t('reports.title'),
      columns: reportColumns,
      rows: async () => (await reports.report(reader, wish)).rows,
      now: clock.now(),
    });
  });

  router.get('/unaided/export', async (req, res) => {
    const reader = await readerOf(req);
    const { wish } = wishOf(req);
    await sendExport(req, res, {
      title: req.page.t('reports.unaided.title'),
      columns: unaidedColumns,
      rows: () => reports.unaided(reader, wish),
      now: clock.now(),
    });
  });

  return router;
}
