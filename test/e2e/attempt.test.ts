import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { HOUR } from '../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../support/test-app.js';
import { ask, begin, makeTest, paperOf, TSAR } from '../features/assessments/fixtures.js';
import { launchChromium } from './browser.js';

const FIRST = { ...TSAR, text: 'Кто основал Санкт-Петербург?' };
const SECOND = { ...TSAR, text: 'Кто «прорубил окно в Европу»?' };

describe('the page of an attempt in a browser', () => {
  let testApp: TestApp;
  let browser: Browser;
  let teacher: Visitor;
  let student: Visitor;
  let context: BrowserContext;
  let page: Page;
  let attempt: string;

  before(async () => {
    testApp = await startTestApp();
    browser = await launchChromium();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
  });
  after(async () => {
    await browser.close();
    await testApp.close();
  });

  beforeEach(async () => {
    attempt = await begin(student, await makeTest(teacher, { attemptsAllowed: '' }, [FIRST, SECOND]));
    await come();
  });
  afterEach(() => context.close());

  async function come(options: { javaScriptEnabled?: boolean } = {}): Promise<void> {
    context = await browser.newContext({ locale: 'ru-RU', ...options });
    const value = student.browser.cookie(testApp.origin, 'nastavnik') ?? '';
    await context.addCookies([{ name: 'nastavnik', value, url: testApp.origin }]);
    page = await context.newPage();
    page.on('dialog', (dialog) => void dialog.accept());
    await page.goto(student.address(attempt));
  }
  const field = (number: number, of = page) => of.locator(`#q${number} input[type=text]`);
  const stored = async (number: number): Promise<string | undefined> =>
    (await paperOf(student, attempt)).questions[number - 1]?.given;
  const says = (text: string) => page.locator('.saving', { hasText: text }).waitFor();
  // In the browser, whose names are not known here.
  const kept = () => page.evaluate<[string, string][]>('Object.entries(localStorage)');
  async function becomes(number: number, text: string): Promise<void> {
    const start = Date.now();
    while ((await stored(number)) !== text) {
      if (Date.now() - start > 15_000)
        throw new Error(`answer ${number} is ${await stored(number)}, not ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it('saves what is typed, and says so', async () => {
    await field(1).fill('Пётр');
    await becomes(1, 'Пётр');
    await says('Ответы сохранены');
    expect(await kept()).to.deep.equal([]);
  });

  it('warns when the connection is lost, keeps the answers, and sends them when it is back', async () => {
    await context.setOffline(true);
    await field(1).fill('Пётр');
    await says('Нет связи');
    expect(await kept()).to.have.length(1);
    await field(1).fill('Пётр Первый');
    await field(2).fill('Он же');
    await context.setOffline(false);
    await becomes(1, 'Пётр Первый');
    await becomes(2, 'Он же');
    await says('Ответы сохранены');
    expect(await kept()).to.deep.equal([]);
  });

  it('takes a lost acknowledgement for no conflict', async () => {
    let losing = true;
    await page.route('**/answers/1', async (route) => {
      if (!losing) return route.continue();
      losing = false;
      await route.fetch();
      return route.abort();
    });
    await field(1).fill('Иван');
    await becomes(1, 'Иван');
    await field(1).fill('Пётр');
    await becomes(1, 'Пётр');
    expect(await page.locator('#q1 .notice').count()).to.equal(0);
  });

  it('takes up what an earlier visit could not send', async () => {
    await page.route('**/answers/1', (route) => route.abort());
    await field(1).fill('Пётр');
    await says('Нет связи');
    const [[name, value] = ['', '']] = await kept();
    await context.close();

    await come();
    await page.evaluate(`localStorage.setItem(${JSON.stringify(name)}, ${JSON.stringify(value)})`);
    const sent = page.waitForRequest('**/answers/1');
    await page.reload();
    expect((await sent).postDataJSON()).to.deep.include({ response: ['Пётр'], revision: 0 });
    expect(await field(1).inputValue()).to.equal('Пётр');
    await becomes(1, 'Пётр');
    await says('Ответы сохранены');
    expect(await kept()).to.deep.equal([]);
  });

  it('takes up after a reload what only the browser’s database has kept', async () => {
    await page.route('**/answers/1', (route) => route.abort());
    await field(1).fill('Пётр');
    await says('Нет связи');
    await page.addInitScript('localStorage.clear()');
    await page.reload();
    await says('Нет связи');
    expect(await field(1).inputValue()).to.equal('Пётр');
    await page.unroute('**/answers/1');
    await becomes(1, 'Пётр');
  });

  it('sends what is answered while the browser’s database is still being opened', async () => {
    // The browser's own names are not known here.
    await page.addInitScript(`
      const open = IDBFactory.prototype.open;
      const held = [];
      IDBFactory.prototype.open = function (...names) {
        const asked = {};
        held.push(() => {
          const request = open.apply(indexedDB, names);
          request.onupgradeneeded = () => { asked.result = request.result; asked.onupgradeneeded(); };
          request.onsuccess = () => { asked.result = request.result; asked.onsuccess(); };
        });
        return asked;
      };
      globalThis.openDatabases = () => {
        IDBFactory.prototype.open = open;
        for (const act of held) act();
      };
    `);
    await page.reload();
    await field(1).fill('Пётр');
    await page.evaluate('openDatabases()');
    await becomes(1, 'Пётр');
    await says('Ответы сохранены');
  });

  it('tells the stale of two windows, and lets the person choose', async () => {
    const other = await context.newPage();
    await other.goto(student.address(attempt));
    await field(1, other).fill('из второго');
    await becomes(1, 'из второго');
    await field(1).fill('из первого');
    await page.locator('#q1 .notice').waitFor();
    expect(await stored(1)).to.equal('из второго');
    // Nothing ends while it is open which of the two stays.
    await page.getByRole('button', { name: 'Завершить', exact: true }).click();
    await page.getByRole('button', { name: 'Да, завершить' }).click();
    await page.getByRole('button', { name: 'Оставить мой' }).click();
    await becomes(1, 'из первого');

    await field(1, other).fill('снова из второго');
    await other.getByRole('button', { name: 'Взять другой' }).click();
    await other.locator('#q1 .notice').waitFor({ state: 'detached' });
    expect(await field(1, other).inputValue()).to.equal('из первого');
    expect(await stored(1)).to.equal('из первого');
  });

  it('asks before finishing with questions left, and finishes with everything that was typed', async () => {
    await field(1).fill('Пётр');
    await page.getByRole('button', { name: 'Завершить', exact: true }).click();
    await page.getByText('Без ответа: 2').waitFor();
    expect((await paperOf(student, attempt)).attempt.state).to.equal('inProgress');
    await field(2).fill('Пётр Первый');
    await page.getByRole('button', { name: 'Завершить', exact: true }).click();
    await page.waitForURL(/done=assessments\.finished/);
    expect((await ask(student, 'GET', attempt)).data.attempt.score).to.equal(2);
  });

  it('asks once more before the only attempt ends', async () => {
    await context.close();
    attempt = await begin(student, await makeTest(teacher, { attemptsAllowed: '1' }, [FIRST]));
    await come();
    await field(1).fill('Пётр');
    await page.getByRole('button', { name: 'Завершить', exact: true }).click();
    await page.getByText('Попытка одна').waitFor();
    expect((await paperOf(student, attempt)).attempt.state).to.equal('inProgress');
    // The question has the focus.
    await page.keyboard.press('Enter');
    await page.waitForURL(/done=assessments\.finished/);
  });

  it('moves no button from under a pointer that holds it down while an answer is being saved', async () => {
    await field(1).fill('Пётр');
    const place = await page.getByRole('button', { name: 'Завершить', exact: true }).boundingBox();
    await page.mouse.move(place!.x + place!.width / 2, place!.y + place!.height / 2);
    await page.mouse.down();
    await becomes(1, 'Пётр');
    await page.mouse.up();
    await page.getByText('Без ответа: 2').waitFor();
    await says('Ответы сохранены');
  });

  it('says which answer is not accepted, and ends nothing until it is mended', async () => {
    await page.evaluate('document.querySelector("#q1 input[type=text]").removeAttribute("maxlength")');
    await field(2).fill('Пётр Первый');
    await field(1).fill('я'.repeat(600));
    const said = page.locator('#q1 [role=alert]', { hasText: 'Этот ответ не сохранён' });
    await said.waitFor();
    await page.getByRole('button', { name: 'Завершить', exact: true }).click();
    await becomes(2, 'Пётр Первый');
    await page.reload();
    await said.waitFor();
    await field(1).fill('Пётр');
    await said.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Завершить', exact: true }).click();
    await page.waitForURL(/done=assessments\.finished/);
    expect((await ask(student, 'GET', attempt)).data.attempt.score).to.equal(2);
  });

  it('says that the session is over when the test cannot be finished for it, and keeps trying nothing', async () => {
    await field(1).fill('Пётр');
    await becomes(1, 'Пётр');
    const saved = page.waitForResponse('**/answers/2');
    await field(2).fill('Пётр');
    await saved;
    await says('Ответы сохранены');
    await context.clearCookies();
    await page.getByRole('button', { name: 'Завершить', exact: true }).click();
    await says('Сеанс завершён');
    expect((await paperOf(student, attempt)).attempt.state).to.equal('inProgress');
  });

  it('tells teachers that the page lost the focus and got it again, hidden or not', async () => {
    const logged = async (count: number): Promise<void> => {
      const told = page.waitForResponse('**/log');
      await page.evaluate(`{
        document.hasFocus = () => ${count % 2 === 0};
        dispatchEvent(new Event('${count % 2 === 0 ? 'focus' : 'blur'}'));
      }`);
      await told;
    };
    await logged(1);
    await logged(2);
    await ask(student, 'POST', `${attempt}/finish`);
    expect((await teacher.get(attempt)).body)
      .to.include('страница потеряла фокус')
      .and.include('страница снова в фокусе');
  });

  it('goes to the result when the attempt was finished elsewhere', async () => {
    await ask(student, 'POST', `${attempt}/finish`);
    await field(1).fill('Пётр');
    await page.locator('.score').waitFor();
    expect(await kept()).to.deep.equal([]);
  });

  it('finishes by itself when the time is over', async () => {
    attempt = await begin(student, await makeTest(teacher, { timeLimitMinutes: '1' }, [FIRST]));
    await page.goto(student.address(attempt));
    // What is left is told with the answer that is saved; a slow machine has the grace besides.
    testApp.clock.advance(57_000);
    await field(1).fill('Пётр');
    await page.waitForURL(/done=assessments\.finished/);
    expect((await ask(student, 'GET', attempt)).data.attempt).to.include({ score: 1, finishedBy: 'student' });
  });

  it('goes on when the clock of the device jumps ahead', async () => {
    attempt = await begin(student, await makeTest(teacher, { timeLimitMinutes: '60' }, [FIRST]));
    await page.goto(student.address(attempt));
    await page.evaluate('{ const real = Date.now; Date.now = () => real() + 2 * 3600 * 1000; }');
    await page.locator('.clock strong', { hasText: /^59:/ }).waitFor();
    expect((await paperOf(student, attempt)).attempt.state).to.equal('inProgress');
  });

  it('keeps what another window has saved when this one finishes without touching it', async () => {
    const other = await context.newPage();
    await other.goto(student.address(attempt));
    await field(1).fill('Пётр');
    await becomes(1, 'Пётр');
    await field(2, other).fill('Пётр Первый');
    await other.getByRole('button', { name: 'Завершить', exact: true }).click();
    await other.getByRole('button', { name: 'Да, завершить' }).click();
    await other.waitForURL(/done=assessments\.finished/);
    expect((await ask(student, 'GET', attempt)).data.attempt.score).to.equal(2);
  });

  it('finishes when the line is back, an hour later, if that was pressed without one', async () => {
    await field(1).fill('Пётр');
    await becomes(1, 'Пётр');
    await context.setOffline(true);
    await field(2).fill('Пётр Первый');
    await page.getByRole('button', { name: 'Завершить', exact: true }).click();
    await says('Тест завершится сам');
    testApp.clock.advance(HOUR);
    expect((await paperOf(student, attempt)).attempt.state).to.equal('inProgress');
    await context.setOffline(false);
    await page.waitForURL(/done=assessments\.finished/);
    expect((await ask(student, 'GET', attempt)).data.attempt.score).to.equal(2);
    expect(await kept()).to.deep.equal([]);
  });

  it('works without scripts, where Enter saves and does not finish', async () => {
    await context.close();
    await come({ javaScriptEnabled: false });
    await field(1).fill('Пётр');
    await field(1).press('Enter');
    await page.getByText('Ответы сохранены').waitFor();
    expect((await paperOf(student, attempt)).attempt.state).to.equal('inProgress');
    await field(2).fill('Пётр');
    await page.getByRole('button', { name: 'Завершить' }).click();
    await page.getByText('100 %').waitFor();
  });
});
