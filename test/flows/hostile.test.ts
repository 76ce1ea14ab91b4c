import { expect } from 'chai';
import { connect } from 'node:net';
import { startTestApp, type TestApp, type Visitor } from '../support/test-app.js';
import { cpuTime } from '../support/cpu.js';

/** Requests that no browser makes, byte for byte. */
describe('hostile requests', () => {
  let testApp: TestApp;
  let visitor: Visitor;
  before(async () => {
    testApp = await startTestApp();
    visitor = await testApp.launch({ person: '101', course: '2' });
  });
  after(() => testApp.close());

  interface Raw {
    readonly status: number;
    readonly location: string | null;
    readonly text: string;
  }

  function send(line: string, headers: readonly string[] = [], body = ''): Promise<Raw> {
    const { port, host } = new URL(testApp.origin);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1');
      let text = '';
      socket.setEncoding('utf8');
      socket.on('data', (part: string) => (text += part));
      socket.on('error', reject);
      socket.on('close', () => {
        resolve({
          status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]),
          location: /^location: (.*)$/im.exec(text)?.[1]?.trim() ?? null,
          text,
        });
      });
      socket.end(
        [`${line} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...headers, '', body].join('\r\n'),
      );
    });
  }

  const expectClear = (answer: Raw, what: string): void => {
    expect(answer.status, `${what}: ${answer.text.slice(0, 200)}`).to.be.within(200, 499);
    expect(answer.text, what).not.to.match(/\bat [^\n]*\.[cm]?[jt]s:\d+/);
  };

  const ADDRESSES = [
    '//',
    '//a:b/',
    '/\\',
    '/\\evil.example/',
    '//evil.example/',
    '///evil.example/',
    '/.//evil.example/',
    '/%2f/evil.example',
    'http://evil.example/',
    'http://[bad/',
    '*',
    '/%',
    '/%ff',
    '/assets/%ff',
    '/assets/%00',
    '/assets/..%2f..%2fpackage.json',
    '/assets/../../package.json',
    '/healthz/%ff',
    '/teachers/%ff',
    '/c/%ff/',
    '/lti/%ff',
    '/lti/login/%2e%2e/keys',
  ];
  for (const address of ADDRESSES) {
    it(`GET ${address}, with a query and without`, async () => {
      for (const query of ['', '?lang=en', '?lang=%ff', '?%ff=1', '?__proto__=1', '?lang=en&lang=ru']) {
        const answer = await send(`GET ${address}${query}`);
        expectClear(answer, address + query);
        expect(answer.text).not.to.contain('"dependencies"');
        if (answer.location !== null) {
          expect(new URL(answer.location, testApp.origin).origin, address + query).to.equal(testApp.origin);
        }
      }
    });
  }

  const COOKIES = [
    'nastavnik=j:{"a":1}',
    'nastavnik=j:5',
    'nastavnik=j:null',
    'nastavnik=s:j:{"a":1}.x',
    'nastavnik=s%3A',
    'nastavnik=%ff',
    'nastavnik=s:..%2f..%2fx.y',
    `nastavnik=${'x'.repeat(8_000)}`,
    'nastavnik=a; nastavnik=b',
    'lang=j:{"a":1}; zone=j:[1]',
    'lang=__proto__; zone=../../etc/passwd',
    // Each could be parted in more ways than there is time for.
    `zone=a${'_'.repeat(43)}!`,
    `zone=a${'-+'.repeat(21)}!`,
    `zone=${'a/'.repeat(29)}!`,
    '__proto__=1; constructor=2',
    `state${'a'.repeat(50)}=j:{"n":1}`,
    `state${'a'.repeat(50)}=s:{}.x`,
    '=; ;;==',
  ];
  for (const cookie of COOKIES) {
    it(`the cookie ${cookie.slice(0, 40)}`, async () => {
      const form = 'Content-Type: application/x-www-form-urlencoded';
      const launch = `state=${'a'.repeat(50)}&id_token=a.b.c`;
      const spent = cpuTime();
      const answers = [
        await send(`GET /c/${visitor.key!}/`, [`Cookie: ${cookie}`]),
        await send('GET /teachers', [`Cookie: ${cookie}`]),
        await send(
          'POST /lti/launch',
          [`Cookie: ${cookie}`, form, `Content-Length: ${launch.length}`],
          launch,
        ),
      ];
      expect(spent(), 'keeps all others waiting').to.be.below(10_000);
      for (const answer of answers) expectClear(answer, cookie);
      expect(answers[0]?.status).to.equal(401);
      expect(answers[1]?.status).to.equal(200);
      expect(answers[2]?.status).to.equal(403);
    });
  }

  it('methods of other worlds', async () => {
    for (const method of ['OPTIONS', 'TRACE', 'PUT', 'DELETE', 'PATCH', 'PROPFIND']) {
      for (const path of ['/lti/login', '/lti/launch', '/lti/keys', '/teachers', `/c/${visitor.key!}/`]) {
        expectClear(await send(`${method} ${path}`), `${method} ${path}`);
      }
    }
  });

  it('after all of it the person is still there', async () => {
    expect((await visitor.get('')).status).to.equal(200);
  });
});
