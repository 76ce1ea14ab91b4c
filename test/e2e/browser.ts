/** A real Chromium for tests, with a wide and a narrow way to look at pages. */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type Frame,
  type Locator,
  type Page,
} from 'playwright-core';

export const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const PICTURES = path.resolve(import.meta.dirname, '../../test-results');

export const FLAGS: readonly string[] = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** @throws Error that says how to get one */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(
      `no Chromium at ${CHROMIUM}: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH`,
    );
  }
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [...FLAGS, ...args],
  });
}

export interface Look {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly locale: 'ru-RU' | 'en-GB';
  readonly colorScheme: 'light' | 'dark';
}

/** Between them every width, language and colour scheme is seen. */
export const LOOKS: readonly Look[] = [
  { name: 'frame-ru-light', width: 800, height: 900, locale: 'ru-RU', colorScheme: 'light' },
  { name: 'phone-en-dark', width: 360, height: 740, locale: 'en-GB', colorScheme: 'dark' },
];

/** What a page complained of: script errors, blocked resources, refused styles. */
export class Complaints {
  readonly #lines: string[] = [];

  listen(page: Page): void {
    page.on('pageerror', (error) => this.#lines.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      // A 4xx that a test asks for is not the page's fault; it says so itself.
      if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) {
        this.#lines.push(`${page.url()}: ${message.text()}`);
      }
    });
  }

  get all(): readonly string[] {
    return this.#lines;
  }
}

/** Keeps a picture of a page, or of one element of it, under test-results/. */
export async function picture(of: Page | Locator, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  const file = path.join(PICTURES, `${name}.png`);
  if ('screenshot' in of && 'goto' in of) await of.screenshot({ path: file, fullPage: true });
  else await of.screenshot({ path: file });
}

/** How far the page reaches beyond its window sideways, in CSS pixels. */
export const overflow = (page: Page | Frame): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** Signs in at the demo LMS as its page of people does. */
export async function actAs(context: BrowserContext, lms: string, personId: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(lms);
  await page.locator(`form[action="/act-as/${personId}"] button`).click();
  await page.waitForURL(/\/courses/);
  return page;
}

/** The tool's frame on a page of the LMS, once it shows something. */
export async function toolFrame(page: Page, tool: string): Promise<Frame> {
  await page.frameLocator('iframe.tool').locator('main h1').first().waitFor();
  const frame = page.frames().find((one) => one.url().startsWith(tool));
  if (frame === undefined) throw new Error(`no frame of ${tool} on ${page.url()}`);
  return frame;
}
