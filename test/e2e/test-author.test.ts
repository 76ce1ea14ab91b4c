import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { ask, idIn } from '../features/assessments/fixtures.js';
import { startTestApp, type TestApp, type Visitor } from '../support/test-app.js';
import { launchChromium } from './browser.js';
import { CLICK_MS, IS_HUMAN, KEY_MS, SECONDS } from './pace.js';

/** Ten questions of a short test: the text, the answers, and which is right. */
const TEN = [
  ['Столица Франции?', ['Париж', 'Лион', 'Ницца'], 0],
  ['Столица Италии?', ['Милан', 'Рим', 'Турин'], 1],
  ['Столица Японии?', ['Осака', 'Киото', 'Токио'], 2],
  ['Сколько будет 7 · 8?', ['54', '56', '63'], 1],
  ['Корень из 144?', ['12', '14', '16'], 0],
  ['Какое число простое?', ['21', '27', '29'], 2],
  ['Формула воды?', ['H₂O', 'CO₂', 'O₃'], 0],
  ['Спутник Земли?', ['Марс', 'Луна', 'Ио'], 1],
  ['Год полёта Гагарина?', ['1957', '1959', '1961'], 2],
  ['Автор «Недоросля»?', ['Фонвизин', 'Крылов', 'Гоголь'], 0],
] as const;

