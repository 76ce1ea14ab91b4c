import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { administrator } from '../../scripts/demo-lms/centre.js';
import { seedApp } from '../../scripts/seed/index.js';
import { CLAIM, type Registration } from '../../src/lti/index.js';
import { registrationFixture } from '../features/admin/registration/support.js';
import { launchLink } from '../support/lms.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { actAs, Complaints, launchChromium, LOOKS, overflow, picture, toolFrame } from './browser.js';
import { colouredSquares, distance, drag, farthest, frameOf, type Frame } from './cropping.js';

/** The administrator's room in a real browser: its cookie is kept over http://localhost, nothing reaches out. */
describe('the administration in the browser', () => {
  let testApp: TestApp;
  let browser: Browser;
  let managed: Registration;
  const toolOf = ({ clientId }: Registration) =>
    testApp.lms.control.tools().find((tool) => tool.clientId === clientId)!;
  const complaints = new Complaints();
  const password = 'три синих кита у окна';

  before(async () => {
    testApp = await startTestApp();
    const { clientId, deployments } = testApp.registration;
    await seedApp(testApp.app, { origin: testApp.lms.origin, clientId, deploymentId: deployments[0] ?? '' });
    testApp.lms.control.manageRegistrations();
    managed = await registrationFixture(testApp).connect();
    browser = await launchChromium();
    // Something waits in a queue, and something was given up.
    const job = { name: 'note-context-copy', lane: 'note-context-copy', payload: {}, seq: 0, revision: 1 };
    await testApp.storage.connection.model('Job').create(
      ...(['waiting', 'failed'] as const).map((state) => ({
        ...{ ...job, key: state, state, attempts: 1, error: '' },
        ...{ runAt: new Date('2099-01-01'), dueSince: new Date('2099-01-01') },
      })),
    );
    // A launch that was refused, to be looked at, and one whose deployment waits.
    await testApp.launch({ person: '101', course: '2' });
    await launchLink(testApp.lms, {
      person: '101',
      course: '2',
      forge: ({ claims }) => ({ ...claims, [CLAIM.deploymentId]: '77' }),
    });
  });
  after(async () => {
    await browser.close();
    await testApp.close();
  });

  LOOKS.forEach((how, index) => {
    it(`from the one-time link to every page: ${how.name}`, async () => {
      const context = await browser.newContext({
        locale: how.locale,
        colorScheme: how.colorScheme,
        viewport: { width: how.width, height: how.height },
        timezoneId: 'Europe/Moscow',
      });
      context.on('page', (page) => complaints.listen(page));
      const page = await context.newPage();
      const look = async (name: string): Promise<void> => {
        expect(await overflow(page), `${name} reaches out sideways`).to.equal(0);
        await picture(page, `admin-${name}-${how.name}`);
      };
      const room = testApp.app.features.admin;
      const login = `admin-${index}`;

      await page.goto(room.linkUrl(await room.accounts.invite({ kind: 'terminal', id: '', name: 'test' })));
      await fill(page, { login, password: 'qwerty123456', repeat: 'qwerty123456' });
      await look('setup');
      await fill(page, { password, repeat: password });
      await look('login');
      await fill(page, { login, password });
      await page.waitForURL(`${testApp.origin}/admin`);
      const cookies = await context.cookies(`${testApp.origin}/admin`);
      expect(cookies.find(({ name }) => name === 'nastavnik_admin')).to.include({
        path: '/admin',
        httpOnly: true,
        secure: true,
        sameSite: 'Lax',
      });

      for (const path of ['', 'platforms', 'platforms/new', 'people', 'people?q=ива', 'audit', 'account']) {
        await page.goto(`${testApp.origin}/admin/${path}`);
        await look(path === '' ? 'overview' : path.replace(/\W+/g, '-'));
      }
      const [person] = (await testApp.app.features.membership.personQueries.searchPeople([], 0, 1)).people;
      const refused = (await testApp.app.features.launches.log.read({ accepted: false }, 1)).launches[0];
      for (const [name, path] of [
        ['launches', 'launches'],
        ['launch', `launches/${refused?.id ?? ''}`],
        ['roles', `platforms/${testApp.registration.id}/roles`],
        ['unknownDeployments', `platforms/${testApp.registration.id}`],
        ['person', `people/${person?.id ?? ''}`],
        ['person-erase', `people/${person?.id ?? ''}/erase`],
        ['person-merge', `people/${person?.id ?? ''}/merge?q=и`],
        ['administrators', 'administrators'],
        ['settings', 'settings'],
        ['settings-administrators', 'settings/administrators'],
      ] as const) {
        const answer = await page.goto(`${testApp.origin}/admin/${path}`);
        expect(answer?.status(), path).to.equal(200);
        await look(name);
      }
      await page.goto(`${testApp.origin}/admin/platforms/${testApp.registration.id}`);
      await page.locator('form[action$="/test"] button').click();
      await page.locator('.badge.good').nth(1).waitFor();
      await look('platform-tested');
      await page.goto(`${testApp.origin}/admin/platforms/${testApp.registration.id}/edit`);
      await look('platform-edit');

      // What was registered by a link, and is managed there; its own description; renewing it.
      await page.goto(`${testApp.origin}/admin/platforms/${managed.id}`);
      await look('platform-managed');
      testApp.lms.control.changeTool(toolOf(managed).id, { name: 'Tool 5', custom: '' });
      await page.locator('form[action$="/compare"] button').click();
      await page.locator('.notice').first().waitFor();
      await look('platform-compared');
      await page.locator('form[action$="/inform"] button').first().click();
      await page.locator('.notice.good').waitFor();
      await look('platform-informed');
      const { registrationToken } = toolOf(managed);
      testApp.lms.control.changeTool(toolOf(managed).id, { registrationToken: 'revoked' });
      await page.locator('form[action$="/inform"] button').click();
      await page.locator('.notice.bad').waitFor();
      await look('platform-uninformed');
      testApp.lms.control.changeTool(toolOf(managed).id, { registrationToken: registrationToken ?? '' });

      await page.goto(`${testApp.origin}/admin/platforms/new`);
      await page.locator('[name="configuration"]').fill(testApp.lms.origin);
      await page.locator('form[action*="/describe"] button').click();
      await page.locator('.notice').waitFor();
      await look('platform-described');
      await page.locator('[name="configuration"]').fill(`${testApp.lms.origin}/openid-configuration`);
      await page.locator('form[action*="/describe"] button').click();
      await page.locator('.notice.bad').waitFor();
      await look('platform-undescribed');

      await page.goto(`${testApp.origin}/admin/platforms/${testApp.registration.id}`);
      await page.locator('form[action$="/invite"] button').click();
      await look('platform-renew');
      const link = await page.locator('#invitation').inputValue();
      const { registrations } = testApp.app.lti;
      await registrations.add({ ...testApp.registration, authUrl: `${testApp.lms.origin}/old/auth.php` });
      await page.goto(await testApp.lms.control.registrationUrl(link, testApp.lms.control.tools()[0]!.id));
      await look('renewal');
      await page.locator('main [type="submit"]').click();
      await page.locator('#close, dl').first().waitFor();
      await look('renewed');
      await page.goto(`${testApp.origin}/admin/account/password`);
      await look('password');
      await page.goto(`${testApp.origin}/admin/account/totp`);
      await fill(page, { current: password });
      await page.locator('.qr svg').waitFor();
      await look('totp');

      await page.locator('form[action="/admin/logout"] button').click();
      await page.waitForURL(/\/admin\/login/);
      await context.close();
    });
  });

  LOOKS.forEach((how) => {
    it(`an administrator of the LMS goes there from a course: ${how.name}`, async () => {
      await letIn();
      const context = await browser.newContext({
        locale: how.locale,
        colorScheme: how.colorScheme,
        viewport: { width: how.width, height: how.height },
        timezoneId: 'Europe/Moscow',
      });
      context.on('page', (page) => complaints.listen(page));
      const page = await actAs(context, testApp.lms.origin, administrator.id);
      await page.goto(`${testApp.lms.origin}/courses/2/activities/${testApp.lms.control.homeLink('2').id}`);
      const frame = await toolFrame(page, testApp.origin);
      await frame.goto(`${frame.url()}?lang=${how.locale.slice(0, 2)}`);
      await picture(page.locator('iframe.tool'), `guest-home-${how.name}`);
      await frame.locator('form[action$="/administration"] button').click();
      await frame.locator('form[action="/admin/enter"] button').waitFor();
      expect(await overflow(frame)).to.equal(0);
      await picture(page.locator('iframe.tool'), `guest-handover-${how.name}`);
      const [window] = await Promise.all([
        context.waitForEvent('page'),
        frame.locator('form[action="/admin/enter"] button').click(),
      ]);
      await window.waitForURL(`${testApp.origin}/admin`);
      expect(await window.locator('header').textContent()).to.contain('Лазарев О. И.');
      // Its cookie stays with it: the next page is open as well.
      await window.locator('nav a[href="/admin/settings"]').click();
      await window.locator('form[action="/admin/settings"]').waitFor();
      expect(await window.locator('nav a[href="/admin/account"]').count()).to.equal(0);
      expect(await overflow(window)).to.equal(0);
      await picture(window, `guest-settings-${how.name}`);
      await context.close();
    });
  });

  it('keeps the part of a photo that is framed by the mouse, and by the keyboard', async () => {
    const page = await browser.newPage({ locale: 'ru-RU', viewport: { width: 800, height: 900 } });
    complaints.listen(page);
    const { admin: room } = testApp.app.features;
    await page.goto(room.linkUrl(await room.accounts.invite({ kind: 'terminal', id: '', name: 'test' })));
    await fill(page, { login: 'photographer', password, repeat: password });
    await fill(page, { login: 'photographer', password });
    const squares = await colouredSquares();
    const canvas = '[data-crop="canvas"]';

    /** Chooses the file, frames a part of it, sends the form. @returns the frame, and the photo that the page shows */
    async function send(choose: () => Promise<void>): Promise<{ frame: Frame; photo: Buffer }> {
      await page.goto(`${testApp.origin}/admin/directory/teachers/sokolova-elena-viktorovna/edit`);
      await page
        .locator('#f-photo')
        .setInputFiles({ name: 'squares.png', mimeType: 'image/png', buffer: squares });
      await page.locator(canvas).waitFor();
      await choose();
      const frame = await frameOf(page);
      await picture(page.locator('[data-photo-crop]'), 'photo-crop');
      await page.locator('[data-photo-crop] [type="submit"]').click();
      await page.waitForURL(/done=directory\.photoSaved/);
      const address = await page.locator('.photo-form img').getAttribute('src');
      const answer = await page.request.get(new URL(address ?? '', page.url()).href);
      expect(answer.headers()['content-type']).to.equal('image/webp');
      return { frame, photo: await answer.body() };
    }

    const byMouse = await send(async () => {
      await drag(page, '[data-crop="size"]', [0.98, 0.5], [0.4, 0.5]);
      await drag(page, canvas, [0.5, 0.5], [1.3, 1.3]);
    });
    expect(byMouse.frame.size).to.be.within(0.4, 0.7);
    const corner = farthest(byMouse.frame.size);
    expect(byMouse.frame.x, 'it stops at the edge').to.be.closeTo(corner.x, 0.001);
    expect(byMouse.frame.y).to.be.closeTo(corner.y, 0.001);
    expect(await distance(byMouse.photo, squares, byMouse.frame)).to.be.below(10);

    const byKeys = await send(async () => {
      await page.locator(canvas).focus();
      for (let times = 0; times < 25; times += 1) await page.keyboard.press('-');
      for (let times = 0; times < 40; times += 1) await page.keyboard.press('ArrowLeft');
      for (let times = 0; times < 3; times += 1) await page.keyboard.press('ArrowDown');
      await page.keyboard.press('+');
    });
    expect(byKeys.frame.size).to.be.closeTo(0.52, 0.001);
    expect(byKeys.frame.x, 'at the left edge').to.equal(0);
    expect(byKeys.frame.y, 'from the middle, three steps down').to.be.closeTo(0.3, 0.001);
    expect(await distance(byKeys.photo, squares, byKeys.frame)).to.be.below(10);
    expect(await distance(byKeys.photo, squares, byMouse.frame), 'another part').to.be.above(30);
    await page.close();
  });

  /** As the setting's page does; that page has its own tests. */
  async function letIn(): Promise<void> {
    const { id, jwksUrl } = testApp.registration;
    const administrators = [{ id, jwksUrl }];
    await testApp.storage.connection
      .model('Centre')
      .updateOne({ _id: 'centre' }, { $set: { administrators }, $inc: { version: 1 } }, { upsert: true });
    testApp.clock.advance(3_000);
  }

  it('nothing was blocked or broken', () => {
    // Two pages were asked for that the platform would not answer: a browser complains of their status.
    const others = complaints.all.filter((item) => !/(?:inform|describe\S*): .* 502 /.test(item));
    expect([...new Set(others)].join('\n')).to.equal('');
  });

  /** Fills the page's own form in and sends it. */
  async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(fields))
      await page.locator(`main [name="${name}"]`).fill(value);
    await page.locator('main form.slim [type="submit"]').first().click();
    await page.waitForLoadState();
  }
});
