import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { seedApp } from '../../scripts/seed/index.js';
import { CLAIM } from '../../src/lti/index.js';
import { launchLink } from '../support/lms.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { routesOf } from '../support/routes.js';
import { launchChromium, overflow } from './browser.js';

/** What the keyboard meets. */
interface Stop {
  readonly what: string;
  /** Something is drawn around it that is not there otherwise. */
  readonly marked: boolean;
  readonly inView: boolean;
  /** Of the finger's target, CSS pixels; links within text have no least size (WCAG 2.2, 2.5.8). */
  readonly height: number;
  readonly inText: boolean;
}

const PASSWORD = 'три синих кита у окна';

/** Everything in the room from the keyboard alone, on a telephone's screen. */
describe('the administration by keyboard, at 360 px', () => {
  let testApp: TestApp;
  let browser: Browser;
  let page: Page;

  before(async () => {
    testApp = await startTestApp();
    const { clientId, deployments } = testApp.registration;
    await seedApp(testApp.app, { origin: testApp.lms.origin, clientId, deploymentId: deployments[0] ?? '' });
    await testApp.launch({ person: '101', course: '2' });
    await launchLink(testApp.lms, {
      person: '101',
      course: '2',
      forge: ({ claims }) => ({ ...claims, [CLAIM.deploymentId]: '77' }),
    });
    browser = await launchChromium();
    const context = await browser.newContext({
      locale: 'ru-RU',
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      // Focus is looked at as it stands, not as it fades in.
      reducedMotion: 'reduce',
    });
    page = await context.newPage();
  });
  after(async () => {
    await browser.close();
    await testApp.close();
  });

  const focusables = (): Promise<number> =>
    page.evaluate<number>(
      // Of a group of radio buttons Tab reaches one; arrows go on from there.
      `[...document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex="0"]')]
        .filter((one) => !one.disabled && one.getClientRects().length > 0 && one.checkVisibility())
        .filter((one, index, all) => one.type !== 'radio' ||
          all.findIndex((other) => other.type === 'radio' && other.form === one.form && other.name === one.name) === index)
        .length`,
    );

  const STOP = `(() => {
    const one = document.activeElement;
    if (one === null || one === document.body) return null;
    // A date field has several stops of its own.
    if (one === window.lastStop) return 'same';
    if (walked.has(one)) return null;
    walked.add(one);
    window.lastStop = one;
    const drawn = (style) => [style.outlineStyle === 'none' ? '' : style.outlineWidth + style.outlineColor, style.boxShadow, style.borderColor, style.backgroundColor].join();
    const here = drawn(getComputedStyle(one));
    const outlined = getComputedStyle(one).outlineStyle !== 'none' && parseFloat(getComputedStyle(one).outlineWidth) >= 1;
    one.blur();
    const elsewhere = drawn(getComputedStyle(one));
    one.focus({ preventScroll: true });
    const box = one.getBoundingClientRect();
    const target = one.closest('label') ?? one;
    return {
      what: one.tagName.toLowerCase() + ' ' + (one.getAttribute('href') ?? one.name ?? '') + ' ' + (one.textContent ?? '').trim().slice(0, 30),
      marked: here !== elsewhere || outlined,
      inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
      height: target.getBoundingClientRect().height,
      inText: one.tagName === 'A' && getComputedStyle(one).display === 'inline',
    };
  })()`;

  /** Goes by Tab through the page until it begins anew. */
  async function walk(): Promise<Stop[]> {
    const stops: Stop[] = [];
    // Tab begins at the top, not after a notice that has the focus.
    await page.evaluate(`document.body.tabIndex = -1; document.body.focus(); document.body.blur();
      document.body.removeAttribute('tabindex')`);
    await page.evaluate('window.walked = new Set(); window.lastStop = null');
    for (let most = 400; most > 0; most -= 1) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate<Stop | 'same' | null>(STOP);
      if (stop === null) break;
      if (stop !== 'same') stops.push(stop);
    }
    return stops;
  }

  /** All that is wrong, page by page. */
  const wrong: string[] = [];
  async function look(path: string): Promise<void> {
    if ((await overflow(page)) !== 0) wrong.push(`${path} reaches out sideways`);
    const stops = await walk();
    const all = await focusables();
    expect(all, path).to.be.above(0);
    if (stops.length !== all)
      wrong.push(
        `${path}: ${stops.length} of ${all} are reached, the last is ${stops.at(-1)?.what ?? 'none'}`,
      );
    for (const { what, marked, inView, height, inText } of stops) {
      if (!marked) wrong.push(`${path}: focus is not seen on ${what}`);
      if (!inView) wrong.push(`${path}: out of view is ${what}`);
      if (!inText && height < 24) wrong.push(`${path}: too small for a finger is ${what}`);
    }
  }

  const seen = new Set<string>();
  const patterns = (): [string, RegExp][] =>
    routesOf(testApp.app.express)
      .filter((route) => route.startsWith('GET /admin'))
      .map((route) => route.slice('GET '.length))
      .map((path) => [path, new RegExp(`^${path.replace(/\/$/, '/?').replace(/:\w+/g, '[^/]+')}$`)]);
  const note = (): void => {
    const { pathname } = new URL(page.url());
    for (const [pattern, regexp] of patterns()) if (regexp.test(pathname)) seen.add(pattern);
  };

  /** By the keyboard alone: into each field by Tab, and sent by Enter. */
  async function typeInto(fields: Readonly<Record<string, string>>): Promise<void> {
    const last = Object.keys(fields).at(-1);
    for (let most = 60; most > 0; most -= 1) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate<string>('document.activeElement?.name ?? ""');
      if (fields[name] === undefined) continue;
      await page.keyboard.insertText(fields[name]);
      if (name !== last) continue;
      const before = page.url();
      await Promise.all([page.waitForURL((url) => url.href !== before), page.keyboard.press('Enter')]);
      return;
    }
    throw new Error(`no way to ${String(last)} by keyboard`);
  }

  it('from the one-time link through the login into every page that links lead to', async function () {
    this.timeout(180_000);
    const { admin } = testApp.app.features;
    await page.goto(admin.linkUrl(await admin.accounts.invite({ kind: 'terminal', id: '', name: 'test' })));
    note();
    await look('/admin/setup');
    await page.reload();
    await typeInto({ login: 'keyboard', password: PASSWORD, repeat: PASSWORD });
    note();
    await look('/admin/login');
    await page.goto(`${testApp.origin}/admin/login`);
    await typeInto({ login: 'keyboard', password: PASSWORD });
    expect(page.url()).to.equal(`${testApp.origin}/admin`);

    const waiting = ['/admin'];
    const known = new Set(waiting.map(kindOf));
    for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
      const answer = await page.goto(`${testApp.origin}${path}`);
      expect(answer?.status(), path).to.equal(200);
      note();
      await look(path);
      const links = await page.evaluate<string[]>(
        `[...document.querySelectorAll('a[href^="/admin"]:not([download])')].map((one) => one.getAttribute('href'))`,
      );
      for (const link of links) {
        if (known.has(kindOf(link))) continue;
        known.add(kindOf(link));
        waiting.push(link);
      }
    }
    expect(wrong).to.deep.equal([]);
  });

  /** One of a kind is enough: another person's page is the same page. */
  const kindOf = (link: string): string =>
    link
      .split('?')[0]!
      .replace(/[0-9a-f]{24}/g, ':id')
      .replace(/\/(teachers|associations|materials|templates)\/(?!new\b)[^/]+/, '/$1/:slug');

  it('and those were all pages, but for those that need an errand of their own', async () => {
    const [person, other] = (await testApp.app.features.membership.personQueries.searchPeople([], 0, 2))
      .people;
    const path = `/admin/people/${person!.id}/merge/${other!.id}`;
    await page.goto(`${testApp.origin}${path}`);
    note();
    await look(path);
    expect(wrong).to.deep.equal([]);
    const missing = patterns()
      .map(([pattern]) => pattern)
      .filter((pattern) => !seen.has(pattern));
    // A second factor, and a grade that was refused: nobody here has either.
    expect(missing).to.have.members([
      '/admin/login/code',
      '/admin/grades/again',
      '/admin/grades/:id',
      '/admin/launches/export',
      // A file of cards that was uploaded: nobody has.
      '/admin/directory/import/:key',
      // Files, not pages.
      '/admin/directory/export/',
      '/admin/directory/teachers/:slug/card.vcf',
      '/admin/directory/teachers/:slug/qr.svg',
      // Of a person in a course; the room of administrators has neither.
      '/admin/directory/mine',
      '/admin/directory/my-teachers',
    ]);
  });
});
