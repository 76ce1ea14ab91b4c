import { expect } from 'chai';
import { Secret, TOTP } from 'otpauth';
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
    routes = routesOf(testApp.app.express)
      .filter((route) => route.startsWith('GET /admin'))
      .map((route) => route.slice('GET '.length))
      .sort((a, b) => a.split(':').length - b.split(':').length)
      .map((path) => ({
        path,
        regexp: new RegExp(`^${path.replace(/\/$/, '/?').replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`),
      }));
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
        .filter((item) => !item.disabled && item.getClientRects().length > 0 && item.checkVisibility())
        .filter((item, index, all) => item.type !== 'radio' ||
          all.findIndex((other) => other.type === 'radio' && other.form === item.form && other.name === item.name) === index)
        .length`,
    );

  /**
   * Notes each stop just before the next Tab leaves it: by then the page has scrolled to it. Later Tabs than the one
   * after which all begins anew do nothing. Colours without the focus are looked at in the end, all at once.
   */
  const WATCH = `(() => {
    const stops = [];
    const walked = new Set();
    let ended = false;
    const drawn = (style) => [style.outlineStyle === 'none' ? '' : style.outlineWidth + style.outlineColor, style.boxShadow, style.borderColor, style.backgroundColor].join();
    const note = () => {
      const item = document.activeElement;
      if (item === null || item === document.body) return stops.length === 0;
      // A date field has several stops of its own.
      if (item === stops.at(-1)?.item) return true;
      if (walked.has(item)) return false;
      walked.add(item);
      const style = getComputedStyle(item);
      const box = item.getBoundingClientRect();
      const target = item.closest('label') ?? item;
      stops.push({
        item,
        here: drawn(style),
        what: item.tagName.toLowerCase() + ' ' + (item.getAttribute('href') ?? item.name ?? '') + ' ' + (item.textContent ?? '').trim().slice(0, 30),
        marked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1,
        inView: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
        height: target.getBoundingClientRect().height,
        inText: item.tagName === 'A' && style.display === 'inline',
      });
      return true;
    };
    // Tab begins at the top, not after a notice that has the focus.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.blur();
    document.body.removeAttribute('tabindex');
    const listen = (event) => {
      if (event.key !== 'Tab') return;
      if (!ended) ended = !note();
      if (ended) event.preventDefault();
    };
    addEventListener('keydown', listen, true);
    window.walkEnd = () => {
      if (!ended) return null;
      removeEventListener('keydown', listen, true);
      document.activeElement?.blur();
      return stops.map(({ item, here, marked, ...stop }) => ({ ...stop, marked: marked || here !== drawn(getComputedStyle(item)) }));
    };
  })()`;

  /** Tabs that are sent without waiting for each. */
  const TABS = 30;

  /** Goes by Tab through the page until it begins anew. */
  async function walk(): Promise<Stop[]> {
    await page.evaluate(WATCH);
    for (let most = 600 / TABS; most > 0; most -= 1) {
      await Promise.all(Array.from({ length: TABS }, () => page.keyboard.press('Tab')));
      const stops = await page.evaluate<Stop[] | null>('window.walkEnd()');
      if (stops !== null) return stops;
    }
    throw new Error(`${page.url()}: Tab finds no end`);
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
  /** Files, not pages: they are asked for, and not walked. */
  const FILES = /\/export\/?$|\/import\/:key\/faults$|\/exports\/:id\/file$|\.(?:vcf|svg)$/;
  let routes: readonly { readonly path: string; readonly regexp: RegExp }[];
  /** The route of an address, as Express lists it: where several match, the one with the fewest parameters. */
  const routeOf = (address: string): string | undefined => {
    const { pathname } = new URL(address, testApp.origin);
    return routes.find(({ regexp }) => regexp.test(pathname))?.path;
  };
  const note = (): void => {
    const route = routeOf(page.url());
    if (route !== undefined) seen.add(route);
  };

  /** Opens a page and walks it. */
  async function visit(path: string, status = 200): Promise<void> {
    const answer = await page.goto(`${testApp.origin}${path}`);
    expect(answer?.status(), path).to.equal(status);
    note();
    await look(path);
  }

  /** By the keyboard alone: into each field by Tab, and sent by Enter. */
  async function typeInto(fields: Readonly<Record<string, string>>): Promise<void> {
    const last = Object.keys(fields).at(-1);
    for (let most = 60; most > 0; most -= 1) {
      await page.keyboard.press('Tab');
      const name = await page.evaluate<string>('document.activeElement?.name ?? ""');
      if (fields[name] === undefined) continue;
      await page.keyboard.insertText(fields[name]);
      if (name !== last) continue;
      // The address may stay the same.
      await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
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
      await visit(path);
      const links = await page.evaluate<string[]>(
        `[...document.querySelectorAll('a[href^="/admin"]:not([download])')].map((item) => item.getAttribute('href'))`,
      );
      for (const link of links) {
        if (known.has(kindOf(link))) continue;
        known.add(kindOf(link));
        if (!FILES.test(link.split('?')[0] ?? '')) waiting.push(link);
      }
    }
    expect(wrong).to.deep.equal([]);
  });

  /** One page of each route is enough: another person's page is the same page. */
  const kindOf = (link: string): string => routeOf(link) ?? link;

  it('into pages that need an errand of their own', async function () {
    this.timeout(120_000);
    const [person, other] = (await testApp.app.features.membership.personQueries.searchPeople([], 0, 2))
      .people;
    await visit(`/admin/people/${person!.id}/merge/${other!.id}`);
    const grade = await failedGrade(person!.id);
    await visit('/admin/grades/again');
    await visit(`/admin/grades/${grade}`);
    // Of a person in a course: the administration has no card of its own, and says so.
    await visit('/admin/directory/mine');
    await visit('/admin/directory/my-teachers', 404);
    const exported = await longFile();
    await testApp.app.jobs.drain();
    await visit(exported);
    await visit('/admin/exports/');

    await page.goto(`${testApp.origin}/admin/directory/import`);
    const buffer = Buffer.from('ФИО;Должность\nНовикова Инна Юрьевна;Педагог\n;Педагог');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'Преподаватели.csv', mimeType: 'text/csv', buffer });
    await page.locator('form:has(input[type=file]) button').press('Enter');
    await page.waitForURL(/\/import\/[a-z0-9]{12}$/);
    note();
    await look('/admin/directory/import/:key');

    await page.goto(`${testApp.origin}/admin/account/totp`);
    await typeInto({ current: PASSWORD });
    const key = (await page.locator('code.long').first().innerText()).replaceAll(' ', '');
    await look('/admin/account/totp with a key');
    const now = testApp.clock.now().getTime();
    await page.goto(`${testApp.origin}/admin/account/totp`);
    await typeInto({ code: new TOTP({ secret: Secret.fromBase32(key) }).generate({ timestamp: now }) });
    await look('recovery codes');
    await page.context().clearCookies();
    await page.goto(`${testApp.origin}/admin/login`);
    await typeInto({ login: 'keyboard', password: PASSWORD });
    note();
    await look('/admin/login/code');
    expect(wrong).to.deep.equal([]);
  });

  /** Asks for more launches than are written while a request waits. @returns the address of the file's page */
  async function longFile(): Promise<string> {
    const launches = Array.from({ length: 201 }, (_, number) => ({
      ...{ at: testApp.clock.now(), requestId: `r${number}`, registrationId: '', accepted: false },
      ...{ code: 'lti-nonce', messageType: '', stage: 'launch', deployment: '', milliseconds: 1 },
    }));
    await testApp.storage.connection.model('LoggedLaunch').collection.insertMany(launches);
    await page.goto(`${testApp.origin}/admin/launches/export?format=csv`);
    return new URL(page.url()).pathname;
  }

  /** A score that the LMS has refused. */
  async function failedGrade(personId: string): Promise<string> {
    const now = new Date();
    const row = (await testApp.storage.connection.model('Grade').create({
      registrationId: testApp.registration.id,
      courseId: '1'.repeat(24),
      personId,
      sub: '101',
      content: { kind: 'test', id: 't' },
      title: 'Квадратные уравнения',
      ...{ scoreGiven: 1, scoreMaximum: 2, submittedAt: now, asOf: now },
      lineItem: `${testApp.lms.origin}/nowhere`,
      ...{ state: 'failed', version: 1, tries: 3, queuedAt: now, dueAt: now },
    })) as { id: string };
    return row.id;
  }

  it('and those were all pages there are', () => {
    expect(
      routes.map(({ path }) => path).filter((path) => !seen.has(path) && !FILES.test(path)),
    ).to.deep.equal([]);
  });
});
