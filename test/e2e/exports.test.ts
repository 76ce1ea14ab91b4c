import { expect } from 'chai';
import { Types } from 'mongoose';
import { readFileSync } from 'node:fs';
import type { Browser, Frame, Page } from 'playwright-core';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { violations } from './axe.js';
import {
  actAs,
  Complaints,
  launchChromium,
  LOOKS,
  overflow,
  picture,
  toolFrame,
  type Look,
} from './browser.js';

const STUDENTS = 1_200;

/** A list that is too long for a request, from the link to the file. */
describe('files that a job writes, in the browser', function () {
  this.timeout(120_000);
  let testApp: TestApp;
  let browser: Browser;
  const complaints = new Complaints();
  const model = (name: string) => testApp.storage.connection.model(name);

  before(async () => {
    testApp = await startTestApp();
    await testApp.launch({ person: '11', course: '2' });
    const course = await model('Course').findOne().lean<{ registrationId: string; _id: unknown }>();
    const { registrationId, _id } = course!;
    const people = Array.from({ length: STUDENTS }, (_, at) => ({
      ...{ _id: new Types.ObjectId(), registrationId, sub: `n${at}`, email: '', words: [] },
      name: { surname: `Новиков${at}`, givenName: 'Иван', patronymic: '' },
    }));
    await model('Person').collection.insertMany(people);
    await model('Membership').collection.insertMany(
      people.map((person) => ({
        ...{ courseId: String(_id), personId: person._id.toString(), role: 'student', leftAt: null },
      })),
    );
    browser = await launchChromium();
  });
  after(async () => {
    await browser.close();
    await testApp.close();
  });

  async function enter(look: Look): Promise<{ page: Page; frame: Frame }> {
    const context = await browser.newContext({
      ...{ locale: look.locale, colorScheme: look.colorScheme, timezoneId: 'Europe/Moscow' },
      viewport: { width: look.width, height: look.height },
      acceptDownloads: true,
    });
    context.on('page', (page) => complaints.listen(page));
    const page = await actAs(context, testApp.lms.origin, '11');
    await page.goto(`${testApp.lms.origin}/courses/2/activities/${testApp.lms.control.homeLink('2').id}`);
    const frame = await toolFrame(page, testApp.origin);
    const home = /.*\/c\/\w+\//.exec(frame.url())?.[0] ?? '';
    await frame.goto(`${home}people?lang=${look.locale.slice(0, 2)}`);
    return { page, frame };
  }

  for (const look of LOOKS) {
    it(`come by one click: the page waits, moves on and saves the file: ${look.name}`, async () => {
      const worker = testApp.app.workers[0]!;
      await worker.stop();
      const { page, frame } = await enter(look);
      const saving = page.waitForEvent('download');
      await frame.getByRole('link', { name: 'Excel' }).first().click();
      await frame.locator('[data-live-waits]').waitFor();
      const found: string[] = [];
      const see = async (name: string): Promise<void> => {
        found.push(...(await violations(frame)).map((violation) => `${name}: ${violation}`));
        expect(await overflow(frame), name).to.equal(0);
        await picture(frame.locator('body'), `exports-${name}-${look.name}`);
      };
      await model('Export').updateMany({ state: 'waiting' }, { $set: { done: 400, total: STUDENTS } });
      await frame.getByText(/400/).waitFor();
      await see('waits');
      worker.start();
      const saved = await saving;
      expect(
        readFileSync(await saved.path())
          .subarray(0, 2)
          .toString(),
      ).to.equal('PK');
      await frame.locator('.notice.good').waitFor();
      expect(frame.url(), 'loaded again, the page saves no second file').to.not.include('now=1');
      await see('ready');
      await model('Export').updateMany({}, { $set: { state: 'failed', problem: 'broken' } });
      await frame.goto(frame.url());
      await see('failed');
      await frame
        .getByRole('button')
        .filter({ hasText: /ещё раз|again/ })
        .click();
      await page.waitForEvent('download');
      await frame.locator('main small a').click();
      await frame.locator('.records').waitFor();
      await see('list');
      expect(found).to.deep.equal([]);
      expect(complaints.all).to.deep.equal([]);
      await page.context().close();
    });
  }
});
