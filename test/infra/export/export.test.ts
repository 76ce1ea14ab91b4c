import { expect } from 'chai';
import cookieParser from 'cookie-parser';
import express, { type Express } from 'express';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pino } from 'pino';
import request from 'supertest';
import { sendExport, type Column } from '../../../src/infra/export/index.js';
import { translator } from '../../../src/i18n/index.js';
import { UNSAID } from '../../../src/shared/centre-settings.js';
import { pageContext } from '../../../src/web/context.js';
import { errorHandler } from '../../../src/web/error-handler.js';
import { cellsOf, partsOf } from './workbook.js';

interface Row {
  readonly name: string;
  readonly score: number | null;
  readonly at: Date | null;
  readonly took: number | null;
}

const COLUMNS: readonly Column<Row>[] = [
  { key: 'name', heading: 'assessments.results.person', kind: 'text', value: ({ name }) => name },
  { key: 'score', heading: 'assessments.results.score', kind: 'number', value: ({ score }) => score },
  { key: 'at', heading: 'assessments.results.time', kind: 'date', value: ({ at }) => at },
  { key: 'took', heading: 'assessments.results.state', kind: 'duration', value: ({ took }) => took },
];

/** Headings as the reader's language words them. */
const headings = (locale: 'ru' | 'en', ...keys: string[]): string =>
  keys.map((key) => translator(locale)(`assessments.results.${key}`)).join(';');

const NOW = new Date('2026-11-26T22:30:00Z');
const MARIA: Row = {
  name: 'Иванова; "Мария"',
  score: 7.5,
  at: new Date('2026-11-26T11:05:00Z'),
  took: 3_905_000,
};

function listOf(rows: Iterable<Row>, title = 'Результаты: тест 1/2'): Express {
  const app = express().set('env', 'test');
  app.use(
    cookieParser(),
    pageContext(() => ({ ...UNSAID, zone: 'Europe/Moscow' })),
  );
  app.get('/export', (req, res) =>
    sendExport(req, res, { title, columns: COLUMNS, rows: () => rows, now: NOW }),
  );
  app.use(errorHandler(pino({ level: 'silent' }), () => null));
  return app;
}

const named = (name: string): Row => ({ name, score: null, at: null, took: null });

const csvOf = async (rows: readonly Row[], query = ''): Promise<string> => {
  const { text, status } = await request(listOf(rows)).get(`/export?format=csv${query}`).expect(200);
  expect(status).to.equal(200);
  return text;
};

const workbookOf = async (rows: readonly Row[], query = ''): Promise<Buffer> => {
  const response = await request(listOf(rows))
    .get(`/export?format=xlsx${query}`)
    .buffer(true)
    .parse((res, done) => {
      const pieces: Buffer[] = [];
      res.on('data', (piece: Buffer) => pieces.push(piece));
      res.on('end', () => done(null, Buffer.concat(pieces)));
    })
    .expect(200);
  return response.body as Buffer;
};

