import { expect } from 'chai';
import { ALL_SCOPES, SCOPE } from '../../scripts/demo-lms/index.js';
import { startTestApp, type TestApp, type Visitor } from '../support/test-app.js';
import { routesOf } from '../support/routes.js';
import { makeCard } from '../features/directory/support.js';
import type { Stage } from './attacked.js';
import { setStage } from './stage.js';

const NASTY = `<b>&"'</b>🙂`;
const NASTY_IN_HTML = '&lt;b&gt;&amp;&#34;&#39;&lt;/b&gt;🙂';
const MIDDLE = '<script>alert(1)</script>{{7*7}}${x}';

/**
 * Every page that can be reached by links, by each kind of person, in a course full of people whose names are an
 * attack: as a page and as JSON.
 */
describe('every page that links lead to', function () {
  this.timeout(120_000);
  let testApp: TestApp;
  let stage: Stage;

  before(async () => {
    testApp = await startTestApp({ env: { SMTP_URL: 'outbox:' } });
    for (const [index, person] of ['11', '3', '101', '103', '15', '135'].entries()) {
      testApp.lms.control.changePerson(person, {
        familyName: `${NASTY}${String(index).repeat(3)}${'Щ'.repeat(280)}`,
        givenName: NASTY,
        middleName: MIDDLE,
      });
    }
    const { control } = testApp.lms;
    control.changeTool(control.tools()[0]!.id, { scopes: [...ALL_SCOPES, SCOPE.groups] });
    const set = { id: '1', title: `${NASTY} все` };
    for (const { id } of control.groupsIn('2')) control.changeGroup(id, { title: NASTY + id, set });
    stage = await setStage(testApp);
    await stage.visitors.teacher.submit('people/refresh');
    await testApp.app.jobs.drain();
    const card = { surname: NASTY, givenName: MIDDLE, visibility: 'public', consent: true };
    const slug = await makeCard(stage.visitors.methodist, { ...card, programmes: [NASTY] });
    await stage.visitors.methodist.json('POST', `directory/teachers/${slug}/materials`, {
      ...{ kind: 'text', title: NASTY, text: NASTY, topic: NASTY, tasks: NASTY, audience: 'public' },
      tests: [stage.tests.published],
    });
  });
  after(() => testApp.close());

  /** Patterns of the pages' routes that a visitor has seen. */
  const seen = new Set<string>();
  const patterns = (): [string, RegExp][] =>
    routesOf(testApp.app.express)
      .filter(
        (route) =>
          route.startsWith('GET /c/') ||
          /^GET \/(?:teachers|associations|programmes|materials|responsible|sveden)/.test(route),
      )
      // No page, but what pages show.
      .filter((route) => !/ \/c\/:courseKey\/(?:files|calendar)\/:/.test(route))
      .map((route) => route.slice('GET '.length))
      .map((path) => [path, new RegExp(`^${path.replace(/\/$/, '/?').replace(/:\w+/g, '[^/]+')}$`)]);

  const linksIn = (body: string, base: string): URL[] =>
    [...body.matchAll(/<(?:a|form)\b[^>]*?(?:href|action)="([^"]*)"[^>]*>/g)]
      .filter(([tag]) => !/method="post"/i.test(tag) && !/download|target="_blank"/.test(tag))
      .map(([, address = '']) => new URL(address.replaceAll('&amp;', '&').replaceAll('&#34;', '"'), base))
      .filter(
        ({ origin, pathname }) =>
          origin === testApp.origin &&
          !/^\/assets\/|\/export$|^\/c\/\w+\/(?:files\/|exports\/\w+\/file)|\.(?:ics|vcf|svg)$/.test(
            pathname,
          ),
      );

  async function look(visitor: Visitor, url: URL): Promise<string> {
    const path = url.pathname + url.search;
    const page = await visitor.get(path);
    expect(page.status, `${path}: ${page.body.slice(0, 500)}`).to.equal(200);
    expect(page.headers.get('content-type'), path).to.match(/^text\/html/);
    // Nothing of a name is markup, in text, attributes, titles or data blocks.
    const said = page.body.replaceAll(NASTY_IN_HTML, '');
    expect(said, path).not.to.match(/<b>(?:&|&amp;)/);
    expect(said, path).not.to.contain('<script>alert');
    expect(page.body, path).not.to.match(/\[object Object\]|\bundefined\b|\bNaN\b|49\$/);
    expect(page.body, path).not.to.match(/\sstyle=|\son\w+=|javascript:/);

    const data = await visitor.json('GET', path);
    if (data.status !== 303) {
      expect(data.status, `${path} as JSON`).to.equal(200);
      expect(data.headers.get('content-type'), path).to.match(/^application\/json/);
      expect(data.data, path).to.be.an('object');
    }
    const at = new URL(page.url);
    for (const [pattern, regexp] of patterns()) {
      if (regexp.test(url.pathname) || regexp.test(at.pathname)) seen.add(pattern);
    }
    return page.body;
  }

  async function crawl(visitor: Visitor, first: string): Promise<{ pages: number; named: number }> {
    const start = new URL(visitor.address(first));
    const waiting = [start];
    const known = new Set([start.pathname]);
    let named = 0;
    let pages = 0;
    for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
      const body = await look(visitor, url);
      pages += 1;
      if (body.includes(NASTY_IN_HTML)) named += 1;
      for (const link of linksIn(body, url.href)) {
        link.searchParams.delete('lang');
        // One of a kind by its path: filters, pages and the like change only what a list holds.
        if (known.has(link.pathname)) continue;
        // A free time leads into a course, which asks those without a session to enter.
        if (visitor.key === null && link.pathname.startsWith('/c/')) continue;
        known.add(link.pathname);
        waiting.push(link);
      }
    }
    return { pages, named };
  }

  for (const [who, least] of [
    ['teacher', 15],
    ['student', 5],
    ['methodist', 15],
    ['foreignTeacher', 5],
  ] as const) {
    it(`as ${who}`, async () => {
      const { pages, named } = await crawl(stage.visitors[who], '');
      expect(pages, 'pages').to.be.at.least(least);
      // The person's own name stands on every page of the course, in its head.
      expect(named, 'pages with a name').to.be.at.least(pages - 2);
    });
  }

  it('without a session, the directory', async () => {
    const { pages } = await crawl(testApp.anonymous(), '/teachers');
    expect(pages).to.be.at.least(3);
  });

  it('opens pages that no link leads to: the picker, a link of a copied course, and another person’s attempt', async () => {
    const { deepLinking, link, tests, timetable, student } = stage;
    const { teacher } = stage.visitors;
    for (const path of [
      `deep-linking/${deepLinking.request}`,
      `links/${link}`,
      `tests/${tests.attempted}/people/${student}`,
      `tests/${tests.attempted}/attempts/${tests.attempt}`,
      `tests/import/${tests.import}`,
      `tests/exports/${tests.export}`,
      `tests/${tests.draft}/remove`,
      `timetable/import/${timetable.import}`,
      'grades',
    ]) {
      await look(teacher, new URL(teacher.address(path)));
    }
    const own = { surname: NASTY, givenName: MIDDLE, visibility: 'public', consent: true };
    const made = await teacher.json('POST', 'directory/mine', own);
    await look(teacher, new URL(teacher.address('directory/send')));
    const slug = /teachers\/([a-z0-9-]+)/.exec(made.headers.get('location') ?? '')?.[1] ?? '';
    const { directory } = testApp.app.features;
    await directory.upsertAssociation({ title: NASTY, description: '', head: slug });
    await look(teacher, new URL(teacher.address('directory/led')));
  });

  it('a series in a copied course, and the form that fills its timetable', async () => {
    const { control } = testApp.lms;
    const custom = `nastavnik_kind=consultations\nnastavnik_id=${stage.consultations.series}`;
    const original = control.addActivity('2', control.tools()[0]!.id, { title: NASTY, custom });
    const course = control.copyCourse('2', { withStudents: true, title: NASTY }).id;
    const link = control.activities(course).find((item) => item.custom === original.custom)!.id;
    for (const person of ['11', '101']) {
      const visitor = await testApp.launch({ person, course, link });
      const at = new URL(visitor.landing!.url);
      expect(at.pathname).to.match(/consultations\/[0-9a-f]{24}$/);
      await look(visitor, at);
      if (person === '101') continue;
      const fill = /href="([^"]*new\?fills=[^"]*)"/.exec((await visitor.get(at.pathname)).body)?.[1];
      await look(visitor, new URL(fill ?? '', at));
      await look(visitor, new URL(visitor.address('consultations')));
    }
  });

  it('and that were all pages there are', () => {
    const missing = patterns()
      .map(([pattern]) => pattern)
      // Files of lists are no pages; the tests of their features read them.
      .filter((pattern) => !seen.has(pattern) && !/\/(?:export|file)$|\.(?:vcf|svg)$/.test(pattern));
    expect(missing).to.deep.equal([]);
  });
});
