import { expect } from 'chai';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { holdLaunch } from '../lti/attacks/lab.js';
import { actAs, CHROMIUM, FLAGS, picture, toolFrame } from './browser.js';

describe('cookies in a real browser', () => {
  let testApp: TestApp;
  let folder: string;
  let context: BrowserContext | undefined;

  beforeEach(async () => {
    testApp = await startTestApp();
    folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-profile-'));
  });
  afterEach(async () => {
    await context?.close();
    await testApp.close();
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
    const page = await actAs(browser, testApp.lms.origin, '104');
    await page.goto(`${testApp.lms.origin}/courses/2/activities/${testApp.lms.control.homeLink('2').id}`);
    return page;
  }

  it('of third parties blocked: ours are partitioned, and the frame works', async () => {
    const browser = await openProfile({
      profile: { cookie_controls_mode: 1, block_third_party_cookies: true },
    });
    const frame = await toolFrame(await openActivity(browser), testApp.origin);
    await frame.getByRole('heading', { name: 'Консультации' }).waitFor();
  });

  it('of our site blocked in frames: a new window is offered; blocked there too: it says what to allow', async () => {
    const browser = await openProfile({
      profile: {
        content_settings: { exceptions: { cookies: { 'http://localhost:*,*': { setting: 2 } } } },
      },
    });
    const page = await openActivity(browser);
    const frame = await toolFrame(page, testApp.origin);
    const opens = frame.getByRole('link', { name: 'Открыть в новом окне' });
    await opens.waitFor();
    await picture(page, 'no-cookies-in-frame');
    const [window] = await Promise.all([browser.waitForEvent('page'), opens.click()]);
    await window.getByRole('link', { name: 'Попробовать снова' }).waitFor();
    await picture(window, 'no-cookies-in-window');
    expect(await window.textContent('main')).to.include('localhost');
  });

  /** Every cookie of the tool's site, inside pages of the LMS, or wherever it is. */
  const blocked = (where: 'in frames' | 'everywhere'): object => ({
    profile: {
      content_settings: {
        exceptions: {
          cookies: {
            [where === 'everywhere' ? 'http://localhost:*,*' : 'http://localhost:*,http://127.0.0.1:*']: {
              setting: 2,
            },
          },
        },
      },
    },
  });

  for (const target of ['_parent', 'lms_storage']) {
    it(`blocked in frames: the platform keeps the login (${target}), a new window the session`, async () => {
      testApp.lms.control.offerStorage(target);
      const browser = await openProfile(blocked('in frames'));
      const page = await openActivity(browser);
      const tool = page.frameLocator('iframe.tool');
      // Proven by now: this page is shown to nobody else.
      await tool.locator('form[action="/handover"]').waitFor();
      await picture(page, `platform-storage-${target}`);
      const [window] = await Promise.all([
        browser.waitForEvent('page'),
        tool.getByRole('button', { name: 'Открыть в новом окне' }).click(),
      ]);
      await window.getByRole('heading', { name: 'Консультации' }).waitFor();
      expect(new URL(window.url()).pathname).to.match(/^\/c\/[a-z0-9]+\/$/);
      // The button has done its work.
      const launches = testApp.storage.connection.model('Handover');
      expect(await launches.countDocuments()).to.equal(0);
    });
  }

  for (const storage of ['_parent', null]) {
    it(`blocked in frames: the frame carries the answer of Deep Linking home (${storage ?? 'no storage'})`, async () => {
      testApp.lms.control.offerStorage(storage);
      const browser = await openProfile(blocked('in frames'));
      const page = await actAs(browser, testApp.lms.origin, '11');
      await page.goto(`${testApp.lms.origin}/courses/2`);
      await page.getByRole('link', { name: 'Добавить задание' }).click();
      const dialog = page.frameLocator('iframe.tool');
      const opens = dialog.getByText('Открыть в новом окне', { exact: true });
      await opens.waitFor();
      const [window] = await Promise.all([browser.waitForEvent('page'), opens.click()]);
      await window.locator('input[value^="directory:"]').check();
      const closed = window.waitForEvent('close');
      await window.getByRole('button', { name: 'Добавить в курс' }).click();
      await closed;
      // The LMS's own page in the frame of its dialog leads the whole page back.
      await page.waitForURL(/\/courses\/2$/);
      const added = testApp.lms.control.activities('2').filter(({ home }) => !home);
      expect(added).to.have.length(1);
    });
  }

  it('blocked everywhere: the launch is proven, and the window says what to allow', async () => {
    testApp.lms.control.offerStorage('_parent');
    const browser = await openProfile(blocked('everywhere'));
    const tool = (await openActivity(browser)).frameLocator('iframe.tool');
    const [window] = await Promise.all([
      browser.waitForEvent('page'),
      tool.locator('form[action="/handover"] button').click(),
    ]);
    await window.getByText('Разрешите их для localhost').waitFor();
  });

  it('blocked in frames, and the platform keeps nothing though it offered to: the login begins in a window', async () => {
    testApp.lms.control.offerStorage('_parent');
    const browser = await openProfile(blocked('in frames'));
    await browser.addInitScript(
      "if (window.top === window) addEventListener('message', (event) => event.stopImmediatePropagation(), true)",
    );
    const tool = (await openActivity(browser)).frameLocator('iframe.tool');
    const [window] = await Promise.all([
      browser.waitForEvent('page'),
      tool.getByRole('link', { name: 'Открыть в новом окне' }).click(),
    ]);
    await window.getByRole('heading', { name: 'Консультации' }).waitFor();
  });

  it('of third parties blocked, and a platform that keeps logins: the cookie is enough', async () => {
    testApp.lms.control.offerStorage('_parent');
    const browser = await openProfile({
      profile: { cookie_controls_mode: 1, block_third_party_cookies: true },
    });
    const frame = await toolFrame(await openActivity(browser), testApp.origin);
    await frame.getByRole('heading', { name: 'Консультации' }).waitFor();
  });

  it('a captured launch is refused in another browser', async () => {
    testApp.lms.control.offerStorage('_parent');
    const { posted } = await holdLaunch(testApp.lms);
    const browser = await openProfile(blocked('in frames'));
    const page = await openActivity(browser);
    await page.frameLocator('iframe.tool').locator('form[action="/handover"]').waitFor();
    // The LMS's own page, with storage of its own, is the best place a thief could wish for.
    const fields = JSON.stringify({ action: `${testApp.origin}/lti/launch`, posted });
    await page.evaluate(`(({ action, posted }) => {
      document.body.appendChild(Object.assign(document.createElement('iframe'), { name: 'stolen' }));
      const form = document.body.appendChild(document.createElement('form'));
      Object.assign(form, { method: 'post', action, target: 'stolen' });
      for (const [name, value] of Object.entries(posted)) {
        const field = form.appendChild(document.createElement('input'));
        Object.assign(field, { type: 'hidden', name, value });
      }
      form.submit();
    })(${fields})`);
    const refusal = page.frameLocator('iframe[name=stolen]').getByText('lti-state-cookie');
    await refusal.waitFor({ state: 'visible' });
    expect(await testApp.storage.connection.model('Handover').countDocuments()).to.equal(1);
  });
});