describe('export', () => {
  describe('CSV', () => {
    it('begins with a byte order mark and separates by semicolons and CRLF, as Russian Excel reads it', async () => {
      expect(await csvOf([MARIA])).to.equal(
        `\uFEFF${headings('ru', 'person', 'score', 'time', 'state')}\r\n"Иванова; ""Мария""";7,5;26.11.2026 14:05;1:05:05\r\n`,
      );
    });

    for (const begins of ['=', '+', '-', '@', '\t', '\r', '＝']) {
      it(`puts an apostrophe before a text that begins with ${JSON.stringify(begins)}`, async () => {
        const text = await csvOf([named(`${begins}cmd|'/c calc'!A1`)], '&columns=name');
        expect(text.split('\r\n').slice(1).join('\r\n').replace(/^"/, '')).to.match(/^'/);
      });
    }

    it('leaves a negative number a number', async () => {
      const text = await csvOf([{ ...MARIA, score: -5.25 }], '&columns=score');
      expect(text.split('\r\n')[1]).to.equal('-5,25');
    });

    it('leaves cells without a value empty', async () => {
      expect((await csvOf([named('Анна')])).split('\r\n')[1]).to.equal('Анна;;;');
    });

    it('writes headings and dates for the reader: English words, the zone of the browser', async () => {
      const { text } = await request(listOf([MARIA]))
        .get('/export?format=csv&columns=at')
        .set('Cookie', 'lang=en; zone=Asia/Vladivostok')
        .expect(200);
      expect(text).to.equal(`\uFEFF${headings('en', 'time')}\r\n26.11.2026 21:05\r\n`);
    });
  });

  describe('XLSX', () => {
    it('types its cells: texts, numbers, dates on the reader’s clock, durations as parts of a day', async () => {
      const cells = cellsOf(await workbookOf([MARIA]));
      expect(cells.get('A2')).to.deep.equal({ type: 's', value: 'Иванова; "Мария"' });
      expect(cells.get('B2')).to.deep.equal({ type: 'n', value: '7.5' });
      // 26 November 2026, 14:05, in days since 30 December 1899.
      expect(Number(cells.get('C2')?.value)).to.be.closeTo(46_352 + (14 * 60 + 5) / 1_440, 1e-6);
      expect(Number(cells.get('D2')?.value)).to.be.closeTo(3_905 / 86_400, 1e-9);
    });

    it('holds no formula for any first character of a text', async () => {
      const parts = partsOf(await workbookOf([named('=1+1'), named('@SUM(A1)'), named('-2+3')]));
      expect(parts.get('xl/worksheets/sheet1.xml')).not.to.include('<f');
      expect(parts.get('xl/sharedStrings.xml')).to.include('=1+1');
    });

    it('leaves out characters that XML does not have', async () => {
      const cells = cellsOf(await workbookOf([named('Анна\u0000\u0008\uFFFE Б.')]));
      expect(cells.get('A2')?.value).to.equal('Анна Б.');
    });

    it('names the sheet after the list without what Excel refuses', async () => {
      const parts = partsOf(await workbookOf([MARIA]));
      expect(parts.get('xl/workbook.xml')).to.include('name="Результаты тест 1 2"');
    });

    it('keeps the event loop free while 5,000 rows are written', async () => {
      const rows = Array.from({ length: 5_000 }, (_, index) => ({ ...MARIA, name: `Иванова ${index}` }));
      /** The longest time for which the loop was held, as a part of the whole. */
      const held = async (): Promise<number> => {
        const delay = monitorEventLoopDelay({ resolution: 5 });
        const begun = performance.now();
        delay.enable();
        workbook = await workbookOf(rows);
        delay.disable();
        return delay.max / 1e6 / (performance.now() - begun);
      };
      let workbook: Buffer = Buffer.alloc(0);
      // Written in this thread, it would hold the loop for more than half of the time. A busy machine may hold it once.
      let least = 1;
      for (let tries = 0; tries < 4 && least > 1 / 3; tries += 1) least = Math.min(least, await held());
      expect(least).to.be.below(1 / 3);
      expect(cellsOf(workbook).get('A5001')?.value).to.equal('Иванова 4999');
    });
  });

  it('writes JSON with the columns described, dates in UTC and durations in seconds', async () => {
    const response = await request(listOf([MARIA, named('Пётр')]))
      .get('/export?format=json&columns=name,at,took')
      .expect(200);
    expect(response.body as unknown).to.deep.equal({
      columns: [
        { key: 'name', heading: headings('ru', 'person'), kind: 'text' },
        { key: 'at', heading: headings('ru', 'time'), kind: 'date' },
        { key: 'took', heading: headings('ru', 'state'), kind: 'duration' },
      ],
      rows: [
        { name: 'Иванова; "Мария"', at: '2026-11-26T11:05:00.000Z', took: 3_905 },
        { name: 'Пётр', at: null, took: null },
      ],
    });
  });

  it('writes the columns that are asked for, in that order, once each', async () => {
    expect((await csvOf([MARIA], '&columns=score&columns=name,score')).split('\r\n')[0]).to.equal(
      `\uFEFF${headings('ru', 'score', 'person')}`,
    );
  });

  for (const [query, field] of [
    ['format=csv&columns=name,password', 'columns'],
    ['format=pdf', 'format'],
    ['', 'format'],
  ] as const) {
    it(`returns 400 naming ${field} for "${query}"`, async () => {
      const response = await request(listOf([MARIA]))
        .get(`/export?${query}`)
        .set('Accept', 'application/json')
        .expect(400);
      expect(Object.keys((response.body as { fields: object }).fields)).to.deep.equal([field]);
    });
  }

  it('saves the file under the title and the day on the reader’s clock', async () => {
    const { headers } = await request(listOf([])).get('/export?format=csv').expect(200);
    expect(headers['content-disposition']).to.equal(
      `attachment; filename="__________ ____ 1 2 2026-11-27.csv"; filename*=UTF-8''${encodeURIComponent('Результаты тест 1 2 2026-11-27.csv')}`,
    );
  });

  it('writes no quotation mark, apostrophe or line end of a title into the header', async () => {
    const { headers } = await request(listOf([], '"a"; filename=b\r\nX-Set: 1 \'c\' (d)*'))
      .get('/export?format=csv')
      .expect(200);
    expect(headers['content-disposition']).to.equal(
      `attachment; filename="a _ filename=b X-Set 1 'c' (d) 2026-11-27.csv"; filename*=UTF-8''a%20%3B%20filename%3Db%20X-Set%201%20%27c%27%20%28d%29%202026-11-27.csv`,
    );
    expect(headers).not.to.have.property('x-set');
  });

  it('breaks the answer off when a row cannot be written, so that no file looks whole', async () => {
    function* rows(): Generator<Row> {
      for (let index = 0; index < 1_000; index += 1) yield MARIA;
      throw new Error('the cursor is gone');
    }
    const outcome = await request(listOf(rows()))
      .get('/export?format=csv')
      .then(
        () => 'whole',
        () => 'broken off',
      );
    expect(outcome).to.equal('broken off');
  });
});