/** A teacher makes a test from an empty bank; every click is counted. */
describe('making a test in a browser', () => {
  let testApp: TestApp;
  let browser: Browser;
  let teacher: Visitor;
  let context: BrowserContext;
  let page: Page;
  let clicks = 0;

  before(async () => {
    testApp = await startTestApp();
    browser = await launchChromium();
    teacher = await testApp.launch({ person: '11', course: '2' });
  });
  after(async () => {
    await browser.close();
    await testApp.close();
  });
  beforeEach(async () => {
    context = await browser.newContext({ locale: 'ru-RU' });
    const value = teacher.browser.cookie(testApp.origin, 'nastavnik') ?? '';
    await context.addCookies([{ name: 'nastavnik', value, url: testApp.origin }]);
    page = await context.newPage();
    clicks = 0;
    await page.goto(teacher.address('tests'));
  });
  afterEach(() => context.close());

  async function press(name: string, role: 'button' | 'link' = 'button'): Promise<void> {
    clicks += 1;
    await page.waitForTimeout(CLICK_MS);
    await page.getByRole(role, { name, exact: true }).click();
  }
  const testId = (): string => /tests\/([0-9a-f]{24})/.exec(page.url())?.[1] ?? '';
  async function makeEmpty(title: string): Promise<string> {
    await press('Новый тест', 'link');
    await page.locator('[name=title]').fill(title);
    await press('Дальше: вопросы');
    await page.waitForURL(/tests\/[0-9a-f]{24}/u);
    return testId();
  }
  const made = async (test: string) => (await ask(teacher, 'GET', `tests/${test}`)).data;

  it('takes at most 25 clicks and under three minutes for ten questions, typed one after another', async () => {
    /** The field is reached by Tab, as people who type do. */
    const type = async (name: string, at: number, text: string): Promise<void> => {
      const isReached = `document.activeElement === document.querySelectorAll('[name=${name}]')[${at}]`;
      while (!(await page.evaluate<boolean>(isReached))) await pressKey('Tab');
      await page.keyboard.type(text, { delay: KEY_MS });
      keys += text.length;
    };
    const pressKey = async (key: string): Promise<void> => {
      keys += 1;
      await page.keyboard.press(key, { delay: KEY_MS });
    };
    let keys = 0;
    const begun = Date.now();
    const title = 'Столицы и числа';
    const test = await makeEmpty(title);
    keys += title.length;
    await press('Один ответ', 'link');
    for (const [number, [text, answers, right]] of TEN.entries()) {
      await page.locator('[name=text]').waitFor();
      expect(await page.evaluate<boolean>("document.activeElement?.name === 'text'"), 'focus').to.equal(true);
      await type('text', 0, text);
      for (const [at, answer] of answers.entries()) await type('option', at, answer);
      clicks += 1;
      await page.waitForTimeout(CLICK_MS);
      await page.locator('[name=right]').nth(right).click();
      const saved = page.waitForURL(/done=assessments\.questionAdded/u);
      await press(number < 9 ? 'Сохранить и следующий' : 'Сохранить');
      await saved;
      // The next form has the address of the last one.
      if (number < 9) await page.waitForFunction("document.querySelector('[name=text]')?.value === ''");
    }
    await press('Опубликовать');
    const { questions, test: published } = await made(test);
    expect(questions.map(({ text }) => text)).to.deep.equal(TEN.map(([text]) => text));
    expect(published.state).to.equal('published');
    expect(clicks).to.be.at.most(25);
    expect(keys * SECONDS.key + clicks * SECONDS.click, `${keys} keys, ${clicks} clicks`).to.be.below(180);
    if (IS_HUMAN) process.stdout.write(`${keys} keys, ${clicks} clicks, ${(Date.now() - begun) / 1000} s\n`);
  });

  it('takes six clicks for ten questions that are pasted', async () => {
    const test = await makeEmpty('Вставленные вопросы');
    await press('Импорт', 'link');
    const text = Array.from(
      { length: 10 },
      (_, n) => `${n + 1}. Сколько будет ${n} + 1?\n+ ${n + 1}\n- ${n}\n`,
    ).join('\n');
    await page.locator('[name=text]').fill(text);
    await press('Показать вопросы');
    await press('Добавить в тест');
    await press('К тесту', 'link');
    expect((await made(test)).questions).to.have.length(10);
    expect(clicks).to.equal(6);
  });

  it('goes on with the keyboard alone: Ctrl+Enter saves and opens the next', async () => {
    const created = await ask(teacher, 'POST', 'tests', { title: 'С клавиатуры' });
    const test = idIn(created, 'tests');
    await page.goto(teacher.address(`tests/${test}/questions/new?type=short`));
    for (const word of ['раз', 'два']) {
      await page.locator('[name=text]').fill(`Как пишется «${word}»?`);
      await page.locator('[name=accepted]').fill(word);
      const next = page.waitForEvent('load');
      await page.keyboard.press('Control+Enter');
      await next;
      expect(page.url()).to.match(/done=assessments\.questionAdded/u);
      expect(await page.locator('[name=text]').inputValue()).to.equal('');
    }
    expect((await made(test)).questions.map(({ text }) => text)).to.deep.equal([
      'Как пишется «раз»?',
      'Как пишется «два»?',
    ]);
  });

  it('draws areas on a picture with the pointer, and a student chooses one with a click', async () => {
    const created = await ask(teacher, 'POST', 'tests', { title: 'На картинке' });
    const test = idIn(created, 'tests');
    await page.goto(teacher.address(`tests/${test}/questions/new?type=hotspot`));
    await page.locator('[name=text]').fill('Где круг?');
    await page.locator('[name=file]').setInputFiles({
      name: 'поле.svg',
      mimeType: 'image/svg+xml',
      buffer: Buffer.from(
        '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><rect width="400" height="200" fill="#eee"/><circle cx="100" cy="100" r="40" fill="#b33"/></svg>',
      ),
    });
    await press('Загрузить картинку');
    const picture = page.locator('svg.on-picture');
    const box = (await picture.boundingBox())!;
    const drag = async (from: readonly [number, number], to: readonly [number, number]): Promise<void> => {
      await page.mouse.move(box.x + from[0] * box.width, box.y + from[1] * box.height);
      await page.mouse.down();
      await page.mouse.move(box.x + to[0] * box.width, box.y + to[1] * box.height);
      await page.mouse.up();
    };
    await picture.scrollIntoViewIfNeeded();
    Object.assign(box, await picture.boundingBox());
    // Drawing leaves the page where it is.
    await drag([0.1, 0.2], [0.4, 0.8]);
    await drag([0.6, 0.2], [0.9, 0.8]);
    await page.locator('[name=right]').nth(0).check();
    await press('Сохранить');
    await page.waitForURL(/done=assessments\.questionAdded/u);
    await ask(teacher, 'POST', `tests/${test}/publish`);
    await page.goto(teacher.address(`tests/${test}/preview`));
    await page.locator('g.area').nth(0).click();
    expect(await page.locator('input[type=radio]').nth(0).isChecked()).to.equal(true);
    await press('Проверить');
    expect(await page.locator('.score').innerText()).to.contain('1');
  });
});
