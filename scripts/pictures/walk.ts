/** The walk that takes the pictures of both READMEs: through the demo LMS and the tool, in one language. */
import path from 'node:path';
import type { Browser, BrowserContextOptions, Frame, Page } from 'playwright-core';
import { actAs, toolFrame } from '../chromium.js';

const TEACHER = '11';
const STUDENT = '104';
/** Holds a post of a deputy director. */
const DEPUTY = '3';
const COURSE = '/courses/2';
const TEST = 'Квадратные уравнения';
const SERIES = 'Алгебра: вопросы по домашней работе';

/** The LMS shows the frame 800 px wide on a window of this size. */
const WINDOW = { width: 832, height: 1000 };
const LONG_WINDOW = { width: 832, height: 1400 };
const TELEPHONE = { width: 360, height: 640 };

/** The names of the pictures, without language and ending, in the order in which they are taken. */
export const PICTURES = [
  ...['deep-linking', 'consultations', 'attempt', 'gradebook'],
  ...['week', 'reports', 'directory'],
] as const;
type Picture = (typeof PICTURES)[number];

export interface WalkOptions {
  readonly browser: Browser;
  /** Origins of a fresh demo: the pictures show how it is before anything else is done in it. */
  readonly lms: string;
  readonly tool: string;
  readonly language: 'ru' | 'en';
  /** The folder that receives `<picture>.<language>.png`. */
  readonly folder: string;
}

/**
 * Takes all pictures in one language.
 * @returns the paths of the files
 * @throws Error of Playwright if a step finds no such link, button or field
 */
export async function takePictures(options: WalkOptions): Promise<string[]> {
  const walk = new Walk(options);
  await walk.choose();
  await walk.learn();
  await walk.grade();
  await walk.plan();
  await walk.report();
  await walk.directory();
  return walk.files;
}

/** Each step leaves the page as its picture shows it. */
class Walk {
  readonly files: string[] = [];

  constructor(readonly options: WalkOptions) {}

  /** A teacher chooses by Deep Linking what stands in the course. */
  async choose(): Promise<void> {
    const page = await this.#as(TEACHER);
    await page.goto(`${this.options.lms}${COURSE}`);
    await page.locator('a[href*="/add?tool="]').click();
    const picker = await toolFrame(page, this.options.tool);
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
    const tool = await this.#home(page);
    await tool.locator('nav a[href$="/consultations"]').click();
    const free = tool.getByRole('listitem').filter({ hasText: SERIES }).locator('.times a').first();
    await free.waitFor();
    await this.#keep(page, 'consultations');
    await free.click();
    await tool.locator('form[action$="/bookings"] textarea').first().fill('Как решать неравенства?');
    await tool.locator('form[action$="/bookings"] button').first().click();
    await tool.getByRole('status').first().waitFor();

    await page.goto(`${this.options.lms}${COURSE}`);
    await page.getByRole('link', { name: TEST }).first().click();
    const test = await toolFrame(page, this.options.tool);
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
    await page.goto(`${this.options.lms}${COURSE}/grades`);
    const row = page.getByRole('row').filter({ hasText: 'Богданов' });
    // Sent in the background; half a minute is more than the sender ever needs.
    for (const deadline = Date.now() + 30_000; !/\b8\b/.test(await row.innerText()); await page.reload()) {
      if (Date.now() > deadline) throw new Error('the grade does not come to the gradebook');
    }
    await page.setViewportSize({ ...WINDOW, height: 600 });
    await this.#keep(page, 'gradebook');
    await page.context().close();
  }

  /** The teacher's week, on which times are made and moved by dragging. */
  async plan(): Promise<void> {
    const page = await this.#as(TEACHER);
    const tool = await this.#home(page);
    await tool.goto(new URL('consultations/board', tool.url()).href);
    // On a Friday evening or at a weekend little of this week is left.
    await tool.locator('a[href*="?week="]').last().click();
    await tool.locator('.ec-event').first().waitFor();
    await page.setViewportSize(LONG_WINDOW);
    await this.#keep(page, 'week');
    await page.context().close();
  }

  /** A deputy director looks at the figures. */
  async report(): Promise<void> {
    const page = await this.#as(DEPUTY);
    const tool = await this.#home(page);
    await tool.locator('nav a[href$="/reports"]').click();
    await tool.locator('svg.chart').first().waitFor();
    await page.setViewportSize(LONG_WINDOW);
    await this.#keep(page, 'reports');
    await page.context().close();
  }

  /** A visitor looks at the directory on a telephone. */
  async directory(): Promise<void> {
    const context = await this.options.browser.newContext(this.#look(TELEPHONE));
    const page = await context.newPage();
    await page.goto(`${this.options.tool}/teachers`);
    await this.#keep(page, 'directory');
    await context.close();
  }

  async #as(person: string): Promise<Page> {
    const context = await this.options.browser.newContext(this.#look(WINDOW));
    return actAs(context, this.options.lms, person);
  }

  /** Opens the tool's first page of the course. */
  async #home(page: Page): Promise<Frame> {
    await page.goto(`${this.options.lms}${COURSE}`);
    await page.locator('.activities.home a').click();
    return toolFrame(page, this.options.tool);
  }

  #look(viewport: { width: number; height: number }): BrowserContextOptions {
    return {
      viewport,
      locale: this.options.language === 'ru' ? 'ru-RU' : 'en-GB',
      timezoneId: 'Europe/Moscow',
      colorScheme: 'light',
      // A picture in the middle of a transition would look different every time.
      reducedMotion: 'reduce',
    };
  }

  async #keep(page: Page, name: Picture): Promise<void> {
    const file = path.join(this.options.folder, `${name}.${this.options.language}.png`);
    await page.screenshot({ path: file });
    this.files.push(file);
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
