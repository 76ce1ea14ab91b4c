import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { seedApp } from '../../scripts/seed/index.js';
import { OPEN_PATHS } from '../../src/web/robots.js';
import { routesOf } from '../support/routes.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { violations } from './axe.js';
import { Complaints, launchChromium, LOOKS, overflow, picture } from './browser.js';

describe('the open site', () => {
  let testApp: TestApp;
  let browser: Browser;
  const complaints = new Complaints();

  before(async () => {
    testApp = await startTestApp();
    const { clientId, deployments } = testApp.registration;
    await seedApp(testApp.app, { origin: testApp.lms.origin, clientId, deploymentId: deployments[0] ?? '' });
    browser = await launchChromium();
  });
  after(async () => {
    await browser.close();
    await testApp.close();
  });

  const PAGES = [
    '/',
    '/teachers',
    '/teachers/sokolova-elena-viktorovna',
    '/teachers/sokolova-elena-viktorovna/print',
    '/associations',
    '/associations/obedinenie-matematiki-i-informatiki',
    '/programmes',
    '/materials',
    '/materials/kak-reshat-kvadratnye-uravneniya',
    '/responsible',
    '/faq',
    '/sveden',
    '/sveden/employees',
    '/sveden/employees?page=all',
    '/sveden/managers',
    '/sveden/struct',
    `/teachers?q=${encodeURIComponent('соколова')}`,
    `/teachers?q=${encodeURIComponent('нет такой')}`,
    '/embed/teachers',
  ];
  /** What is no page: files, feeds, and a map for search engines. */
  const FILES = /\.(?:json|rss|xml|vcf|svg)$/;

  it('has a page of each public address among those that are looked at here', async () => {
    const check = await selfCheck();
    const open = routesOf(testApp.app.express).flatMap((route) => {
      const path = /^GET (.*)$/.exec(route)?.[1];
      const isOpen =
        path === '/' || OPEN_PATHS.some((start) => path === start || path?.startsWith(`${start}/`));
      return path !== undefined && isOpen && !FILES.test(path) ? [path] : [];
    });
    expect(open).to.include('/teachers/:slug').and.include('/faq/');
    const seen = [...PAGES, check].map((page) => page.split('?')[0]!);
    const missing = open.filter((path) => {
      const shape = new RegExp(`^${path.replace(/\/$/, '').replace(/:\w+/g, '[^/]+')}/?$`);
      return !seen.some((page) => shape.test(page));
    });
    expect(missing).to.deep.equal([]);
  });

  /** The address of a test that a material of the seed links; made when there is none. */
  async function selfCheck(): Promise<string> {
    const material = '/materials/kak-reshat-kvadratnye-uravneniya';
    const page = await (await fetch(`${testApp.origin}${material}`)).text();
    const found = /href="(\/materials\/[^"]+\/check\/[^"?]+)"/.exec(page)?.[1];
    expect(found, 'a test to try').to.be.a('string');
    return found!;
  }

  for (const look of LOOKS) {
    it(`has no violation that axe-core finds on any public page, no sideways scrolling, and few requests: ${look.name}`, async () => {
      const context = await browser.newContext({
        locale: look.locale,
        colorScheme: look.colorScheme,
        viewport: { width: look.width, height: look.height },
      });
      const page = await context.newPage();
      complaints.listen(page);
      const found: string[] = [];
      let requests: string[] = [];
      page.on('request', (request) => {
        if (request.resourceType() !== 'image') requests.push(request.url());
      });
      for (const path of [...PAGES, await selfCheck()]) {
        requests = [];
        const answer = await page.goto(`${testApp.origin}${path}`);
        expect(answer?.status(), path).to.equal(200);
        // The page, two stylesheets, a script and the icon; pictures beside it.
        expect(requests, path).to.have.length.at.most(5);
        found.push(...(await violations(page)).map((violation) => `${path}: ${violation}`));
        expect(await overflow(page), path).to.equal(0);
        await picture(page, `open${path.replaceAll(/[/?=%]+/g, '-').slice(0, 60)}-${look.name}`);
      }
      expect(found).to.deep.equal([]);
      expect(complaints.all).to.deep.equal([]);
      await context.close();
    });
  }

  it('is printed without what only a screen is for', async () => {
    const page = await browser.newPage({ locale: 'ru-RU' });
    await page.emulateMedia({ media: 'print' });
    await page.goto(`${testApp.origin}/teachers`);
    for (const onScreen of ['header.site', 'details.display', 'form.search'])
      expect(await page.locator(onScreen).first().isVisible(), onScreen).to.equal(false);
    expect(await page.getByText('Соколова Елена Викторовна').first().isVisible()).to.equal(true);
    await page.close();
  });

  for (const [scheme, colours] of [
    ['light', ['rgb(255, 255, 255)', 'rgb(0, 0, 0)']],
    ['dark', ['rgb(0, 0, 0)', 'rgb(255, 255, 255)']],
    ['blue', ['rgb(157, 209, 255)', 'rgb(6, 52, 98)']],
  ] as const) {
    it(`stays readable with the panel’s largest text and wide spacing: ${scheme}`, async () => {
      const context = await browser.newContext({ locale: 'ru-RU', viewport: { width: 800, height: 900 } });
      const page = await context.newPage();
      await page.goto(`${testApp.origin}/display?size=200&spacing=wide&scheme=${scheme}&back=/`);
      for (const path of ['/', '/teachers', '/teachers/sokolova-elena-viktorovna', '/materials']) {
        await page.goto(`${testApp.origin}${path}`);
        expect(await violations(page), path).to.deep.equal([]);
        expect(await overflow(page), path).to.equal(0);
        const shown = await page.evaluate<string[]>(
          '(({ backgroundColor, color }) => [backgroundColor, color])(getComputedStyle(document.documentElement))',
        );
        expect(shown, `${path}: background and text`).to.deep.equal([...colours]);
        await picture(page, `open-large${path.replaceAll('/', '-')}-${scheme}`);
      }
      await page.goto(`${testApp.origin}/display?size=150&spacing=wide&scheme=${scheme}&back=/`);
      await page.setViewportSize({ width: 360, height: 740 });
      for (const path of ['/', '/teachers/sokolova-elena-viktorovna', '/sveden/employees']) {
        await page.goto(`${testApp.origin}${path}`);
        expect(await overflow(page), `${path} on a telephone`).to.equal(0);
      }
      await context.close();
    });
  }
});
