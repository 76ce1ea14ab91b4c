import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { startTestApp, type TestApp, type Visitor } from '../support/test-app.js';
import { answer, ask, begin, makeTest } from '../features/assessments/fixtures.js';
import { launchChromium } from './browser.js';

const ESSAY = { type: 'essay', text: 'О чём «Медный всадник»?', mark: '5' };
const ESSAYS = 30;

describe('marking in a browser', () => {
  let testApp: TestApp;
  let browser: Browser;
  let teacher: Visitor;
  let page: Page;

  before(async () => {
    testApp = await startTestApp();
    browser = await launchChromium();
    teacher = await testApp.launch({ person: '11', course: '2' });
  });
  after(async () => {
    await browser.close();
    await testApp.close();
  });

  it('takes two keys an essay beside the comment: the points and Enter', async () => {
    const student = await testApp.launch({ person: '101', course: '2' });
    const test = await makeTest(teacher, { attemptsAllowed: String(ESSAYS) }, [ESSAY]);
    for (let n = 0; n < ESSAYS; n += 1) {
      const attempt = await begin(student, test);
      await answer(student, attempt, 1, `Ответ ${n}`);
      await ask(student, 'POST', `${attempt}/finish`);
    }
    const context = await browser.newContext({ locale: 'ru-RU' });
    const value = teacher.browser.cookie(testApp.origin, 'nastavnik') ?? '';
    await context.addCookies([{ name: 'nastavnik', value, url: testApp.origin }]);
    page = await context.newPage();
    const key = (await ask(teacher, 'GET', `tests/${test}`)).data.questions[0]?.key ?? '';
    await page.goto(teacher.address(`tests/${test}/marking/question/${key}`));
    let keys = 0;
    const press = async (pressed: string): Promise<void> => {
      keys += 1;
      await page.keyboard.press(pressed);
    };
    for (let n = 0; n < ESSAYS; n += 1) {
      await page.locator('input[name=points]:focus').waitFor();
      await press('4');
      const before = page.url();
      await press('Enter');
      await page.waitForURL((url) => url.href !== before);
    }
    expect(keys).to.equal(2 * ESSAYS);
    await page.getByText('Все ответы проверены').waitFor();
    await context.close();
  });
});
