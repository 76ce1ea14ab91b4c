import { Router, type Request, type RequestHandler } from 'express';
import type { TableExport } from '../../infra/export/index.js';
import { address, exportView, listView, pageOf } from '../../infra/lists/index.js';
import type { Clock } from '../../shared/clock.js';
import { shortName } from '../../shared/names.js';
import { formatNumber } from '../../web/format.js';
import { present, seeOther, whileWaiting } from '../../web/present.js';
import { barChart } from './chart.view.js';
import { reportColumns, reportList, rowName, unaidedColumns } from './reports.list.js';
import type { Counting } from './counting/counting.service.js';
import type { LargeReport, ReportReader, ReportRow, ReportWish } from './report.js';
import { waitOf } from './reports.view.js';
import { wishOf } from './report-wish.js';
import type { ReportsService } from './reports.service.js';

/** The tables of the page as files. */
export interface ReportFiles {
  readonly report: TableExport;
  readonly unaided: TableExport;
}

export interface ReportsRouterDeps {
  readonly reports: Pick<ReportsService, 'choices'>;
  readonly counting: Pick<Counting, 'look' | 'again'>;
  readonly clock: Clock;
  readonly files: ReportFiles;
  /** @throws DomainError `forbidden` for those who answer for nothing */
  readonly readerOf: (req: Request) => Promise<ReportReader>;
}

/** More do not fit beside each other: the chart goes by month then. */
const MOST_BARS = 12;

/** «Белова Наталья Сергеевна» → «Белова Н. С.»: there is little room below a bar. */
const shortened = (name: string): string => {
  const [surname = '', givenName = '', patronymic = ''] = name.split(' ');
  return shortName({ surname, givenName, patronymic });
};

/** «Объединение математики», «Объединение физики» → «математики», «физики»: beside each other the word says nothing. */
function withoutCommonWord(names: readonly string[]): readonly string[] {
  const words = new Set(names.map((name) => name.split(' ')[0]));
  const stay = names.length < 2 || words.size > 1 || names.some((name) => !name.includes(' '));
  return stay ? names : names.map((name) => name.slice(name.indexOf(' ') + 1));
}

type Charted = 'planned' | 'held' | 'academicHours' | 'questions' | 'answered';

function chartsOf({ page: { t, locale } }: Request, rows: readonly ReportRow[], people: boolean) {
  if (rows.length === 0) return [];
  const names = rows.map((row) => rowName(row, { t, locale }));
  const labels = people
    ? names.map((name, at) => (rows[at]?.name ? shortened(name) : name))
    : withoutCommonWord(names);
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
      name: rowName(row, { t, locale }),
      cells: columns.map((column) => formatNumber(row[column], locale)),
    })),
  });
  return [
    chart(t('reports.chart.consultations'), 'planned', 'held'),
    chart(t('reports.chart.academicHours'), 'academicHours'),
    chart(t('reports.chart.questions'), 'questions', 'answered'),
  ];
}

/** What the page shows while a job counts, or where it could not. */
const uncounted = (found: Exclude<LargeReport, { readonly state: 'ready' }>) => ({
  data: found,
  locals: { counted: null, wait: waitOf(found) },
});

function counted(
  { report, countedAt }: Extract<LargeReport, { readonly state: 'ready' }>,
  { from, to, by }: ReportWish,
  wantedPage: number,
  req: Request,
) {
  const { rows, ...found } = pageOf(report.rows, wantedPage, reportList.size);
  const charted = rows.length > MOST_BARS ? report.months : rows;
  const { total, months, unaided, unaidedTotal } = report;
  return {
    data: { state: 'ready', from, to, by, total, rows, months, unaided, unaidedTotal, countedAt },
    locals: {
      wait: null,
      counted: {
        ...{ total, unaided, unaidedTotal, countedAt },
        charts: chartsOf(req, charted, by === 'teacher' && charted === rows),
      },
    },
    rows,
    found,
  };
}

/** `/c/:courseKey/reports` and `/staff/reports`: the same pages; who reads decides what is counted. */
export function reportsRouter({ reports, counting, clock, files, readerOf }: ReportsRouterDeps): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    const reader = await readerOf(req);
    const { wanted, wish } = wishOf(req.query, req.page, clock.now());
    const [large, choices] = await Promise.all([counting.look(reader, wish), reports.choices(reader)]);
    const shown =
      large.state === 'ready'
        ? counted(large, wish, wanted.page, req)
        : { ...uncounted(large), rows: [], found: { page: 1, pages: 1 } };
    const columns = reportColumns;
    present(req, res, {
      view: 'reports/report',
      title: req.page.t('reports.title'),
      data: shown.data,
      locals: {
        ...shown.locals,
        listing: listView(reportList, wanted, req.page, {
          action: req.baseUrl,
          found: { page: shown.found.page, pages: shown.found.pages },
          choices: {
            association: choices.associations,
            programme: choices.programmes,
            teacher: choices.teachers,
          },
          table: { columns, rows: shown.rows },
          exports: { action: `${req.baseUrl}/export`, columns },
        }),
        unaidedFiles: exportView(
          { action: `${req.baseUrl}/unaided/export`, columns: unaidedColumns, label: 'reports.unaided.save' },
          wanted.state,
          req.page,
        ),
        again: address(`${req.baseUrl}/again`, wanted.state),
      },
      ...whileWaiting(large.state === 'waiting'),
    });
  });

  router.post('/again', async (req, res) => {
    const reader = await readerOf(req);
    const { wanted, wish } = wishOf(req.query, req.page, clock.now());
    await counting.again(reader, wish);
    seeOther(res, address(req.baseUrl, wanted.state));
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
