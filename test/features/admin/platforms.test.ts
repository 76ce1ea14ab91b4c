import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { createLti } from '../../../src/lti/index.js';
import { ManualClock } from '../../../src/shared/clock.js';
import { createSealer } from '../../../src/shared/sealing.js';
import { openStorage } from '../../../src/storage/index.js';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from './support.js';
import { listening } from '../../support/listening.js';

const PAGE = { page: '/admin/platforms' };

interface Listed {
  id: string;
  issuer: string;
  state: string;
  name: string;
  deployments: string[];
  frameOrigins: string[];
}

describe("the administrator's platforms", () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    admin = await testApp.enter();
  });
  after(() => testApp.close());

  const list = async (): Promise<Listed[]> =>
    (await admin.data<{ platforms: Listed[] }>('/admin/platforms')).platforms;
  const find = async (id: string): Promise<Listed | undefined> =>
    (await list()).find((item) => item.id === id);
  const newest = async () =>
    (
      await admin.data<{
        entries: {
          action: string;
          actor: { kind: string; name: string };
          subject: { name: string };
          changes: { field: string; before: string; after: string }[];
        }[];
      }>('/admin/audit')
    ).entries[0];

  const fields = (issuer: string) => ({
    name: 'Школа № 5',
    issuer,
    clientId: 'abc',
    authUrl: `${issuer}/auth`,
    tokenUrl: `${issuer}/token`,
    jwksUrl: `${issuer}/jwks`,
    deployments: '1\r\n  2 \r\n',
    frameOrigins: 'https://frames.example.org/x',
  });
  /** A platform of its own for each test. */
  let count = 0;
  async function added(more: Record<string, string> = {}): Promise<string> {
    count += 1;
    const answer = await admin.post(
      '/admin/platforms',
      { ...fields(`https://lms-${count}.example.org`), ...more },
      PAGE,
    );
    const id = /platforms\/([0-9a-f]{24})/.exec(answer.url)?.[1];
    if (id === undefined) throw new Error(`not added: ${answer.status}\n${answer.text}`);
    return id;
  }

  it('shows what the platform asks for', async () => {
    const { text } = await admin.get('/admin/platforms');
    for (const path of ['/lti/login', '/lti/launch', '/lti/keys']) {
      expect(text).to.contain(`value="${testApp.origin}${path}"`);
    }
    expect(text).to.contain(testApp.registration.clientId);
  });

  it('adds one with all its fields, and notes it', async () => {
    const id = await added();
    expect(await find(id)).to.deep.include({
      name: 'Школа № 5',
      state: 'active',
      deployments: ['1', '2'],
      frameOrigins: ['https://frames.example.org'],
    });
    expect(await newest()).to.deep.include({ action: 'platform-added' });
    expect((await newest())?.subject.name).to.equal('Школа № 5');
  });

  it('names the wrong field beside it, and keeps what was typed', async () => {
    const before = (await list()).length;
    const wrong = [
      [{ issuer: '' }, 'Заполните'],
      [{ jwksUrl: 'ftp://x' }, 'https://'],
      [{ deployments: ' \r\n' }, 'Заполните'],
      [{ issuer: testApp.lms.origin, clientId: testApp.registration.clientId }, 'Такое название уже есть'],
    ] as const;
    for (const [changes, problem] of wrong) {
      const answer = await admin.post(
        '/admin/platforms',
        { ...fields('https://new.example.org'), ...changes },
        PAGE,
      );
      expect(answer.status, JSON.stringify(changes)).to.equal(400);
      expect(answer.text).to.contain(problem).and.to.contain('value="Школа № 5"');
    }
    expect(await list()).to.have.length(before);
  });

  it('changes name, deployments and frame origins; the log has before and after', async () => {
    const id = await added();
    const { text } = await admin.get(`/admin/platforms/${id}/edit`);
    const version = /name="version" value="([^"]+)"/.exec(text)?.[1] ?? '';
    await admin.post(
      `/admin/platforms/${id}`,
      { name: '<b>Лицей</b>', deployments: '2\n3', frameOrigins: '', version },
      PAGE,
    );
    expect(await find(id)).to.deep.include({
      name: '<b>Лицей</b>',
      deployments: ['2', '3'],
      frameOrigins: [],
    });
    expect((await newest())?.changes).to.deep.equal([
      { field: 'name', before: 'Школа № 5', after: '<b>Лицей</b>' },
      { field: 'deployments', before: '1, 2', after: '2, 3' },
      { field: 'frameOrigins', before: 'https://frames.example.org', after: '' },
    ]);
    expect((await admin.get('/admin/audit')).text).not.to.contain('<b>Лицей');
    const stale = await admin.post(
      `/admin/platforms/${id}`,
      { name: 'Поздно', deployments: '9', frameOrigins: '', version },
      PAGE,
    );
    expect(stale.status).to.equal(409);
    expect((await find(id))?.name).to.equal('<b>Лицей</b>');
  });

  it('makes a link by which a platform registers itself', async () => {
    const page = await admin.post('/admin/platforms/invite', { expected: testApp.lms.origin }, PAGE);
    expect(page.text).to.contain(`${testApp.origin}/lti/register?invitation=`);
    expect(await newest()).to.deep.include({ action: 'platform-invited' });
  });

  it('disables and enables: sessions of the platform end', async () => {
    const { id } = testApp.registration;
    const student = await testApp.launch({ person: '101', course: '2' });
    await admin.post(`/admin/platforms/${id}/disable`, {}, PAGE);
    expect((await student.get('')).status).to.equal(401);
    expect((await newest())?.action).to.equal('platform-disabled');
    await admin.post(`/admin/platforms/${id}/enable`, {}, PAGE);
    await testApp.launch({ person: '101', course: '2' });
  });

  it('removes after asking', async () => {
    const id = await added();
    expect((await admin.get(`/admin/platforms/${id}/remove`)).text).to.contain('Школа № 5');
    expect(await find(id), 'asking removes nothing').not.to.equal(undefined);
    await admin.post(`/admin/platforms/${id}/remove`, {}, PAGE);
    expect(await find(id)).to.equal(undefined);
    expect((await admin.get(`/admin/platforms/${id}`)).status).to.equal(404);
  });

  it('unknown and malformed ids are a 4xx', async () => {
    expect((await admin.get(`/admin/platforms/${'0'.repeat(24)}`)).status).to.equal(404);
    expect((await admin.get('/admin/platforms/..%2f')).status).to.be.within(400, 404);
    expect((await admin.post(`/admin/platforms/${'0'.repeat(24)}/disable`, {}, PAGE)).status).to.equal(404);
  });

  describe('connection test', () => {
    interface Tested {
      report: { steps: { step: string; outcome: string; problem?: string }[]; skew: number; clock: string };
    }
    const test = async (id: string): Promise<Tested['report']> => {
      const answer = await admin.post(
        `/admin/platforms/${id}/test`,
        {},
        { ...PAGE, headers: { accept: 'application/json' } },
      );
      return (JSON.parse(answer.text) as Tested).report;
    };
    const outcomes = (report: Tested['report']) =>
      Object.fromEntries(report.steps.map(({ step, outcome, problem }) => [step, problem ?? outcome]));

    let server: Server;
    let origin: string;
    let answer: RequestListener;
    before(async () => {
      server = createServer((req, res) => answer(req, res));
      origin = await listening(server);
    });
    after(() => {
      server.closeAllConnections();
      server.close();
    });
    const at = (base: string) => ({
      issuer: base,
      authUrl: `${base}/auth`,
      tokenUrl: `${base}/token`,
      jwksUrl: `${base}/jwks`,
      frameOrigins: '',
    });

    it('of a platform that works says so', async () => {
      const report = await test(testApp.registration.id);
      // Registered by hand: found where platforms of its kind have it.
      expect(outcomes(report)).to.deep.equal({ keys: 'ok', configuration: 'ok', token: 'ok' });
      expect(report.clock).to.equal('fine');
      const page = await admin.post(`/admin/platforms/${testApp.registration.id}/test`, {}, PAGE);
      expect(page.text).to.contain('Часы СДО и наши совпадают');
      expect((await newest())?.action).to.equal('platform-tested');
    });

    it('names what fails: no keys, a refused token in the platform’s words, a slow clock', async () => {
      answer = (req, res) => {
        res.setHeader('date', new Date(testApp.clock.now().getTime() - 300_000).toUTCString());
        if (req.url === '/jwks') res.end('{"keys":[{"kty":"EC"}]}');
        else if (req.url === '/token') res.writeHead(400).end('{"error":"invalid_client"}');
        else res.end(JSON.stringify({ issuer: origin, token_endpoint: `${origin}/other` }));
      };
      const id = await added({ ...at(origin), clientId: 'fails' });
      const report = await test(id);
      expect(outcomes(report)).to.deep.equal({
        keys: 'no-keys',
        configuration: 'differs',
        token: 'refused',
      });
      expect(report.skew).to.be.within(-330, -298);
      expect(report.clock).to.equal('harmful');
      const page = await admin.post(`/admin/platforms/${id}/test`, {}, PAGE);
      expect(page.text).to.contain('invalid_client').and.to.contain('token_endpoint');
    });

    it('names an unreachable host, and answers that are something else', async () => {
      answer = (req, res) => {
        if (req.url === '/jwks') res.end('<html>hello</html>');
        else if (req.url === '/token') res.end('x'.repeat(300_000));
        else res.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
      };
      const odd = await test(await added({ ...at(origin), clientId: 'odd' }));
      expect(outcomes(odd)).to.deep.equal({
        keys: 'unreadable',
        configuration: 'none',
        token: 'too-large',
      });
      const closed = await test(await added({ ...at('http://127.0.0.1:1'), clientId: 'closed' }));
      expect(outcomes(closed)).to.deep.equal({
        keys: 'network',
        configuration: 'network',
        token: 'network',
      });
    });
  });
});

