import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createLti } from '../../../src/lti/index.js';
import { ManualClock } from '../../../src/shared/clock.js';
import { createSealer } from '../../../src/shared/sealing.js';
import { openStorage } from '../../../src/storage/index.js';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from './support.js';
import { listening } from '../../support/listening.js';

const PAGE = { page: '/admin/platforms/new' };

/** What an administrator need not type, for the platform says it itself. */
describe('a platform that is registered by its own description', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  let server: Server;
  let origin: string;
  let answer: RequestListener;
  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    admin = await testApp.enter();
    server = createServer((req, res) => answer(req, res));
    origin = await listening(server);
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await testApp.close();
  });

  const describeIt = (configuration: string) =>
    admin.post('/admin/platforms/describe', { configuration }, PAGE);
  const valueOf = (text: string, name: string) =>
    new RegExp(`name="${name}"[^>]*\\svalue="([^"]*)"`).exec(text)?.[1];
  const configuration = (base = origin, more: object = {}) =>
    JSON.stringify({
      issuer: base,
      authorization_endpoint: `${base}/auth`,
      token_endpoint: `${base}/token`,
      jwks_uri: `${base}/jwks`,
      ...more,
    });

  it('is read into the form, saved after a look, and remembered with where it was read', async () => {
    for (const address of [
      testApp.lms.origin,
      `${testApp.lms.origin}/`,
      `${testApp.lms.origin}/mod/lti/openid-configuration.php`,
    ]) {
      const { status, text } = await describeIt(address);
      expect(status).to.equal(200);
      expect(valueOf(text, 'issuer')).to.equal(testApp.lms.origin);
      expect(valueOf(text, 'authUrl')).to.equal(`${testApp.lms.origin}/mod/lti/auth.php`);
      expect(valueOf(text, 'tokenUrl')).to.equal(`${testApp.lms.origin}/mod/lti/token.php`);
      expect(valueOf(text, 'jwksUrl')).to.equal(`${testApp.lms.origin}/mod/lti/certs.php`);
      expect(valueOf(text, 'name')).to.equal('moodle');
      expect(valueOf(text, 'clientId')).to.equal('');
      expect(text)
        .to.contain('передавать оценки в журнал оценок')
        .and.not.match(/admin\.describe/);
    }
    expect(await testApp.app.lti.registrations.list(), 'nothing is saved by reading').to.have.length(1);
    const { text } = await describeIt(testApp.lms.origin);
    const read = ['issuer', 'authUrl', 'tokenUrl', 'jwksUrl', 'configurationUrl'];
    await admin.post(
      '/admin/platforms',
      {
        ...Object.fromEntries(read.map((name) => [name, valueOf(text, name) ?? ''])),
        name: 'Портал',
        clientId: 'by-description',
        deployments: '1',
        frameOrigins: '',
      },
      PAGE,
    );
    expect(await testApp.app.lti.registrations.find(testApp.lms.origin, 'by-description')).to.include({
      name: 'Портал',
      configurationUrl: `${testApp.lms.origin}/mod/lti/openid-configuration.php`,
    });
  });

  it('is asked for tokens as the authorization server that it names', async () => {
    testApp.lms.control.setOddity('authorization-server');
    try {
      const { text } = await describeIt(testApp.lms.origin);
      expect(valueOf(text, 'tokenAudience')).to.equal('urn:lms:tokens');
      const { registrations } = testApp.app.lti;
      const { id: _id, createdAt: _createdAt, ...fields } = testApp.registration;
      const named = await registrations.add({ ...fields, tokenAudience: 'urn:lms:tokens' });
      const { steps } = await testApp.app.lti.checkConnection(named);
      expect(steps.map(({ outcome }) => outcome)).to.deep.equal(['ok', 'ok', 'ok']);
      const unnamed = await registrations.add({ ...fields, tokenAudience: '' });
      const report = await testApp.app.lti.checkConnection(unnamed);
      expect(report.steps.map(({ outcome }) => outcome)).to.deep.equal(['ok', 'failed', 'failed']);
    } finally {
      testApp.lms.control.setOddity('authorization-server', false);
    }
  });

  it('may not name the audience of another one whose client id is the same', async () => {
    const { clientId, tokenUrl } = testApp.registration;
    const evil = {
      issuer: origin,
      clientId,
      authUrl: `${origin}/auth`,
      tokenUrl: `${origin}/token`,
      jwksUrl: `${origin}/jwks`,
      deployments: ['1'],
    };
    const { registrations } = testApp.app.lti;
    const refused = await registrations.add({ ...evil, tokenAudience: tokenUrl }).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refused).to.have.nested.property('details.fields.tokenAudience', 'errors.field.wrong');
  });

  it('one that knows no dynamic registration and has a path is read as well', async () => {
    answer = (req, res) => {
      if (req.url === '/lms/.well-known/openid-configuration') {
        res.end(configuration(`${origin}/lms`));
      } else res.end('<html>front page</html>');
    };
    const { status, text } = await describeIt(`${origin}/lms`);
    expect(status).to.equal(200);
    expect(valueOf(text, 'issuer')).to.equal(`${origin}/lms`);
    expect(text).to.contain('Оценки она не принимает');
  });

  it('what is wrong with it is said on the page, and what was typed stays', async () => {
    const wrong: [RequestListener, number, string][] = [
      [(_req, res) => res.writeHead(404).end(), 502, '404'],
      [(_req, res) => res.writeHead(302, { location: `${testApp.lms.origin}/` }).end(), 502, '302'],
      [(_req, res) => res.end(`"${'x'.repeat(300_000)}"`), 502, 'more than'],
      [(_req, res) => res.end(configuration(origin, { token_endpoint: undefined })), 502, 'token_endpoint'],
      [(_req, res) => res.end(configuration(origin, { jwks_uri: 'ftp://x/' })), 400, 'jwks_uri'],
      [(_req, res) => res.end(configuration('http://127.0.0.1:1')), 400, 'issuer'],
      [(_req, res) => res.end(configuration(origin.replace('127.0.0.1', 'localhost'))), 400, 'issuer'],
      [(_req, res) => res.end('[]'), 502, 'issuer'],
    ];
    for (const [serve, status, words] of wrong) {
      answer = serve;
      const page = await describeIt(`${origin}/openid-configuration`);
      expect(page.status, words).to.equal(status);
      expect(page.text).to.contain('Прочитать описание не удалось').and.contain(words);
      expect(valueOf(page.text, 'configuration')).to.equal(`${origin}/openid-configuration`);
    }
    for (const typed of ['nonsense', 'ftp://x', 'javascript:alert(1)']) {
      expect((await describeIt(typed)).status, typed).to.equal(400);
    }
    const empty = await describeIt('  ');
    expect(empty.status).to.equal(400);
    expect(empty.text).to.contain('Заполните');
    const problem = await admin.post(
      '/admin/platforms/describe',
      { configuration: `${origin}/openid-configuration` },
      { ...PAGE, headers: { accept: 'application/json' } },
    );
    expect((JSON.parse(problem.text) as { code: string }).code).to.equal('lti-registration-platform');
  });

  it('a description elsewhere than at the issuer is not kept', async () => {
    const answered = await admin.post(
      '/admin/platforms',
      {
        issuer: 'https://lms.example.org',
        clientId: 'elsewhere',
        authUrl: 'https://lms.example.org/auth',
        tokenUrl: 'https://lms.example.org/token',
        jwksUrl: 'https://lms.example.org/jwks',
        configurationUrl: 'https://evil.example.org/openid-configuration',
        deployments: '1',
      },
      PAGE,
    );
    expect(answered.status).to.equal(400);
    expect((await testApp.app.lti.registrations.list()).map(({ clientId }) => clientId)).not.to.include(
      'elsewhere',
    );
  });

  it('the connection test says when the platform now names other addresses', async () => {
    answer = (_req, res) => res.end(configuration());
    const { id } = await testApp.app.lti.registrations.add({
      issuer: origin,
      clientId: 'moved',
      authUrl: `${origin}/auth`,
      tokenUrl: `${origin}/token`,
      jwksUrl: `${origin}/jwks`,
      configurationUrl: `${origin}/described/here`,
      deployments: ['1'],
    });
    const at = `/admin/platforms/${id}`;
    const step = async () => {
      const { text } = await admin.post(
        `${at}/test`,
        {},
        { page: at, headers: { accept: 'application/json' } },
      );
      return (JSON.parse(text) as { report: { steps: object[] } }).report.steps[1];
    };
    expect(await step()).to.deep.equal({ step: 'configuration', outcome: 'ok' });
    answer = (req, res) =>
      res.end(req.url === '/described/here' ? configuration(origin, { token_endpoint: `${origin}/v2` }) : '');
    expect(await step()).to.deep.equal({
      step: 'configuration',
      outcome: 'failed',
      problem: 'differs',
      detail: `token_endpoint ${origin}/v2`,
    });
  });
});

it('descriptions are read from no inside address where private networks are refused', async () => {
  const clock = new ManualClock('2026-11-23T10:00:00Z');
  const storage = await openStorage({ url: 'file::memory:', clock });
  let asked = 0;
  const server = createServer((_req, res) => {
    asked += 1;
    res.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const lti = createLti({
    storage,
    clock,
    sealer: createSealer('a secret for tests, long enough'),
    publicUrl: 'https://tool.example.org',
    allowPrivateNetwork: false,
  });
  try {
    await storage.ensureIndexes();
    for (const address of [
      `https://127.0.0.1:${port}`,
      `https://localhost:${port}/openid-configuration`,
      `http://lms.example.org`,
      'https://[::1]/',
      'https://169.254.169.254/latest/openid-configuration',
      'https://user:secret@lms.example.org/',
    ]) {
      await lti.findConfiguration(address).then(
        () => expect.fail(`${address} was asked`),
        (error: unknown) => expect(error, address).to.include({ code: 'lti-registration-platform' }),
      );
    }
    expect(asked).to.equal(0);
  } finally {
    server.close();
    await lti.close();
    await storage.close();
  }
});
