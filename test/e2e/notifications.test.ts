import { expect } from 'chai';
import type { Browser, BrowserContext, Frame, Page } from 'playwright-core';
import { startDemoMax, type DemoMax } from '../../scripts/demo-max/index.js';
import { seedApp, seedDemo } from '../../scripts/seed/index.js';
import { HOUR, MINUTE } from '../../src/shared/clock.js';
import { personOf } from '../features/notifications/support.js';
import { startAdminApp, LOGIN, PASSWORD, type AdminTestApp } from '../features/admin/support.js';
import { actAs, Complaints, launchChromium, LOOKS, overflow, picture, toolFrame } from './browser.js';

/** Notifications in a real browser: what a newcomer of the demo does, and every page wide and narrow. */
describe('notifications in the browser', () => {
  let testApp: AdminTestApp;
  let max: DemoMax;
  let browser: Browser;
  const complaints = new Complaints();

  before(async () => {
    testApp = await startAdminApp({ env: { SMTP_URL: 'outbox:' } });
    max = await startDemoMax({ port: 0, webhook: `${testApp.origin}/hooks/max` });
    const { clientId, deployments } = testApp.registration;
    const platform = { origin: testApp.lms.origin, clientId, deploymentId: deployments[0] ?? '' };
    const { clock } = testApp;
    clock.advance(24 * HOUR - ((clock.now().getTime() - 9 * HOUR) % (24 * HOUR)));
    await seedApp(testApp.app, platform);
    await seedDemo(testApp.app, platform, { clock, max: max.origin });
    clock.advance(5 * MINUTE);
    await testApp.app.jobs.drain();
    await testApp.make();
    await deadLetters();
    browser = await launchChromium();
  });
  after(async () => {
    await browser.close();
    await max.close();
    await testApp.close();
  });

  /** A message that a messenger refused, and a mailbox that is gone, as the administrator finds them. */
  async function deadLetters(): Promise<void> {
    const { connection } = testApp.storage;
    const at = testApp.clock.now();
    await connection.model('Job').create({
      ...{ name: 'deliver-max', key: 'booking-made:1:2', lane: 'deliver-max', state: 'failed' },
      ...{ seq: 0, revision: 1, attempts: 1, runAt: at, dueSince: at },
      payload: { kind: 'booking-made', subjectId: '1', personId: '2', courseId: '3', contactId: '', at },
      error: '403 chat.denied dialog suspended by the user for an unlimited period of time',
    });
    const { id, email } = await personOf(testApp, '101');
    await connection.model('NotificationAddress').create({
      ...{ personId: id, channel: 'mail', address: `old.${email}`, linkedAt: at, brokenAt: at },
      reason: '5.1.1 smtp; 550 5.1.1 The email account that you tried to reach does not exist',
    });
  }

  const contextOf = async (look: (typeof LOOKS)[number]): Promise<BrowserContext> => {
    const context = await browser.newContext({
      locale: look.locale,
      colorScheme: look.colorScheme,
      viewport: { width: look.width, height: look.height },
      timezoneId: 'Europe/Moscow',
    });
    context.on('page', (page) => complaints.listen(page));
    return context;
  };

  async function enter(
    context: BrowserContext,
    person: string,
  ): Promise<{ page: Page; frame: Frame; home: string }> {
    const page = await actAs(context, testApp.lms.origin, person);
    await page.goto(`${testApp.lms.origin}/courses/2/activities/${testApp.lms.control.homeLink('2').id}`);
    const frame = await toolFrame(page, testApp.origin);
    return { page, frame, home: /.*\/c\/\w+\//.exec(frame.url())?.[0] ?? '' };
  }

  it('a newcomer links MAX with two clicks and cancels a booking from its button', async () => {
    const context = await contextOf(LOOKS[0]!);
    const { frame, home } = await enter(context, '101');
    await frame.goto(`${home}notifications/preferences?lang=ru`);
    const [phone] = await Promise.all([
      context.waitForEvent('page'),
      frame.getByRole('link', { name: 'Подключить MAX' }).click(),
    ]);
    await phone.getByRole('button', { name: 'Начать' }).click();
    await phone.getByText('Готово').waitFor();
    testApp.clock.advance(2 * HOUR);
    await testApp.app.jobs.drain();
    await phone.reload();
    await picture(phone, 'notifications-max');
    await phone.getByRole('button', { name: 'Отменить запись' }).first().click();
    await phone.getByText('Запись отменена.').waitFor();
    await context.close();
  });

  for (const look of LOOKS) {
    it(`pages reach nowhere sideways and nothing is blocked: ${look.name}`, async () => {
      const context = await contextOf(look);
      const lang = look.locale.slice(0, 2);
      const seen = async (page: Page, frame: Page | Frame, name: string): Promise<void> => {
        expect(await overflow(frame), `${name} ${look.name}`).to.equal(0);
        await picture(page, `notifications-${name}-${look.name}`);
      };
      for (const [person, paths] of [
        ['101', ['notifications/preferences', '']],
        ['12', ['notifications']],
      ] as const) {
        const { page, home } = await enter(context, person);
        for (const path of paths) {
          const frame = await toolFrame(page, testApp.origin);
          await frame.goto(`${home}${path}?lang=${lang}`);
          await seen(page, frame, path.replace('/', '-') || 'home');
        }
        await page.close();
      }
      const page = await context.newPage();
      await page.goto(`${testApp.origin}/outbox?lang=${lang}`);
      await seen(page, page, 'outbox');
      await page.goto(`${testApp.origin}/admin/login?lang=${lang}`);
      await page.fill('[name=login]', LOGIN);
      await page.fill('[name=password]', PASSWORD);
      await page.click('form[action="/admin/login"] button, main button[type=submit]');
      for (const path of ['', '/channels/max', '/channels/telegram', `/templates/daily-list/${lang}`]) {
        await page.goto(`${testApp.origin}/admin/notifications${path}`);
        await seen(page, page, `admin${path.replaceAll('/', '-')}`);
      }
      await context.close();
      expect(complaints.all).to.deep.equal([]);
    });
  }
});
