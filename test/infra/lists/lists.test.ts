import { expect } from 'chai';
import cookieParser from 'cookie-parser';
import express, { type Express } from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { z } from 'zod';
import type { Column } from '../../../src/infra/export/index.js';
import {
  choiceFilter,
  defineList,
  linkedFilter,
  listView,
  orderBy,
  pageOf,
  rangeFilter,
  recordFilter,
  textFilter,
  type Wanted,
} from '../../../src/infra/lists/index.js';
import { UNSAID } from '../../../src/shared/centre-settings.js';
import { pageContext } from '../../../src/web/context.js';
import { errorHandler } from '../../../src/web/error-handler.js';
import { present } from '../../../src/web/present.js';

interface Pupil {
  readonly name: string;
  readonly score: number | null;
}

const STATES = ['started', 'finished'] as const;
const GROUP = '0123456789abcdef01234567';

const pupils = defineList({
  filters: {
    q: textFilter({ label: 'roster.name' }),
    state: choiceFilter({
      label: 'roster.role',
      choices: STATES,
      text: (state) => (state === 'started' ? 'common.next' : 'common.save'),
    }),
    group: recordFilter({ label: 'roster.group.heading', any: 'roster.group.all' }),
    course: linkedFilter(),
    at: rangeFilter({ label: 'common.product' }),
  },
  sorts: {
    name: { heading: 'roster.name' },
    score: { heading: 'roster.role', descendingFirst: true },
  },
  order: 'name',
  size: 2,
  mostPages: 50,
});

const log = defineList({
  filters: {},
  cursor: z.string().regex(/^\d{1,14}$/),
});

const COLUMNS: readonly Column<Pupil>[] = [
  {
    key: 'name',
    heading: 'roster.name',
    kind: 'text',
    value: ({ name }) => name,
    link: ({ name }) => `/p/${name}`,
  },
  { key: 'score', heading: 'roster.role', kind: 'number', value: ({ score }) => score },
];

const PUPILS: readonly Pupil[] = [
  { name: 'Ёлкин', score: 3 },
  { name: 'Яковлев', score: null },
  { name: 'Еремин', score: 5.5 },
  { name: 'Ежов', score: 4 },
  { name: '<b>Жук</b>', score: null },
];

function pages(): Express {
  const app = express().set('env', 'test');
  app.use(
    cookieParser(),
    pageContext(() => ({ ...UNSAID, zone: 'Europe/Moscow' })),
  );
  app.get('/pupils', (req, res) => {
    const wanted = pupils.parse(req.query, req.page);
    const { key, descending } = wanted.sort;
    const ordered = orderBy(PUPILS, (pupil) => pupil[key], descending);
    const { rows, ...found } = pageOf(ordered, wanted.page, pupils.size);
    const listing = listView(pupils, wanted, req.page, {
      action: '/pupils',
      found,
      choices: { group: [[GROUP, '7 «А»']] },
      table: { columns: COLUMNS, rows },
      exports: { action: '/pupils/export', columns: COLUMNS },
    });
    present(req, res, { view: 'partials/list', title: 'Pupils', data: { listing, empty: 'nobody' } });
  });
  app.get('/log', (req, res) => {
    const wanted = log.parse(req.query, req.page);
    const listing = listView(log, wanted, req.page, { action: '/log', found: { next: '17' } });
    const data = { listing, empty: '-', rows: [{ text: 'first line' }], row: 'partials/toast', text: 'line' };
    present(req, res, { view: 'partials/list', title: 'Log', data });
  });
  app.use(errorHandler(pino({ level: 'silent' }), () => null));
  return app;
}

const page = async (query: string, cookie = ''): Promise<string> =>
  (await request(pages()).get(query).set('Cookie', cookie).expect(200)).text;

const parsed = (query: object): Wanted<typeof pupils.spec.filters, 'name' | 'score', never> =>
  pupils.parse(query, { zone: 'Europe/Moscow' });

