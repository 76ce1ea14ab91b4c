import { expect } from 'chai';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { startHouse, type House } from '../support/house.js';
import { actAs, CHROMIUM, FLAGS, picture, toolFrame } from './browser.js';

describe('cookies in a real browser', () => {
  let house: House;
  let folder: string;
  let context: BrowserContext | undefined;

  beforeEach(async () => {
    house = await startHouse();
    folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-profile-'));
  });
  afterEach(async () => {
    await context?.close();
    await house.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A profile of its own, with settings as a person makes them. */
  async function openProfile(settings: object): Promise<BrowserContext> {
    await mkdir(path.join(folder, 'Default'));
    await writeFile(path.join(folder, 'Default', 'Preferences'), JSON.stringify(settings));
    context = await chromium.launchPersistentContext(folder, {
      executablePath: CHROMIUM,
      args: [...FLAGS],
      locale: 'ru-RU',
      viewport: { width: 1024, height: 700 },
    });
    return context;
  }

  async function openActivity(browser: BrowserContext): Promise<Page> {
    const page = await actAs(browser, house.lms.origin, '104');
    await page.goto(`${house.lms.origin}/courses/2/activities/${house.lms.control.homeLink('2').id}`);
    return page;
  }

  it('of third parties blocked: ours are partitioned, and the frame works', async () => {
    const browser = await openProfile({
      profile: { cookie_controls_mode: 1, block_third_party_cookies: true },
    });
    const frame = await toolFrame(await openActivity(browser), house.origin);
    await frame.getByRole('heading', { name: 'Консультации' }).waitFor();
  });

  it('of our site blocked in frames: a new window is offered; blocked there too: it says what to allow', async () => {
    const browser = await openProfile({
      profile: {
        content_settings: { exceptions: { cookies: { 'http://localhost:*,*': { setting: 2 } } } },
      },
    });
    const page = await openActivity(browser);
    const frame = await toolFrame(page, house.origin);
    const opens = frame.getByRole('button', { name: 'Открыть в новом окне' });
    await opens.waitFor();
    await picture(page, 'no-cookies-in-frame');
    const [window] = await Promise.all([browser.waitForEvent('page'), opens.click()]);
    await window.getByRole('button', { name: 'Попробовать снова' }).waitFor();
    await picture(window, 'no-cookies-in-window');
    expect(await window.textContent('main')).to.include('localhost');
  });
});
