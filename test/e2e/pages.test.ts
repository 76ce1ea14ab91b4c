import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { ALL_SCOPES, SCOPE } from '../../scripts/demo-lms/index.js';
import { seedApp } from '../../scripts/seed/index.js';
import { HOUR } from '../../src/shared/clock.js';
import { newToken } from '../../src/shared/ids.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { actAs, Complaints, launchChromium, LOOKS, overflow, picture, toolFrame } from './browser.js';

/**
 * Every kind of page, wide and narrow, in both languages and colour schemes: nothing reaches out sideways,
 * nothing is blocked, and a picture of each is kept under test-results/.
 */
describe('pages', () => {
  let testApp: TestApp;
  let browser: Browser;
  /** A copy of course 2, with the link to one of its series. */
  let copied: string;
  const complaints = new Complaints();

  before(async () => {
    testApp = await startTestApp({ env: { ROSTER_HOURS: '6' } });
    const { clientId, deployments } = testApp.registration;
    await seedApp(testApp.app, { origin: testApp.lms.origin, clientId, deploymentId: deployments[0] ?? '' });
    const { control } = testApp.lms;
    const { id: tool } = control.tools()[0]!;
    control.changeTool(tool, { scopes: [...ALL_SCOPES, SCOPE.groups] });
    const series = await testApp.storage.connection
      .model('ConsultationSeries')
      .findOne()
      .lean<{ _id: unknown }>();
    const custom = `nastavnik_kind=consultations\nnastavnik_id=${String(series?._id)}`;
    control.addActivity('2', tool, { title: 'Консультации', custom });
    copied = control.copyCourse('2', { withStudents: true, title: 'Математика, новый год' }).id;
    browser = await launchChromium();
  });
  after(async () => {
    await browser.close();
    await testApp.close();
  });

  /** Opens the course's home in its frame on the LMS's page: the session's cookie lives only there. */
  async function visit(
    look: (typeof LOOKS)[number],
    person: string,
    [course, link] = ['2', testApp.lms.control.homeLink('2').id],
  ): Promise<{ page: Page; home: string; landed: string }> {
    const context = await browser.newContext({
      locale: look.locale,
      colorScheme: look.colorScheme,
      viewport: { width: look.width, height: look.height },
      timezoneId: 'Europe/Moscow',
    });
    context.on('page', (page) => complaints.listen(page));
    const page = await actAs(context, testApp.lms.origin, person);
    await page.goto(`${testApp.lms.origin}/courses/${course}/activities/${link}`);
    const frame = await toolFrame(page, testApp.origin);
    const landed = frame.url();
    const home = /.*\/c\/\w+\//.exec(landed)?.[0] ?? landed;
    // The LMS tells each person's own language; the look has another.
    await frame.goto(`${home}?lang=${look.locale.slice(0, 2)}`);
    await size(page, { width: look.width });
    return { page, home, landed };
  }

  /** Shows one page in the frame, as wide as the look asks and as tall as the page is, and takes its picture. */
  async function look(page: Page, url: string, name: string): Promise<void> {
    const frame = page.frames().find((item) => item.url().startsWith(testApp.origin));
    if (frame === undefined) throw new Error('the frame is gone');
    await frame.goto(url);
    await frame.locator('main h1').first().waitFor();
    expect(await overflow(frame), `${name} reaches out sideways`).to.equal(0);
    const height = await frame.evaluate<number>('document.documentElement.scrollHeight');
    await size(page, { height: Math.min(height, 3000) });
    await frame.evaluate(
      'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
    );
    await picture(page.locator('iframe.tool'), name);
  }

  /** Sizes of the frame in CSS pixels; the window around it grows along, so that all of it is painted. */
  async function size(
    page: Page,
    sizes: { readonly width?: number; readonly height?: number },
  ): Promise<void> {
    await page.locator('iframe.tool').evaluate((node, { width, height }) => {
      const { style } = node as unknown as { style: Record<string, string> };
      if (width !== undefined) style.width = style.minWidth = `${width}px`;
      if (height !== undefined) style.height = `${height}px`;
    }, sizes);
    const { width = page.viewportSize()?.width ?? 0, height = 800 } = sizes;
    await page.setViewportSize({
      width: Math.max(width + 60, page.viewportSize()?.width ?? 0),
      height: height + 400,
    });
  }

  for (const how of LOOKS) {
    it(`of a student: ${how.name}`, async () => {
      const { page, home } = await visit(how, '101');
      const tests = (await json(page, `${home}tests`)) as { tests: { id: string }[] };
      const paths = [
        '',
        'consultations',
        'tests',
        `tests/${tests.tests[0]?.id ?? ''}`,
        'grades',
        'directory',
      ];
      paths.push('directory/responsible', 'directory/associations', 'nowhere');
      for (const path of paths) await look(page, home + path, `student-${nameOf(path)}-${how.name}`);
      await page.context().close();
    });

    it(`of a teacher: ${how.name}`, async () => {
      const { page, home } = await visit(how, '11');
      const tests = (await json(page, `${home}tests`)) as { tests: { id: string }[] };
      const test = `tests/${tests.tests[0]?.id ?? ''}`;
      const paths = ['', 'consultations', 'consultations/new', 'tests', 'tests/new', test, `${test}/results`];
      paths.push(`${test}/settings`, `${test}/preview`, 'grades', 'people', 'directory', 'directory/mine');
      await testApp.app.jobs.drain();
      paths.push('people?group=3');
      for (const path of paths) await look(page, home + path, `teacher-${nameOf(path)}-${how.name}`);
      await page.context().close();
    });

    it(`of a copied series, for a student and a teacher: ${how.name}`, async () => {
      const link = testApp.lms.control.activities(copied).find(({ home }) => !home)!.id;
      const student = await visit(how, '101', [copied, link]);
      await look(student.page, student.landed, `student-copied-${how.name}`);
      await student.page.context().close();
      const { page, home, landed } = await visit(how, '11', [copied, link]);
      const data = (await json(page, landed)) as { series: { id: string; copied: { links: string[] } } };
      const { id, copied: from } = data.series;
      for (const path of [
        `consultations/${id}`,
        'consultations',
        `consultations/new?fills=${id}`,
        `links/${from.links[0] ?? ''}`,
      ]) {
        await look(page, home + path, `teacher-copied-${nameOf(path)}-${how.name}`);
      }
      await page.context().close();
    });

    it(`of a teacher who places content, and of gradebook columns that are missing: ${how.name}`, async () => {
      const { page, home } = await visit(how, '11');
      for (const [name, settings] of Object.entries(PICKERS)) {
        await look(page, `${home}deep-linking/${await wanted(settings)}`, `picker-${name}-${how.name}`);
      }
      await missColumns();
      await look(page, `${home}grades`, `grades-columns-${how.name}`);
      await page.context().close();
    });

    it(`open to everybody: ${how.name}`, async () => {
      const context = await browser.newContext({
        locale: how.locale,
        colorScheme: how.colorScheme,
        viewport: { width: how.width, height: how.height },
      });
      context.on('page', (page) => complaints.listen(page));
      const page = await context.newPage();
      for (const path of [
        'directory',
        'directory/associations',
        'directory/responsible',
        'directory?q=физ',
        'lti/login',
      ]) {
        await page.goto(`${testApp.origin}/${path}`);
        expect(await overflow(page), path).to.equal(0);
        await picture(page, `open-${nameOf(path)}-${how.name}`);
      }
      await context.close();
    });
  }

  it('nothing was blocked or broken', () => {
    expect([...new Set(complaints.all)].join('\n')).to.equal('');
  });

  /** What platforms may want of a choice. */
  const PICKERS = {
    links: { accept_types: ['ltiResourceLink'], accept_multiple: true, title: 'Площади', text: 'К среде' },
    addresses: { accept_types: ['link'] },
    nothing: { accept_types: ['file'] },
  };

  /** A Deep Linking request of teacher 11 in course 2. @returns its id */
  async function wanted(settings: object): Promise<string> {
    const { connection } = testApp.storage;
    const idOf = async (model: string, filter: object): Promise<string> =>
      String((await connection.model(model).findOne(filter).lean<{ _id: unknown }>())?._id);
    const id = newToken();
    await connection.model('DeepLinkRequest').create({
      _id: id,
      courseId: await idOf('Course', { contextId: '2' }),
      personId: await idOf('Person', { sub: '11' }),
      registrationId: testApp.registration.id,
      deploymentId: testApp.registration.deployments[0],
      settings: JSON.stringify({
        deep_link_return_url: `${testApp.lms.origin}/back`,
        accept_presentation_document_targets: [],
        ...settings,
      }),
      expiresAt: new Date(testApp.clock.now().getTime() + HOUR),
    });
    return id;
  }

  /** One column that the LMS refuses, and one that it may give later. */
  async function missColumns(): Promise<void> {
    const { jobs } = testApp.app;
    await jobs.stop();
    const [tool] = testApp.lms.control.tools();
    testApp.lms.control.changeTool(tool!.id, { acceptGrades: 'delegate' });
    const tests = await testApp.storage.connection
      .model('Test')
      .find({ state: 'published' })
      .lean<{ _id: unknown; title: string }[]>();
    const faults = [{ status: 403, body: '{"reason":"Журнал закрыт"}' }, { status: 503 }];
    for (const [index, fault] of faults.entries()) {
      const link = testApp.lms.control.addActivity('2', tool!.id, {
        title: 'x',
        custom: `nastavnik_kind=test\nnastavnik_id=${String(tests[index]?._id)}`,
      });
      await testApp.launch({ person: '101', course: '2', link: link.id });
      testApp.lms.control.faults.fail('lineitems', { ...fault, times: 1 });
      await jobs.drain();
    }
  }

  const nameOf = (path: string): string =>
    path === '' ? 'home' : path.replace(/[0-9a-f]{24}/, 'one').replace(/[^a-zа-я]+/gi, '-');

  /** Data of a page, asked for inside the frame, where the session's cookie is. */
  async function json(page: Page, url: string): Promise<unknown> {
    const frame = page.frames().find((item) => item.url().startsWith(testApp.origin));
    return frame?.evaluate(
      async (address) => (await fetch(address, { headers: { accept: 'application/json' } })).json(),
      url,
    );
  }
});
