import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { seedApp } from '../../scripts/seed/index.js';
import { DAY, MINUTE } from '../../src/shared/clock.js';
import { localAt } from '../../src/shared/zoned.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { violations } from './axe.js';
import { actAs, Complaints, launchChromium, LOOKS, overflow, picture, toolFrame } from './browser.js';

/** Does what a person does, and counts the clicks and the fields that are filled in. */
class Hand {
  clicks = 0;
  texts = 0;
  async click(target: Locator): Promise<void> {
    this.clicks += 1;
    await target.click();
  }
  async fill(target: Locator, text: string): Promise<void> {
    this.texts += 1;
    await target.fill(text);
  }
}

const ZONE = 'Europe/Moscow';
const STUDENT = '101';
const TEACHER = '11';
/** Holds a post of a deputy director in the demo centre. */
const DEPUTY = '3';

/** A school's week as a file has it, with lines that nobody can read and a room that is taken. */
const TIMETABLE = [
  'Расписание занятий;;;;;',
  'День;Время;Предмет;Преподаватель;Группа;Кабинет',
  'Понедельник;15:00–15:45;Химия;Тарасов Р. Д.;;31',
  ';16:00–16:45;Биология;Неизвестный Н. Н.;;32',
  'Вторник;16:10–16:55;Астрономия;Неизвестный Н. Н.;;32',
  ';16:30–17:15;Черчение;;;32',
  'когда-нибудь;10:00–10:45;Труд;;;',
  'Среда;рано;Музыка;;;',
].join('\n');