it('the connection test asks no inside address where private networks are refused', async () => {
  const clock = new ManualClock('2026-11-23T10:00:00Z');
  const storage = await openStorage({ url: 'file::memory:', clock });
  const asked: string[] = [];
  const server = createServer((req, res) => {
    asked.push(req.url ?? '');
    res.end('{"keys":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const lti = createLti({
    storage,
    clock,
    sealer: createSealer('a secret for tests, long enough'),
    publicUrl: 'https://tool.example.org',
    allowPrivateNetwork: false,
  });
  try {
    await storage.ensureIndexes();
    const base = `https://localhost:${(server.address() as AddressInfo).port}`;
    const { steps } = await lti.checkConnection({
      id: '0'.repeat(24),
      issuer: base,
      clientId: 'inside',
      name: '',
      product: '',
      authUrl: base,
      tokenAudience: '',
      tokenUrl: `${base}/token`,
      jwksUrl: 'https://127.0.0.1/jwks',
      state: 'active',
      deployments: ['1'],
      frameOrigins: [],
      ownParameters: [],
      unknownDeployments: 'ask',
      roles: [],
      scopes: null,
      configurationUrl: null,
      successor: null,
      createdAt: clock.now(),
    });
    expect(steps.map(({ problem }) => problem)).to.deep.equal([
      'private-address',
      'private-address',
      'private-address',
    ]);
    expect(asked).to.deep.equal([]);
  } finally {
    server.close();
    await lti.close();
    await storage.close();
  }
});