describe('lists', () => {
  describe('orderBy', () => {
    const names = (rows: readonly Pupil[]): string[] => rows.map(({ name }) => name);

    it('puts Ё after Е of the same spelling, and before what follows Е', () => {
      const made = ['Еремин', 'Ёлкин', 'Жуков', 'Елкин', 'Дубов'].map((name) => ({ name, score: null }));
      const ordered = orderBy(made, ({ name }) => name, false);
      expect(names(ordered)).to.deep.equal(['Дубов', 'Елкин', 'Ёлкин', 'Еремин', 'Жуков']);
    });

    it('puts rows without a value last in both directions', () => {
      const score = ({ score: value }: Pupil): number | null => value;
      expect(names(orderBy(PUPILS, score, false)).slice(0, 3)).to.deep.equal(['Ёлкин', 'Ежов', 'Еремин']);
      expect(names(orderBy(PUPILS, score, true))).to.deep.equal([
        'Еремин',
        'Ежов',
        'Ёлкин',
        'Яковлев',
        '<b>Жук</b>',
      ]);
    });
  });

  describe('a list read from an address', () => {
    it('means its first page, its own order and no filter when nothing is asked', () => {
      expect(parsed({ q: '', state: '', group: '', atFrom: '', sort: '' })).to.deep.equal({
        filters: {},
        sort: { key: 'name', descending: false },
        page: 1,
        after: null,
        state: {},
      });
    });

    it('reads whole days of the reader’s zone, the last one included', () => {
      const { filters } = parsed({ atFrom: '2026-11-26', atTo: '2026-11-26' });
      expect(filters.at).to.deep.equal({
        from: new Date('2026-11-25T21:00:00Z'),
        to: new Date('2026-11-26T21:00:00Z'),
      });
    });

    for (const [query, field] of [
      ['state=running', 'state'],
      ['group=7a', 'group'],
      ['course[$ne]=1', null],
      ['course=a&course=b', 'course'],
      ['sort=password', 'sort'],
      ['page=0', 'page'],
      ['page=51', 'page'],
      ['atFrom=26.11.2026', 'atFrom'],
      ['atFrom=2026-11-26&atTo=2026-11-25', 'atTo'],
      [`q=${'a'.repeat(101)}`, 'q'],
    ] as const) {
      it(
        field === null ? `ignores ${query}` : `returns 400 naming ${field} for ${query.slice(0, 40)}`,
        async () => {
          const response = await request(pages()).get(`/pupils?${query}`).set('Accept', 'application/json');
          const { fields = {} } = response.body as { fields?: object };
          expect(response.status).to.equal(field === null ? 200 : 400);
          expect(Object.keys(fields)).to.deep.equal(field === null ? [] : [field]);
        },
      );
    }
  });

  describe('a list on a page', () => {
    it('marks the heading it is ordered by, and turns the order round by the next click', async () => {
      const html = await page('/pupils?sort=-score');
      expect(html).to.match(/aria-sort="descending"\s+class="figure"\s*>\s*<a href="\/pupils\?sort=score">/);
      expect(html).to.match(/aria-sort="none"\s*>\s*<a href="\/pupils\?sort=name">/);
    });

    it('orders by the best first when a heading of figures is clicked', async () => {
      expect(await page('/pupils')).to.include('href="/pupils?sort=-score"');
    });

    it('keeps filters and order in links to other pages, to other orders and to files', async () => {
      const html = await page(`/pupils?state=started&course=${GROUP}&sort=-name&page=2`);
      const state = `state=started&amp;course=${GROUP}`;
      expect(html).to.include(`href="/pupils?${state}&amp;sort=-name&amp;page=3"`);
      expect(html).to.include(`href="/pupils?${state}&amp;sort=-name&amp;page=1"`);
      expect(html).to.include(`href="/pupils?${state}&amp;sort=name"`);
      expect(html).to.include(`href="/pupils/export?${state}&amp;sort=-name&amp;format=xlsx"`);
    });

    it('keeps in hidden fields what the form does not show', async () => {
      const html = await page(`/pupils?state=started&course=${GROUP}&sort=-name`);
      const [form = ''] = /<form method="get".*?<\/form>/s.exec(html) ?? [];
      const hidden = [...form.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(
        ([, ...pair]) => pair,
      );
      expect(hidden).to.deep.equal([
        ['course', GROUP],
        ['sort', '-name'],
      ]);
      expect(form).to.match(/<option\s+value="started"\s+selected\s*>/);
      expect(form).to.match(new RegExp(`<option\\s+value="${GROUP}"\\s*>\\s*7 «А»`));
    });

    it('shows the last page where a later one is asked for', async () => {
      const html = await page('/pupils?page=9');
      expect(html).to.include('Страница 3 из 3');
      expect(html).to.include('Яковлев');
    });

    it('says what a name holds and never runs it', async () => {
      const html = await page('/pupils?sort=name&page=1&q=%22%3E%3Cscript%3E');
      expect(html).to.include('&lt;b&gt;Жук&lt;/b&gt;');
      expect(html).to.include('value="&#34;&gt;&lt;script&gt;"');
      expect(html).not.to.include('<script>');
    });

    it('writes figures and labels in the reader’s language', async () => {
      expect(await page('/pupils?sort=-score')).to.include('5,5');
      const english = await page('/pupils?sort=-score', 'lang=en');
      expect(english).to.include('5.5').and.to.include('Download the list').and.to.include('Page 1 of 3');
    });

    it('leads on from the place where its rows ended, and back to the beginning', async () => {
      expect(await page('/log'))
        .to.include('href="/log?after=17"')
        .and.not.to.include('В начало');
      expect(await page('/log?after=12')).to.match(/href="\/log">В начало/);
    });

    it('returns 400 naming after for a place that is none', async () => {
      const response = await request(pages())
        .get('/log?after=x')
        .set('Accept', 'application/json')
        .expect(400);
      expect((response.body as { fields: object }).fields).to.have.all.keys('after');
    });
  });
});