/** How many clicks a question and a report take, and what the pages of classes, questions and reports look like. */
describe('questions, classes and reports in the browser', function () {
  this.timeout(180_000);
  let testApp: TestApp;
  let browser: Browser;
  const complaints = new Complaints();

  before(async () => {
    testApp = await startTestApp({ env: { ROSTER_HOURS: '6', SMTP_URL: 'outbox:' } });
    const { clientId, deployments } = testApp.registration;
    await seedApp(testApp.app, { origin: testApp.lms.origin, clientId, deploymentId: deployments[0] ?? '' });
    browser = await launchChromium();
  });
  after(async () => {
    await browser.close();
    await testApp.close();
  });

  async function enter(
    person: string,
    look: (typeof LOOKS)[number] = LOOKS[0]!,
  ): Promise<{ page: Page; frame: Frame; home: string }> {
    const context = await browser.newContext({
      ...{ locale: look.locale, colorScheme: look.colorScheme, timezoneId: ZONE },
      viewport: { width: look.width, height: look.height },
      acceptDownloads: true,
    });
    context.on('page', (page) => complaints.listen(page));
    const page = await actAs(context, testApp.lms.origin, person);
    await page.goto(`${testApp.lms.origin}/courses/2/activities/${testApp.lms.control.homeLink('2').id}`);
    const frame = await toolFrame(page, testApp.origin);
    const home = /.*\/c\/\w+\//.exec(frame.url())?.[0] ?? '';
    await frame.goto(`${home}?lang=${look.locale.slice(0, 2)}`);
    return { page, frame, home };
  }

  it('a student asks in two clicks and a text', async () => {
    const { page, frame } = await enter(STUDENT);
    const hand = new Hand();
    await hand.click(frame.getByRole('navigation').getByRole('link', { name: 'Вопросы' }));
    await hand.fill(frame.getByLabel('Ваш вопрос'), 'Почему $x^2 = -4$ не имеет решений?');
    await hand.click(frame.getByRole('button', { name: 'Спросить' }));
    await frame.waitForURL(/\/questions\/[0-9a-f]{24}/);
    expect(await frame.locator('main h1').textContent()).to.include('Почему');
    expect({ clicks: hand.clicks, texts: hand.texts }).to.deep.equal({ clicks: 2, texts: 1 });
    await page.context().close();
  });

  it('keeps what a student types, without a click', async () => {
    const { page, frame } = await enter(STUDENT);
    await frame.getByRole('navigation').getByRole('link', { name: 'Вопросы' }).click();
    await frame.getByLabel('Ваш вопрос').pressSequentially('Не дописал');
    await frame.getByText('Черновик сохранён').waitFor();
    await frame.goto(frame.url());
    expect(await frame.getByLabel('Ваш вопрос').inputValue()).to.equal('Не дописал');
    await page.context().close();
  });

  it('a deputy sees the month in one click and takes it along as XLSX in two', async () => {
    const { page, frame } = await enter(DEPUTY);
    const hand = new Hand();
    await hand.click(frame.getByRole('navigation').getByRole('link', { name: 'Отчёты' }));
    await frame.waitForURL(/\/reports/);
    const month = localAt(testApp.clock.now(), ZONE).slice(0, 7);
    expect(await frame.locator('input[type="date"][name="dayFrom"]').inputValue()).to.equal(`${month}-01`);
    expect(hand.clicks).to.equal(1);
    const link = frame.getByRole('link', { name: 'Excel' }).first();
    const saving = page.waitForEvent('download');
    await hand.click(link);
    const saved = await saving;
    expect(saved.suggestedFilename()).to.match(/\.xlsx$/);
    // A workbook is a ZIP file.
    expect(
      readFileSync(await saved.path())
        .subarray(0, 2)
        .toString(),
    ).to.equal('PK');
    expect(hand.clicks).to.equal(2);
    await page.context().close();
  });

  for (const look of LOOKS) {
    it(`has no violation that axe-core finds on pages of questions, classes and reports: ${look.name}`, async () => {
      const found: string[] = [];
      const see = async (person: string, paths: readonly string[]): Promise<void> => {
        const { page, frame, home } = await enter(person, look);
        for (const path of paths) {
          await frame.goto(home + path);
          const name = `deferred-${person}-${path.replace(/[0-9a-f]{24}/, 'id').replaceAll('/', '-')}-${look.name}`;
          found.push(...(await violations(frame)).map((violation) => `${path}: ${violation}`));
          expect(await overflow(frame), path).to.equal(0);
          await grow(page, frame);
          await picture(frame.locator('body'), name);
        }
        await page.context().close();
      };
      const first = async (model: string): Promise<string> =>
        String((await testApp.storage.connection.model(model).findOne().lean<{ _id: unknown }>())?._id);
      const asked = `questions/${await first('Question')}`;
      const taught = `timetable/${await first('TimetableClass')}`;
      await see(STUDENT, ['questions', 'questions/faq', 'timetable', 'calendar', taught]);
      await see(TEACHER, ['questions', asked, 'timetable', 'timetable/new', 'timetable/import', taught]);
      await see(DEPUTY, ['reports', 'questions']);
      expect(found).to.deep.equal([]);
      expect(complaints.all).to.deep.equal([]);
    });

    it(`opens from outside by pages without a violation that axe-core finds: ${look.name}`, async () => {
      const { frame: inside, home } = await enter(TEACHER, look);
      const question = String(
        (await testApp.storage.connection.model('Question').findOne().lean<{ _id: unknown }>())?._id,
      );
      await inside.page().context().close();
      const context = await browser.newContext({
        ...{ locale: look.locale, colorScheme: look.colorScheme, timezoneId: ZONE },
        viewport: { width: look.width, height: look.height },
      });
      const page = await context.newPage();
      complaints.listen(page);
      const found: string[] = [];
      const see = async (name: string, path = ''): Promise<void> => {
        if (path !== '') await page.goto(testApp.origin + path);
        found.push(...(await violations(page.mainFrame())).map((violation) => `${name}: ${violation}`));
        expect(await overflow(page), name).to.equal(0);
        await picture(page, `outside-${name}-${look.name}`);
      };
      const wanted = new URL(`${home}questions/${question}`).pathname;
      await see('ways-in', wanted);
      await see('link-over', `/enter?${new URLSearchParams({ token: 'x', to: wanted }).toString()}`);
      await see('staff-link-over', '/staff/enter?token=x');
      await see('staff', '/staff');
      const { email } = (await testApp.app.features.directory.organisation.holdersOf(['deputyStudy']))[0]!;
      // The next link to the same address goes in the next two minutes.
      testApp.clock.advance(3 * MINUTE);
      await page.locator('input[name="email"]').fill(email);
      await page.locator('main form button').click();
      await page.locator('main .notice.good').waitFor();
      await see('staff-sent');
      await testApp.app.jobs.drain();
      const { messages } = (await (
        await context.request.get(`${testApp.origin}/outbox`, { headers: { accept: 'application/json' } })
      ).json()) as { messages: { text: string }[] };
      const link = messages.map(({ text }) => /https?:\S+\/staff\/enter\S+/.exec(text)?.[0]).find(Boolean)!;
      await see('staff-enter', new URL(link).pathname + new URL(link).search);
      await page.locator('main form button').click();
      await page.waitForURL(/staff\/reports/);
      await see('staff-reports');
      await see('staff-questions', '/staff/questions');
      await see('staff-question', `/staff/questions/${question}`);
      await see('staff-led', '/staff/directory/led');
      expect(found).to.deep.equal([]);
      expect(complaints.all).to.deep.equal([]);
      await context.close();
    });

    it(`imports a timetable by pages that move on by themselves: ${look.name}`, async () => {
      const { workers } = testApp.app;
      const { page, frame, home } = await enter(TEACHER, look);
      const found: string[] = [];
      const see = async (name: string): Promise<void> => {
        found.push(...(await violations(frame)).map((violation) => `${name}: ${violation}`));
        expect(await overflow(frame), name).to.equal(0);
        await grow(page, frame);
        await picture(frame.locator('body'), `import-${name}-${look.name}`);
      };
      const upload = async (content: string): Promise<void> => {
        await frame.goto(`${home}timetable/import`);
        const file = { name: 'расписание.csv', mimeType: 'text/csv', buffer: Buffer.from(content) };
        await frame.locator('input[type="file"]').setInputFiles(file);
        await frame.locator('main form button[type="submit"]').click();
      };
      const stopped = () => Promise.all(workers.map((worker) => worker.stop()));
      const started = (): void => workers.forEach((worker) => worker.start());

      await frame.goto(`${home}timetable/import`);
      await see('upload');
      await upload('\0\u0001');
      await frame.locator('.error').first().waitFor();
      await see('refused');

      await upload(TIMETABLE);
      await frame.locator('#f-title').waitFor();
      await see('preview');
      const [from, to] = [21, 27].map((ahead) =>
        localAt(new Date(testApp.clock.now().getTime() + ahead * DAY), ZONE).slice(0, 10),
      );
      await frame.locator('#f-from').fill(from!);
      await frame.locator('#f-to').fill(to!);
      await frame.locator('button[name="show"]').click();
      await frame.waitForURL(/from=/);
      await see('weekdays');
      await stopped();
      await frame.locator('main form button:not([name])').click();
      await frame.locator('[data-live-waits] progress').waitFor();
      await see('waits');
      started();
      const undo = frame.locator('form[action$="/undo"] button');
      await undo.waitFor();
      await see('done');
      await undo.click();
      await frame.waitForURL(/importUndone/);

      await stopped();
      await upload(`${TIMETABLE}${'\n;;;;;'.repeat(210)}`);
      await frame.locator('[data-live-waits]').waitFor();
      await see('reading');
      started();
      await frame.locator('#f-title').waitFor();
      await upload('a;b\n'.repeat(3_100));
      await frame.locator('.notice.bad').waitFor();
      await see('failed');
      expect(found).to.deep.equal([]);
      expect(complaints.all).to.deep.equal([]);
      await page.context().close();
    });
  }
});

/** Makes the frame as tall as its page: what lies outside the frame is not painted. */
async function grow(page: Page, frame: Frame): Promise<void> {
  const height = await frame.evaluate<number>('document.documentElement.scrollHeight');
  await page.locator('iframe.tool').evaluate((node, tall) => {
    (node as unknown as { style: { height: string } }).style.height = `${String(tall)}px`;
  }, height);
}
