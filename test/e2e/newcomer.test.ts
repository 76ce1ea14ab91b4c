import { expect } from 'chai';
import type { Browser, BrowserContext } from 'playwright-core';
import { seedApp } from '../../scripts/seed/index.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { actAs, Complaints, launchChromium, overflow, picture, toolFrame } from './browser.js';

const ZONE = 'Asia/Yekaterinburg';

/** What the README promises a newcomer, in a real browser with the cross-site frame. */
describe('a newcomer in the browser', () => {
  let testApp: TestApp;
  let browser: Browser;
  let context: BrowserContext;
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
  beforeEach(async () => {
    context = await browser.newContext({
      locale: 'ru-RU',
      timezoneId: ZONE,
      viewport: { width: 1024, height: 900 },
    });
    context.on('page', (page) => complaints.listen(page));
  });
  afterEach(() => context.close());

  it('as a teacher adds a test, consultations and the directory by Deep Linking', async () => {
    const page = await actAs(context, testApp.lms.origin, '11');
    await picture(page, 'lms-courses');
    await page.goto(`${testApp.lms.origin}/courses/2`);
    await page.getByRole('link', { name: 'Добавить задание' }).click();
    const picker = await toolFrame(page, testApp.origin);
    await picker
      .locator('label:has(input[value^="test:"])')
      .filter({ hasText: 'Квадратные уравнения' })
      .locator('input')
      .check();
    await picker.locator('input[value^="consultations:"]').first().check();
    await picker.locator('input[value^="directory:"]').check();
    await picture(page, 'deep-linking');
    await picker.getByRole('button', { name: 'Добавить в курс' }).click();
    await page.waitForURL(/\/courses\/2$/);
    await picture(page, 'lms-course');
    for (const title of ['Квадратные уравнения', 'Преподаватели центра']) {
      expect(await page.getByRole('link', { name: title }).count(), title).to.be.at.least(1);
    }
  });

  it('as a student books a consultation', async () => {
    const page = await actAs(context, testApp.lms.origin, '104');
    await page.goto(`${testApp.lms.origin}/courses/2/activities/${testApp.lms.control.homeLink('2').id}`);
    const frame = await toolFrame(page, testApp.origin);
    await picture(page, 'home-in-frame');
    // The browser told its zone on this page: its times are written as in that zone, and the line says which.
    expect(await frame.locator('[data-zone]').innerText()).to.equal('Время: UTC+5');
    await frame.getByRole('link', { name: 'Консультации', exact: true }).click();
    const series = frame.getByRole('listitem').filter({ hasText: 'Алгебра: вопросы по домашней работе' });
    expect(await frame.locator('[data-zone]').innerText()).to.equal('Время: екатеринбургское (UTC+5)');
    await series.locator('.times a').first().click();
    await frame.getByLabel('О чём хотите спросить').fill('Как решать неравенства с модулем?');
    await frame.locator('form[action$="/bookings"] button').first().click();
    await frame.getByRole('status').filter({ hasText: 'Вы записаны' }).waitFor();
    await picture(page, 'booked');
  });

  it('as a student takes the test, and the grade appears in the gradebook', async () => {
    const page = await actAs(context, testApp.lms.origin, '104');
    await page.goto(`${testApp.lms.origin}/courses/2`);
    await page.getByRole('link', { name: 'Квадратные уравнения' }).first().click();
    const frame = await toolFrame(page, testApp.origin);
    await frame.getByRole('button', { name: /Начать/ }).click();
    await frame.getByText('Сколько корней имеет').waitFor();
    const question = (text: string) => frame.locator('fieldset.question').filter({ hasText: text });
    await question('Сколько корней имеет').getByLabel('Один', { exact: true }).check();
    await question('Найдите дискриминант').getByRole('textbox').fill('25');
    await question('Какие из чисел').getByLabel('3', { exact: true }).check();
    await question('Какие из чисел').getByLabel('−2', { exact: true }).check();
    await question('Как называется теорема').getByRole('textbox').fill('Виета');
    await question('Больший корень').getByRole('textbox').fill('2,24');
    await picture(page, 'test');
    await frame.locator('[data-finish]').click();
    await frame.getByText('8 / 8').or(frame.getByText('8 из 8')).first().waitFor();
    await picture(page, 'test-result');

    const column = testApp.lms.control.columns('2').find(({ resourceId }) => resourceId.startsWith('test-'));
    expect(column, 'a column of the test').not.to.equal(undefined);
    await page.goto(`${testApp.lms.origin}/courses/2/grades`);
    // Sent in the background: the page is opened until the grade is there; mocha's time-out bounds it.
    while (testApp.lms.control.grade(column?.id ?? '', '104') === null) await page.reload();
    await page.reload();
    expect(testApp.lms.control.grade(column?.id ?? '', '104')).to.include({ score: 8 });
    expect(await page.locator('main').innerText()).to.match(/8/);
    await picture(page, 'lms-gradebook');
  });

  it('without any login opens the public directory', async () => {
    const page = await context.newPage();
    await page.goto(`${testApp.origin}/teachers`);
    await picture(page, 'directory');
    await page.getByRole('link', { name: 'Соколова Елена Викторовна' }).click();
    await page.getByRole('heading', { name: 'Соколова Елена Викторовна' }).waitFor();
    await picture(page, 'directory-teacher');
    expect(await overflow(page)).to.equal(0);
  });

  it('two courses in two tabs each act in their own', async () => {
    const first = await actAs(context, testApp.lms.origin, '125');
    const open = async (page: typeof first, course: string) => {
      const { id } = testApp.lms.control.homeLink(course);
      await page.goto(`${testApp.lms.origin}/courses/${course}/activities/${id}`);
      return toolFrame(page, testApp.origin);
    };
    const item = await open(first, '2');
    const two = await open(await context.newPage(), '3');
    for (const [frame, course] of [
      [item, '2'],
      [two, '3'],
    ] as const) {
      await frame.getByRole('link', { name: 'Тесты', exact: true }).click();
      await frame.getByRole('heading', { name: 'Тесты' }).waitFor();
      expect(await frame.locator('header .where').innerText()).to.equal(
        testApp.lms.control.course(course).title,
      );
    }
  });

  it('nothing was blocked or broken on the way', () => {
    expect([...new Set(complaints.all)].join('\n')).to.equal('');
  });
});
