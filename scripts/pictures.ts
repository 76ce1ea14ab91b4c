/**
 * `npm run pictures`: walks a fresh demo in a real Chromium, once in Russian and once in English, and renews the
 * pictures of both READMEs in docs/pictures/. Nothing of data/ is touched.
 */
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Frame, Page } from 'playwright-core';
import { actAs, launchChromium, toolFrame } from './chromium.js';
import { freePort, ready, start } from './processes.js';

const PICTURES = path.resolve(import.meta.dirname, '../docs/pictures');
const TEACHER = '11';
const STUDENT = '104';
const COURSE = '/courses/2';
const TEST = 'Квадратные уравнения';

/** The LMS shows the frame 800 px wide on a window of this size. */
const WINDOW = { width: 832, height: 1000 };
const TELEPHONE = { width: 360, height: 640 };

interface Demo {
  readonly lms: string;
  readonly tool: string;
  close(): Promise<void>;
}

async function openDemo(folder: string): Promise<Demo> {
  const [toolPort, lmsPort] = [await freePort(), await freePort()];
  const tool = `http://localhost:${toolPort}`;
  const running = start('scripts/demo.ts', {
    env: {
      PORT: String(toolPort),
      LMS_PORT: String(lmsPort),
      DATABASE_URL: `file:${path.join(folder, 'demo.db')}`,
      LMS_DATA: path.join(folder, 'demo-lms.json'),
    },
  });
  await ready(running, `${tool}/readyz`);
  return {
    lms: `http://127.0.0.1:${lmsPort}`,
    tool,
    async close() {
      await running.stop();
    },
  };
}

/** One language's walk: each step leaves the page as its picture shows it. */
class Walk {
  constructor(
    readonly browser: Browser,
    readonly demo: Demo,
    readonly language: 'ru' | 'en',
  ) {}

  async all(): Promise<void> {
    await this.choose();
    await this.learn();
    await this.grade();
    await this.directory();
  }

  /** A teacher chooses by Deep Linking what stands in the course. */
  async choose(): Promise<void> {
    const page = await this.#as(TEACHER);
    await page.goto(`${this.demo.lms}${COURSE}`);
    await page.locator('a[href*="/add?tool="]').click();
    const picker = await toolFrame(page, this.demo.tool);
    await picker.locator('label:has([value^="test:"])', { hasText: TEST }).locator('input').check();
    await picker.locator('input[value^="consultations:"]').first().check();
    await picker.locator('input[value^="directory:"]').check();
    await this.#keep(page, 'deep-linking');
    await picker.locator('form button[type="submit"]').first().click();
    await page.waitForURL(`**${COURSE}`);
    await page.context().close();
  }

  /** A student sees the free times, books one, and takes the test. */
  async learn(): Promise<void> {
    const page = await this.#as(STUDENT);
    await page.goto(`${this.demo.lms}${COURSE}`);
    await page.locator('.activities.home a').click();
    const tool = await toolFrame(page, this.demo.tool);
    await tool.locator('nav a[href$="/consultations"]').click();
    const free = tool.locator('form[action$="/bookings"] button').first();
    await free.waitFor();
    await this.#keep(page, 'consultations');
    await free.click();
    await tool.getByRole('status').waitFor();

    await page.goto(`${this.demo.lms}${COURSE}`);
    await page.getByRole('link', { name: TEST }).click();
    const test = await toolFrame(page, this.demo.tool);
    await test.locator('form[action$="/attempts"] button').click();
    await test.locator('fieldset.question').first().waitFor();
    await answer(test);
    const saved = await test.locator('form.attempt').getAttribute('data-saved');
    await test.locator('.saving', { hasText: saved ?? '' }).waitFor();
    await test.evaluate('scrollTo(0, 0)');
    await this.#keep(page, 'attempt');
    await test.locator('[data-finish]').click();
    await test.locator('p.score').waitFor();
    await page.context().close();
  }

  /** The teacher finds the grade in the LMS's gradebook. */
  async grade(): Promise<void> {
    const page = await this.#as(TEACHER);
    await page.goto(`${this.demo.lms}${COURSE}/grades`);
    const row = page.getByRole('row').filter({ hasText: 'Богданов' });
    // Sent in the background; half a minute is more than the sender ever needs.
    for (const deadline = Date.now() + 30_000; !/\b8\b/.test(await row.innerText()); await page.reload()) {
      if (Date.now() > deadline) throw new Error('the grade does not come to the gradebook');
    }
    await page.setViewportSize({ ...WINDOW, height: 600 });
    await this.#keep(page, 'gradebook');
    await page.context().close();
  }

  /** Anybody looks at the directory on a telephone. */
  async directory(): Promise<void> {
    const context = await this.browser.newContext(this.#look(TELEPHONE));
    const page = await context.newPage();
    await page.goto(`${this.demo.tool}/teachers`);
    await this.#keep(page, 'directory');
    await context.close();
  }

  async #as(person: string): Promise<Page> {
    return actAs(await this.browser.newContext(this.#look(WINDOW)), this.demo.lms, person);
  }

  #look(viewport: { width: number; height: number }): BrowserContextOptions {
    return {
      viewport,
      locale: this.language === 'ru' ? 'ru-RU' : 'en-GB',
      timezoneId: 'Europe/Moscow',
      colorScheme: 'light',
      // A picture in the middle of a transition would look different every time.
      reducedMotion: 'reduce',
    };
  }

  async #keep(page: Page, name: string): Promise<void> {
    const file = path.join(PICTURES, `${name}.${this.language}.png`);
    await page.screenshot({ path: file });
    console.log(`${path.relative(process.cwd(), file)}  ${Math.ceil((await stat(file)).size / 1024)} KB`);
  }
}

async function answer(test: Frame): Promise<void> {
  const question = (words: string) => test.locator('fieldset.question', { hasText: words });
  await question('Сколько корней имеет').getByLabel('Один', { exact: true }).check();
  await question('Найдите дискриминант').getByRole('textbox').fill('25');
  await question('Какие из чисел').getByLabel('3', { exact: true }).check();
  await question('Какие из чисел').getByLabel('−2', { exact: true }).check();
  await question('Как называется теорема').getByRole('textbox').fill('Виета');
  await question('Больший корень').getByRole('textbox').fill('2,24');
}

await mkdir(PICTURES, { recursive: true });
const browser = await launchChromium();
try {
  for (const language of ['ru', 'en'] as const) {
    const folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-pictures-'));
    const demo = await openDemo(folder);
    try {
      await new Walk(browser, demo, language).all();
    } finally {
      await demo.close();
      await rm(folder, { recursive: true, force: true });
    }
  }
} finally {
  await browser.close();
}
