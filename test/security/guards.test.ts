import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../support/test-app.js';
import { changingRoutesOf } from '../support/routes.js';

/**
 * Guards that stand before every change, whatever route it is (OWASP ASVS 4.0.3). What each route refuses beyond
 * them is in test/flows/attacks.test.ts.
 */
describe('security: guards of every change', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
  });
  after(() => testApp.close());

  const paths = (under: string): string[] =>
    changingRoutesOf(testApp.app.express)
      .map((route) => route.replace(/^\S+ /, ''))
      .filter((path) => path.startsWith(under))
      .map((path) => path.replace(':courseKey', teacher.key!).replaceAll(/:\w+/g, 'x'));

  const post = (path: string, headers: Record<string, string>, cookies = true) =>
    fetch(`${testApp.origin}${path}`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ any: 'thing' }),
      headers: {
        accept: 'application/json',
        ...(cookies && { cookie: `nastavnik=${teacher.browser.cookie(testApp.origin, 'nastavnik') ?? ''}` }),
        ...headers,
      },
    });
  const codeOf = async (response: Response): Promise<string> =>
    ((await response.json()) as { code: string }).code;

  it('4.1.1: no change is accepted without a session', async () => {
    expect(paths('/c/').length).to.be.above(30);
    for (const path of paths('/c/')) {
      const answer = await post(path, { origin: testApp.origin }, false);
      expect(`${answer.status} ${await codeOf(answer)}`, path).to.equal('401 session-needed');
    }
  });

  it('4.2.2: no change is accepted without the page’s CSRF token', async () => {
    for (const path of paths('/c/')) {
      for (const token of [{}, { 'x-csrf-token': 'x'.repeat(32) }, { 'x-csrf-token': '' }] as Record<
        string,
        string
      >[]) {
        const answer = await post(path, { origin: testApp.origin, ...token });
        expect(`${answer.status} ${await codeOf(answer)}`, path).to.equal('403 csrf');
      }
    }
  });

  it('4.2.2: no change is accepted from another origin, with or without the token', async () => {
    const token = await teacher.csrf();
    for (const path of [...paths('/c/'), ...paths('/admin'), ...paths('/handover')]) {
      for (const from of [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site' },
      ]) {
        const answer = await post(path, { 'x-csrf-token': token, ...from });
        expect(`${answer.status} ${await codeOf(answer)}`, path).to.equal('403 foreign-origin');
      }
    }
  });

  it('4.1.3: the administration is closed to everyone but administrators', async () => {
    expect(paths('/admin').length).to.be.above(15);
    for (const path of paths('/admin')) {
      const answer = await post(path, { origin: testApp.origin });
      expect(answer.status, path).to.be.within(400, 404);
    }
  });

  it('13.2.1: other HTTP methods do not avoid the guards', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'TRACE', 'OPTIONS', 'PROPFIND']) {
      for (const path of ['/lti/launch', '/lti/login', `/c/${teacher.key}/tests`, '/admin/login']) {
        const status = await new Promise<number>((resolve, reject) => {
          import('node:http')
            .then(({ request }) => {
              request(`${testApp.origin}${path}`, { method }, (response) => {
                response.resume();
                resolve(response.statusCode ?? 0);
              })
                .on('error', reject)
                .end();
            })
            .catch(reject);
        });
        // Express answers OPTIONS with the methods there are, which changes nothing.
        if (method === 'OPTIONS') expect(status, `${method} ${path}`).to.be.within(200, 405);
        else expect(status, `${method} ${path}`).to.be.within(400, 405);
      }
    }
  });

  it('7.4.1: an internal error is shown without its cause', async () => {
    const { connection } = testApp.storage;
    const find = connection.model('Person').collection.findOne.bind(connection.model('Person').collection);
    connection.model('Person').collection.findOne = () =>
      Promise.reject(new Error('disk at /var/data is full'));
    try {
      const { launchLink } = await import('../support/lms.js');
      const { response } = await launchLink(testApp.lms, { person: '101', course: '2', follow: false });
      expect(response.status).to.equal(500);
      expect(response.text).not.to.match(/disk at|\/var\/data|at \w+ \(|node_modules|\.ts:/);
    } finally {
      connection.model('Person').collection.findOne = find;
    }
  });
});
