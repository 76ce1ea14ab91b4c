import { expect } from 'chai';
import { request } from 'undici';
import { startProvider, type Provider } from '../features/notifications/servers.js';
import { startTestApp, type TestApp, type Visitor } from '../support/test-app.js';
import { changingRoutesOf, routesOf } from '../support/routes.js';
import { differences, restore, snapshotOf, type Snapshot } from '../support/snapshot.js';
import {
  ALIEN_IDS,
  attackTable,
  COVERED_ELSEWHERE,
  readingTable,
  type Attacked,
  type Stage,
} from './attacked.js';
import { setStage } from './stage.js';
import { WRONG } from './wrong-values.js';

/**
 * Every address that changes something is attacked in every way that its table names. A route that is not in
 * the table fails the first test: the list comes from Express itself.
 */
describe('attacks on every route', function () {
  this.timeout(120_000);
  let testApp: TestApp;
  let stage: Stage;
  let baseline: Snapshot;
  let gateway: Provider;
  const table = attackTable();
  const pages = readingTable();

  before(async () => {
    testApp = await startTestApp({ env: { SMTP_URL: 'outbox:' } });
    stage = await setStage(testApp);
    const card = await stage.visitors.foreignTeacher.json('POST', 'directory/mine', { surname: 'Чужих' });
    expect(card.status).to.equal(303);
    gateway = await startProvider({ body: { ok: true } });
    await testApp.storage.connection.model('NotificationChannel').create({
      ...{ _id: 'sms', enabled: true, content: 'full', values: { baseUrl: gateway.url }, version: 1 },
    });
    // Nothing but the attacks may change anything.
    await Promise.all(testApp.app.workers.map((worker) => worker.stop()));
    baseline = await snapshotOf(testApp);
  });
  after(async () => {
    await gateway.close();
    await testApp.close();
  });

  it('the table knows every route, and no others', () => {
    // The administrator's room has a login of its own, and its own such test: test/features/admin/routes.test.ts.
    const routes = changingRoutesOf(testApp.app.express).filter((route) => !/^\S+ \/admin\b/.test(route));
    expect(routes.sort()).to.deep.equal([...Object.keys(table), ...COVERED_ELSEWHERE].sort());
  });

  it('and every page of a course that shows something by its id', () => {
    const shown = routesOf(testApp.app.express).filter(
      (route) => /^GET \/c\/:courseKey\/.*:/.test(route) && !route.endsWith('/export'),
    );
    expect(shown.sort()).to.deep.equal(Object.keys(pages).sort());
  });

  interface Answer {
    readonly status: number;
    readonly type: string;
    readonly text: string;
  }

  interface Sending {
    readonly as: Visitor;
    readonly path: string;
    readonly method: string;
    readonly body?: string;
    readonly headers?: Record<string, string>;
    /** '' sends none. */
    readonly csrf?: string;
  }

  async function send({ as, path, method, body, headers = {}, csrf }: Sending): Promise<Answer> {
    const token = csrf ?? (await as.csrf());
    const cookie = as.browser.cookie(testApp.origin, 'nastavnik');
    const response = await request(`${testApp.origin}${path}`, {
      method: method as 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        ...(cookie !== undefined && { cookie: `nastavnik=${cookie}` }),
        ...(token !== '' && { 'x-csrf-token': token }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    });
    return {
      status: response.statusCode,
      type: String(response.headers['content-type'] ?? ''),
      text: await response.body.text(),
    };
  }

  const STACK = /\bat [^\n]*\.[cm]?[jt]s:\d+/;

  /** A clear 4xx: a code, the field where one is meant, no insides of ours. That nothing changed is seen after. */
  function expectRefused(answer: Answer, what: string, field?: string): void {
    const said = `${what}: ${answer.status} ${answer.text.slice(0, 300)}`;
    expect(answer.status, said).to.be.within(400, 499);
    expect(answer.type, said).to.match(/^application\/problem\+json/);
    const problem = JSON.parse(answer.text) as {
      code?: string;
      title?: string;
      fields?: Record<string, string>;
    };
    expect(problem.code, said)
      .to.be.a('string')
      .and.match(/^[a-z-]+$/);
    expect(problem.title, said).to.be.a('string').and.not.equal('');
    expect(answer.text, said).not.to.match(STACK);
    if (field !== undefined) {
      const names = Object.keys(problem.fields ?? {});
      const named = names.some((name) => name === field || name.startsWith(`${field}.`));
      expect(named, `${said} should name ${field}`).to.equal(true);
    }
  }

  /** Whatever was changed, honestly or not, is as it was again. @returns the collections that had changed */
  async function putBack(): Promise<string[]> {
    const changed = differences(baseline, await snapshotOf(testApp));
    if (changed.length > 0) await restore(testApp, baseline);
    return changed;
  }
  async function expectUnchanged(route: string): Promise<void> {
    expect(await putBack(), `collections that an attack on ${route} changed`).to.deep.equal([]);
  }

  const pathOf = (route: string, as: Visitor, params: Readonly<Record<string, string>>): string =>
    route
      .replace(/^\S+ /, '')
      .replace(':courseKey', as.key ?? 'none')
      .replace(/:(\w+)/g, (_whole, name: string) => params[name] ?? `no-${name}`);

  for (const [route, attackedOf] of Object.entries(table)) {
    describe(route, () => {
      const method = route.split(' ')[0] ?? '';
      let attacked: Attacked;
      let as: Visitor;
      let path: string;
      before(() => {
        attacked = attackedOf(stage);
        as = stage.visitors[attacked.as];
        path = address(as);
      });
      const address = (visitor: Visitor, params = attacked.params ?? {}): string =>
        pathOf(route, visitor, params) + (attacked.query ?? '');
      const bodyWith = (change: Record<string, unknown>): string =>
        JSON.stringify({ ...attacked.body, ...change });

      it('without a session, without a token, with another’s, from another origin', async () => {
        const body = bodyWith({});
        const nobody = testApp.anonymous();
        expectRefused(await send({ as: nobody, path, method, body, csrf: 'x' }), 'no session');
        expectRefused(await send({ as, path, method, body, csrf: '' }), 'no token');
        const others = await stage.visitors[attacked.as === 'bystander' ? 'student' : 'bystander'].csrf();
        expectRefused(await send({ as, path, method, body, csrf: others }), 'a token of another');
        for (const origin of ['https://evil.example', testApp.lms.origin, 'null']) {
          expectRefused(await send({ as, path, method, body, headers: { origin } }), origin);
        }
      });

      it('of people who may not, and of another course', async () => {
        const body = bodyWith({});
        for (const name of attacked.notFor) {
          const visitor = stage.visitors[name];
          const theirs = address(visitor);
          expectRefused(await send({ as: visitor, path: theirs, method, body }), name);
          // With the address of the one who may, there is no seat to act from.
          if (visitor.key !== as.key) {
            expectRefused(await send({ as: visitor, path, method, body }), `${name} in a foreign seat`);
          }
        }
      });

      it('ids that are malformed, of nothing, or huge', async () => {
        for (const name of Object.keys(attacked.params ?? {})) {
          for (const id of ALIEN_IDS) {
            const wrong = address(as, { ...attacked.params, [name]: id });
            const answer = await send({ as, path: wrong, method, body: bodyWith({}) });
            expectRefused(answer, `${name} = ${id}`);
          }
        }
      });

      it('bodies that are none, too large, or of another kind', async () => {
        const large = bodyWith({ padding: 'x'.repeat(300_000) });
        expectRefused(await send({ as, path, method, body: large }), 'too large');
        expectRefused(await send({ as, path, method, body: '{"a":' }), 'half a JSON');
        expectRefused(await send({ as, path, method, body: '"text"' }), 'a JSON text');
        for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/xml']) {
          const headers = { 'content-type': type };
          expectRefused(await send({ as, path, method, body: 'a=1', headers }), type);
        }
        if (Object.values(attacked.fields ?? {}).some((kind) => !kind.endsWith('?'))) {
          expectRefused(await send({ as, path, method }), 'no body');
          for (const body of ['{}', '[]', '[1]', '{"__proto__":{"title":"x"}}']) {
            expectRefused(await send({ as, path, method, body }), body);
          }
        }
      });

      it('fields that are missing, doubled, huge or malformed', async () => {
        for (const [field, kind] of Object.entries(attacked.fields ?? {})) {
          for (const value of WRONG[kind]) {
            const shown = `${field} = ${(JSON.stringify(value) as string | undefined)?.slice(0, 60) ?? 'nothing'}`;
            const body = bodyWith({ [field]: value });
            expectRefused(await send({ as, path, method, body }), shown, field);
            if (typeof value === 'string' || value === undefined) continue;
            // The page that shows the form again must be able to show whatever JSON has brought.
            const headers = { accept: 'text/html' };
            const page = await send({ as, path, method, body, headers });
            expect(page.status, `${shown}, as a page: ${page.text.slice(0, 300)}`).to.be.within(400, 499);
            expect(page.text, shown).not.to.match(STACK).and.not.contain('[object Object]');
          }
        }
      });

      it('fields that name what is not theirs', async () => {
        for (const [field, value] of attacked.foreign ?? []) {
          const answer = await send({ as, path, method, body: bodyWith({ [field]: value }) });
          expectRefused(answer, `${field} = ${JSON.stringify(value)}`);
        }
      });

      it('the honest request is taken and no attack has changed anything', async () => {
        await expectUnchanged(route);
        const answer = await send({ as, path, method, body: bodyWith({}) });
        expect(answer.status, answer.text).to.be.oneOf([200, 204, 303]);
      });
      after(putBack);
    });
  }

  for (const [route, shownOf] of Object.entries(pages)) {
    it(`${route} answers neither without the right nor for what does not exist`, async () => {
      const { as: who, params, notFor } = shownOf(stage);
      const as = stage.visitors[who];
      const path = pathOf(route, as, params);
      const get = (visitor: Visitor, address: string) =>
        send({ as: visitor, path: address, method: 'GET', csrf: '' });
      expectRefused(await get(testApp.anonymous(), path), 'no session');
      for (const name of notFor) {
        const visitor = stage.visitors[name];
        expectRefused(await get(visitor, pathOf(route, visitor, params)), name);
        if (visitor.key !== as.key) expectRefused(await get(visitor, path), `${name} in a foreign seat`);
      }
      for (const name of Object.keys(params)) {
        for (const id of ALIEN_IDS) {
          const answer = await get(as, pathOf(route, as, { ...params, [name]: id }));
          expectRefused(answer, `${name} = ${id}`);
        }
      }
      await expectUnchanged(route);
      // Bytes are not put back after the honest requests above; test/features/directory/photo.test.ts and
      // test/infra/export/background.test.ts read them.
      if (/courseKey\/(?:files\/|exports\/:id\/file)/.test(route)) return;
      expect((await get(as, path)).status).to.be.oneOf([200, 303]);
      // To look may leave a mark, such as "seen".
      await putBack();
    });
  }
});
