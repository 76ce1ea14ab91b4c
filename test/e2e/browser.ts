/** A real Chromium for tests, with a wide and a narrow way to look at pages. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';

export { actAs, CHROMIUM, FLAGS, launchChromium, toolFrame } from '../../scripts/chromium.js';

const PICTURES = path.resolve(import.meta.dirname, '../../test-results');

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
