import { expect } from 'chai';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { LTI_SEALED, type Registration } from '../../../../src/lti/index.js';
import { createOutbound } from '../../../../src/lti/transport/outbound.js';
import { isOwn } from '../../../../src/lti/dynamic-registration/registration-answer.js';
import { createSealer } from '../../../../src/shared/sealing.js';
import { reseal } from '../../../../src/storage/tools/index.js';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from '../support.js';
import { registrationFixture, type RegistrationFixture } from './support.js';
import { listening } from '../../../support/listening.js';

interface Held {
  held: { informed: boolean; differences: { field: string; ours: string[]; theirs: string[] }[] };
  managed: boolean;
}

describe('a registration that the platform lets us manage', () => {
  let testApp: AdminTestApp;
  let fixture: RegistrationFixture;
  let admin: AdminVisitor;
  let platform: Registration;
  let page: string;
  beforeEach(async () => {
    testApp = await startAdminApp();
    testApp.lms.control.manageRegistrations();
    fixture = registrationFixture(testApp);
    platform = await fixture.connect();
    page = `/admin/platforms/${platform.id}`;
    await testApp.make();
    admin = await testApp.enter();
  });
  afterEach(() => testApp.close());

  const toolThere = () => testApp.lms.control.tools().find(({ clientId }) => clientId === platform.clientId)!;
  const press = async (what: 'compare' | 'inform') => admin.post(`${page}/${what}`, {}, { page });
  const read = async (what: 'compare' | 'inform'): Promise<Held['held']> => {
    const answer = await admin.post(`${page}/${what}`, {}, { page, headers: { accept: 'application/json' } });
    expect(answer.status, answer.text).to.equal(200);
    return (JSON.parse(answer.text) as Held).held;
  };
  const clients = () => testApp.storage.connection.collection('registration_clients');

  it('is offered where the platform gave an address and a token, and nowhere else', async () => {
    expect((await admin.data<Held>(page)).managed).to.equal(true);
    const other = `/admin/platforms/${testApp.registration.id}`;
    expect((await admin.data<Held>(other)).managed).to.equal(false);
    const refused = await admin.post(`${other}/inform`, {}, { page: other });
    expect(refused.status).to.equal(404);
  });

  it('stores its token sealed, never shows it, and reads it after the secret is changed', async () => {
    const token = toolThere().registrationToken!;
    const kept = JSON.stringify(await clients().find().toArray());
    expect(kept).to.contain('v1.').and.not.contain(token);
    for (const path of [page, '/admin/audit']) expect((await admin.get(path)).text).not.to.contain(token);
    const [from, to] = ['a secret for tests, long enough', 'another secret, and as long'].map(createSealer);
    const { resealed } = await reseal(testApp.storage, LTI_SEALED, from!, to!);
    expect(resealed).to.equal(2);
    const [row] = await clients().find().toArray();
    expect(to!.open(String(row?.sealedToken), 'registration access token')).to.equal(token);
  });

  it('compares and changes nothing; updates there, and takes in what is granted', async () => {
    expect((await read('compare')).differences).to.deep.equal([]);
    expect((await press('compare')).text).to.contain('В СДО всё записано правильно');
    const asRegistered = { ...toolThere() };
    testApp.lms.control.changeTool(toolThere().id, {
      name: 'Tool 5',
      custom: 'middle_name=$Person.name.middle\nours=no',
      scopes: [],
      redirectUrls: ['https://elsewhere.example.org/'],
    });
    const changed = { ...toolThere() };
    const { differences, informed } = await read('compare');
    expect(informed).to.equal(false);
    expect(differences.map(({ field }) => field)).to.deep.equal([
      'client_name',
      'redirect_uris',
      'scope',
      'custom_parameters',
    ]);
    expect(differences[0]).to.deep.equal({ field: 'client_name', ours: ['Наставник'], theirs: ['Tool 5'] });
    expect(differences[3]?.theirs).to.include('ours=no');
    expect(toolThere()).to.deep.equal(changed);
    const shown = await press('compare');
    expect(shown.text).to.contain('Tool 5').and.contain('lti-ags/scope/score').and.contain('ours=no');
    expect(shown.text).not.to.match(/admin\.held|undefined/);

    await testApp.app.lti.registrations.renew(await fixture.registration(platform.id), { scopes: [] });
    expect((await read('inform')).differences).to.deep.equal([]);
    const { registrationToken: first, ...there } = toolThere();
    expect(there).to.deep.include({
      name: asRegistered.name,
      custom: asRegistered.custom,
      redirectUrls: asRegistered.redirectUrls,
      state: 'active',
    });
    expect((await fixture.registration(platform.id)).scopes).to.deep.equal(platform.scopes);
    const entry = await fixture.newest();
    expect(entry.action).to.equal('platform-informed');
    expect(entry.actor.kind).to.equal('admin');
    expect(entry.after.scopes).to.contain('lti-ags/scope/score');

    // The platform gave another token with its answer: the one before is dead.
    expect((await read('inform')).differences).to.deep.equal([]);
    expect(toolThere().registrationToken).not.to.equal(first);
  });

  it('shows the platform’s words when it refuses, and notes them', async () => {
    testApp.lms.control.changeTool(toolThere().id, { registrationToken: 'another' });
    const refused = await press('inform');
    expect(refused.status).to.equal(502);
    expect(refused.text)
      .to.contain('Ответ СДО или причина')
      .and.contain('The registration token is not valid');
    const entry = await fixture.newest();
    expect(entry.action).to.equal('platform-informed');
    expect(entry.after).to.include({ failed: 'lti-registration-refused', status: '401' });
    const problem = await admin.post(
      `${page}/compare`,
      {},
      { page, headers: { accept: 'application/json' } },
    );
    expect(problem.status).to.equal(502);
    expect((JSON.parse(problem.text) as { code: string }).code).to.equal('lti-registration-refused');
  });

  it('what was kept is forgotten with the registration, and with its client id', async () => {
    testApp.lms.control.manageRegistrations(false);
    const { url } = await testApp.app.features.registration.inviteToRenew(platform);
    const address = await testApp.lms.control.registrationUrl(url);
    const shown = await fixture.browser().get(fixture.pathOf(address));
    const done = await fixture.browser().submit('/lti/register', fixture.formOf(shown.body));
    expect(done.status, done.body).to.equal(200);
    expect(await clients().countDocuments()).to.equal(0);

    testApp.lms.control.manageRegistrations();
    const another = await fixture.connect();
    expect(await clients().countDocuments()).to.equal(1);
    await testApp.app.lti.registrations.setState(another.id, 'removed');
    expect(await clients().countDocuments()).to.equal(0);
  });

  describe('by a platform that means no good', () => {
    let server: Server;
    let origin: string;
    let registered: object;
    let managed: RequestListener;
    let asked: IncomingMessage[];
    let broken: boolean;
    beforeEach(async () => {
      asked = [];
      broken = false;
      server = createServer((req, res) => {
        asked.push(req);
        if (req.url?.startsWith('/config') === true) {
          if (broken) {
            res.writeHead(403).end();
            return;
          }
          res.end(
            JSON.stringify({
              issuer: origin,
              authorization_endpoint: `${origin}/auth`,
              token_endpoint: `${origin}/token`,
              jwks_uri: `${origin}/jwks`,
              registration_endpoint: `${origin}/register`,
            }),
          );
        } else if (req.url === '/register') res.end(JSON.stringify(registered));
        else managed(req, res);
      });
      origin = await listening(server);
    });
    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });

    async function connect(answer: object, query = ''): Promise<string> {
      registered = { client_id: 'evil', ...answer };
      const { url } = await testApp.app.features.registration.invite('');
      const done = await fixture.browser().submit('/lti/register', {
        ...fixture.fieldsOf(url),
        openid_configuration: `${origin}/config${query}`,
      });
      expect(done.status, done.body).to.equal(200);
      return (await fixture.all()).at(-1)!.id;
    }

    it('an address on another host is not kept, nor one without a token, nor what is none', async () => {
      const before = await clients().countDocuments();
      for (const answer of [
        { registration_client_uri: `${testApp.lms.origin}/x`, registration_access_token: 't' },
        { registration_client_uri: 'http://169.254.169.254/latest', registration_access_token: 't' },
        { registration_client_uri: `${origin}@evil.example/`, registration_access_token: 't' },
        { registration_client_uri: `${origin}/x` },
        { registration_client_uri: 'x', registration_access_token: 't' },
        { registration_client_uri: { $ne: 1 }, registration_access_token: ['t'] },
      ]) {
        await connect(answer);
        expect(await clients().countDocuments(), JSON.stringify(answer)).to.equal(before);
      }
    });

    it('in production it is https, and not an inside address', async () => {
      const strict = createOutbound({ allowPrivateNetwork: false });
      const own = (uri: string) => isOwn(strict, { uri, token: 't' }, ['https://lms.example.org/register']);
      expect(own('https://lms.example.org/client/1')).to.equal(true);
      expect(own('http://lms.example.org/client/1')).to.equal(false);
      expect(own('https://lms.example.org:8443/client/1')).to.equal(false);
      expect(own('https://lms.example.org.evil.example/client/1')).to.equal(false);
      expect(isOwn(strict, { uri: 'https://10.0.0.7/', token: 't' }, ['https://10.0.0.7'])).to.equal(false);
      await strict.close();
    });

    it('reports redirects, floods, HTML pages and another tool’s registration, and changes nothing', async () => {
      const id = await connect({
        registration_client_uri: `${origin}/c`,
        registration_access_token: 'sesame',
      });
      const before = await fixture.registration(id);
      const at = `/admin/platforms/${id}`;
      const answers: [string, RequestListener][] = [
        ['status', (_req, res) => res.writeHead(302, { location: `${testApp.lms.origin}/` }).end()],
        ['reason', (_req, res) => res.end(`"${'x'.repeat(300_000)}"`)],
        ['200', (_req, res) => res.end('<title>Front page</title>')],
        ['other', (_req, res) => res.end('{"client_id":"other","scope":"x"}')],
        ['200', (_req, res) => res.end('[]')],
      ];
      for (const [words, answer] of answers) {
        managed = answer;
        for (const what of ['compare', 'inform']) {
          const refused = await admin.post(`${at}/${what}`, {}, { page: at });
          expect(refused.status, words).to.equal(502);
          expect(refused.text).to.contain('Ответ СДО или причина').and.contain(words);
        }
      }
      expect(await fixture.registration(id)).to.deep.equal(before);
    });

    it('its echo of the token is not shown', async () => {
      const id = await connect({
        registration_client_uri: `${origin}/c`,
        registration_access_token: 'sesame',
      });
      managed = (req, res) => res.writeHead(403).end(`no: ${req.headers.authorization}`);
      const at = `/admin/platforms/${id}`;
      const refused = await admin.post(`${at}/compare`, {}, { page: at });
      expect(refused.text).to.contain('no: Bearer').and.not.contain('sesame');
      expect(JSON.stringify(await fixture.newest())).not.to.contain('sesame');
      expect(asked.at(-1)?.headers.authorization).to.equal('Bearer sesame');
    });

    it('nor one that its description’s address carries', async () => {
      const client = { registration_client_uri: `${origin}/c`, registration_access_token: 't' };
      const id = await connect(client, '?registration_token=sesame');
      broken = true;
      const at = `/admin/platforms/${id}`;
      const refused = await admin.post(`${at}/compare`, {}, { page: at });
      expect(refused.status).to.equal(502);
      expect(refused.text).to.contain(`${origin}/config`).and.not.contain('sesame');
      expect(JSON.stringify(await fixture.newest())).not.to.contain('sesame');
      expect((await admin.get(at)).text).not.to.contain('sesame');
    });

    it('nor a part of a long one, nor the next one in an answer that is none', async () => {
      const long = `sesame/${'x'.repeat(400)}`;
      const id = await connect({ registration_client_uri: `${origin}/c`, registration_access_token: long });
      const at = `/admin/platforms/${id}`;
      const next = { registration_client_uri: `${origin}/c`, registration_access_token: 'next-sesame' };
      const answers: [string, RequestListener][] = [
        ['no: Bearer', (req, res) => res.writeHead(403).end(`no: ${req.headers.authorization}`)],
        ['no: ', (_req, res) => res.writeHead(403).end(`{"nope":"no: ${long.replaceAll('/', '\\/')}"}`)],
        ['registration_client_uri', (_req, res) => res.end(JSON.stringify(next))],
        ['202', (_req, res) => res.writeHead(202).end(JSON.stringify({ client_id: 'evil', ...next }))],
        ['client', (_req, res) => res.end(JSON.stringify({ client: next }))],
      ];
      for (const [words, answer] of answers) {
        managed = answer;
        const refused = await admin.post(`${at}/compare`, {}, { page: at });
        expect(refused.status).to.equal(502);
        expect(refused.text, words).to.contain(words).and.not.contain('sesame');
        expect(JSON.stringify(await fixture.newest()), words).not.to.contain('sesame');
      }
    });
  });
});
