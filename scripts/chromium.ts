/** A real Chromium, and the first clicks of everybody in it: for the browser tests and the pictures. */
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Frame, type Page } from 'playwright-core';

export const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

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
  const frame = page.frames().find((item) => item.url().startsWith(tool));
  if (frame === undefined) throw new Error(`no frame of ${tool} on ${page.url()}`);
  return frame;
}
