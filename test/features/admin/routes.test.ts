import { expect } from 'chai';
import { routesOf } from '../../support/routes.js';
import { snapshotOf, differences } from '../../support/snapshot.js';
import { AdminVisitor, startAdminApp, type AdminTestApp } from './support.js';

/** Ways in: for people who are nobody yet. */
const OPEN = new Set([
  'GET /admin/login',
  'POST /admin/login',
  'GET /admin/login/code',
  'GET /admin/setup',
  'POST /admin/setup',
  // By a code alone: guests.test.ts.
  'POST /admin/enter',
]);

/** Every route of the room, as Express itself lists them: one that is added without a guard fails here. */
describe('every route of the administration', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    admin = await testApp.enter();
    await Promise.all(testApp.app.workers.map((worker) => worker.stop()));
  });
  after(() => testApp.close());

  const routes = (): { method: string; pattern: string; path: string }[] =>
    routesOf(testApp.app.express)
      .filter((route) => /^(GET|POST|PUT|DELETE|PATCH) \/admin\b/.test(route))
      .map((route) => {
        const [method = '', pattern = ''] = route.split(' ');
        const path = pattern.replace(':id', testApp.registration.id).replace(':key', 'abcdefghjkmn');
        return { method, pattern, path };
      });

  const send = (
    visitor: AdminVisitor,
    { method, path }: { method: string; path: string },
    { csrf = '', from = testApp.origin }: { csrf?: string; from?: string } = {},
  ) =>
    visitor.browser.request(`${testApp.origin}${path}`, {
      method: method as 'GET' | 'POST',
      from,
      follow: false,
      headers: { accept: 'application/json', ...(csrf !== '' && { 'x-csrf-token': csrf }) },
      ...(method === 'POST' && { form: {} }),
    });

  it('is known here', () => {
    expect(routes().length).to.be.above(20);
    for (const route of OPEN)
      expect(routes().map((route) => `${route.method} ${route.pattern}`)).to.include(route);
  });

  it('refuses visitors without a session and course sessions', async () => {
    const nobody = testApp.visitor();
    const course = await testApp.launch({ person: '11', course: '2' });
    const before = await snapshotOf(testApp);
    for (const route of routes()) {
      const name = `${route.method} ${route.pattern}`;
      if (OPEN.has(name)) continue;
      for (const browser of [nobody.browser, course.browser]) {
        const visitor = new AdminVisitor(testApp.origin, browser);
        const csrf = await visitor.csrf();
        expect(csrf, 'a browser has a token for the login').not.to.equal('');
        expect((await send(visitor, route, { csrf })).status, name).to.be.oneOf([401, 403]);
      }
      expect((await send(nobody, route, { csrf: await nobody.csrf() })).status, name).to.equal(401);
    }
    expect(differences(before, await snapshotOf(testApp))).to.deep.equal([]);
  });

  it('changes nothing without the token, with another’s, or from another origin', async () => {
    const before = await snapshotOf(testApp);
    const others = await testApp.visitor().csrf();
    const own = await admin.csrf('/admin');
    for (const route of routes().filter(({ method }) => method !== 'GET')) {
      // A window that is opened from a course has no token yet.
      if (route.pattern === '/admin/enter') continue;
      for (const given of [{}, { csrf: others }, { csrf: own, from: 'https://evil.example.org' }]) {
        const answer = await send(admin, route, given);
        expect(answer.status, `${route.pattern} ${JSON.stringify(given)}`).to.equal(403);
      }
    }
    expect(
      differences(before, await snapshotOf(testApp)).filter((name) => name !== 'admin_sessions'),
    ).to.deep.equal([]);
  });
});
