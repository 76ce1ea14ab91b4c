import { expect } from 'chai';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext, type Frame, type Page } from 'playwright-core';
import { seedApp } from '../../scripts/seed/index.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { actAs, CHROMIUM, Complaints, FLAGS, picture, toolFrame } from './browser.js';

const TITLE = 'Квадратные уравнения';

/** Every cookie of the tool, inside pages of the LMS. */
const BLOCKED = {
  profile: {
    content_settings: {
      exceptions: { cookies: { 'http://localhost:*,http://127.0.0.1:*': { setting: 2 } } },
    },
  },
};

/**
 * The whole of LTI Advantage by clicks: an administrator connects the tool by Dynamic Registration, a teacher
 * places a test by Deep Linking, a student takes it, the grade arrives, and the teacher opens the work from the
 * gradebook (Submission Review). Once with cookies, once with those of the tool blocked in frames.
 */
for (const cookies of ['kept', 'blocked in frames'] as const) {
  describe(`from registration to review, cookies ${cookies}`, function () {
    this.timeout(120_000);
    let testApp: TestApp;
    let folder: string;
    let context: BrowserContext;
    const complaints = new Complaints();

    before(async () => {
      testApp = await startTestApp();
      folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-walk-'));
      await mkdir(path.join(folder, 'Default'));
      const settings = cookies === 'kept' ? {} : BLOCKED;
      await writeFile(path.join(folder, 'Default', 'Preferences'), JSON.stringify(settings));
      context = await chromium.launchPersistentContext(folder, {
        executablePath: CHROMIUM,
        args: [...FLAGS],
        locale: 'ru-RU',
        viewport: { width: 1024, height: 900 },
      });
      context.on('page', (page) => complaints.listen(page));
      if (cookies !== 'kept') testApp.lms.control.offerStorage('_parent');
    });
    after(async () => {
      await context.close();
      await testApp.close();
      await rm(folder, { recursive: true, force: true });
    });

    /** Where the tool works: its frame, or the window that it had to open. */
    async function tool(page: Page): Promise<Frame | Page> {
      if (cookies === 'kept') return toolFrame(page, testApp.origin);
      // Before the login it is a link, after a launch that is handed over to a window a form's button.
      const name = 'Открыть в новом окне';
      const frame = page.frameLocator('iframe.tool');
      const button = frame.getByRole('link', { name }).or(frame.getByRole('button', { name }));
      const [window] = await Promise.all([context.waitForEvent('page'), button.click()]);
      await window.locator('main h1').first().waitFor();
      return window;
    }

    const signIn = async (person: string): Promise<Page> => actAs(context, testApp.lms.origin, person);
    const connected = () =>
      testApp.lms.control.tools().find(({ clientId }) => clientId !== testApp.registration.clientId);

    it('the administrator of the LMS connects the tool by its link', async () => {
      const { url } = await testApp.app.features.registration.invite(testApp.lms.origin);
      const page = await signIn('2');
      await page.goto(`${testApp.lms.origin}/tools`);
      await page.getByLabel('Адрес регистрации').fill(url);
      await page.getByRole('button', { name: 'Начать' }).click();
      const frame = await toolFrame(page, testApp.origin);
      await picture(page, `walk-registration-${cookies === 'kept' ? 'kept' : 'blocked'}`);
      await frame.getByRole('button', { name: 'Подключить' }).click();
      await frame.getByRole('button', { name: 'Закрыть окно' }).click();
      // The LMS heard `org.imsglobal.lti.close`, and is back at its list.
      await page.getByRole('button', { name: 'Включить' }).click();
      expect(connected()).to.include({ state: 'active' });
      // The centre's tests, as its teachers have made them.
      const { clientId = '', deploymentId = '' } = connected() ?? {};
      await seedApp(testApp.app, { origin: testApp.lms.origin, clientId, deploymentId });
      await page.close();
    });

    it('a teacher places a test by Deep Linking', async () => {
      const page = await signIn('11');
      await page.goto(`${testApp.lms.origin}/courses/2/add?tool=${connected()?.id ?? ''}`);
      const picker = await tool(page);
      await picker.getByRole('checkbox', { name: new RegExp(`${TITLE} 8`) }).check();
      await picker.getByRole('button', { name: 'Добавить в курс' }).click();
      // From a window of its own the answer goes home by the frame that opened it.
      await page.waitForURL((url) => url.origin === testApp.lms.origin && !url.pathname.endsWith('/add'));
      await page.goto(`${testApp.lms.origin}/courses/2`);
      expect(await page.getByRole('link', { name: TITLE }).count()).to.be.at.least(1);
      for (const item of context.pages()) await item.close();
    });

    it('a student takes it, and the grade reaches the gradebook', async () => {
      const page = await signIn('104');
      await page.goto(`${testApp.lms.origin}/courses/2`);
      await page.getByRole('link', { name: TITLE }).first().click();
      const test = await tool(page);
      await test.getByRole('button', { name: /Начать/ }).click();
      const question = (text: string) => test.locator('fieldset.question').filter({ hasText: text });
      await question('Сколько корней имеет').getByLabel('Один', { exact: true }).check();
      await question('Найдите дискриминант').getByRole('textbox').fill('25');
      await question('Какие из чисел').getByLabel('3', { exact: true }).check();
      await question('Какие из чисел').getByLabel('−2', { exact: true }).check();
      await question('Как называется теорема').getByRole('textbox').fill('Виета');
      await question('Больший корень').getByRole('textbox').fill('2,24');
      await test.locator('[data-finish]').click();
      await test.getByText('8 / 8').or(test.getByText('8 из 8')).first().waitFor();
      const column = testApp.lms.control
        .columns('2')
        .find(({ resourceId }) => resourceId.startsWith('test-'));
      const grade = () => testApp.lms.control.grade(column?.id ?? '', '104');
      // Sent in the background: looked for at every turn of the page; mocha's time-out bounds it.
      while (grade() === null) await page.reload();
      expect(grade()?.score).to.equal(8);
      for (const item of context.pages()) await item.close();
    });

    it('the teacher opens that student’s work from the gradebook', async () => {
      const page = await signIn('11');
      await page.goto(`${testApp.lms.origin}/courses/2/grades`);
      const student = testApp.lms.control.person('104');
      await page
        .getByRole('link', { name: new RegExp(`${student.familyName}.*\\d`) })
        .last()
        .click();
      const review = await tool(page);
      const said = await review.locator('main').innerText();
      expect(said)
        .to.contain(student.familyName)
        .and.match(/8 (из|\/) 8/);
      await picture(page, `walk-review-${cookies === 'kept' ? 'kept' : 'blocked'}`);
    });

    it('nothing was blocked or broken on the way', () => {
      expect([...new Set(complaints.all)].join('\n')).to.equal('');
    });
  });
}
