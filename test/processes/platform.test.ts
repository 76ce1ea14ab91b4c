import { expect } from 'chai';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Registration } from '../../src/lti/index.js';
import { launchLink, startLms, type DemoLms } from '../support/lms.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { newFolder, run, type Ended } from './run.js';

/** `npm run platform`, as a process beside a running tool on the same database. */
describe('npm run platform', function () {
  this.timeout(240_000);
  let folder: string;
  let testApp: TestApp;
  let lms: DemoLms;
  let strict: NodeJS.ProcessEnv;

  before(async () => {
    folder = await newFolder();
    const databaseUrl = `file:${path.join(folder, 'nastavnik.db')}`;
    testApp = await startTestApp({ databaseUrl });
    lms = await startLms({ clock: testApp.clock });
    strict = { DATABASE_URL: databaseUrl, ALLOW_PRIVATE_NETWORK: '0' };
  });
  after(async () => {
    await lms.close();
    await testApp.close();
    await rm(folder, { recursive: true, force: true });
  });

  const platform = (args: string[], env: NodeJS.ProcessEnv = strict): Promise<Ended> =>
    run('scripts/platform.ts', args, env);
  const done = async (args: string[], env?: NodeJS.ProcessEnv): Promise<string> => {
    const { code, out, err } = await platform(args, env);
    expect(err).to.equal('');
    expect(code).to.equal(0);
    return out;
  };
  const options = (values: Readonly<Record<string, string | readonly string[]>>): string[] =>
    Object.entries(values).flatMap(([name, value]) => [value].flat().flatMap((item) => [`--${name}`, item]));

  const SCHOOL = {
    issuer: 'https://school.example.org',
    'client-id': 'abc',
    'auth-url': 'https://school.example.org/auth',
    'token-url': 'https://school.example.org/token?x=1',
    'jwks-url': 'https://keys.example.org/jwks',
    deployment: ['1', '2'],
  };

  it('adds, and prints what there is now', async () => {
    const added = JSON.parse(
      await done([
        'add',
        ...options({ ...SCHOOL, name: 'Школа «№ 1» & <b>', 'frame-origin': 'https://frames.example.org/x' }),
        '--json',
      ]),
    ) as Registration;
    expect(added).to.deep.include({
      issuer: SCHOOL.issuer,
      clientId: 'abc',
      name: 'Школа «№ 1» & <b>',
      authUrl: SCHOOL['auth-url'],
      tokenUrl: SCHOOL['token-url'],
      jwksUrl: SCHOOL['jwks-url'],
      deployments: ['1', '2'],
      frameOrigins: ['https://frames.example.org'],
      state: 'active',
    });
  });

  it('takes a second client id of one issuer, and then asks which is meant', async () => {
    await done(['add', ...options({ ...SCHOOL, 'client-id': 'def', deployment: '3' })]);
    const issuer = ['--issuer', SCHOOL.issuer];
    const ambiguous = await platform(['show', ...issuer]);
    expect(ambiguous.code).to.equal(1);
    expect(ambiguous.err.trim()).to.equal('--client-id: this issuer has several; say which');
    const shown = await done(['show', ...issuer, '--client-id', 'def']);
    expect(shown)
      .to.match(/clientId +def/)
      .and.match(/deployments +3/);
    const listed = JSON.parse(await done(['list', '--json'])) as Registration[];
    expect(listed.map(({ clientId }) => clientId)).to.include.members(['abc', 'def']);
    // And each of them logs in by its own: by its id, or by a deployment that it alone has.
    const login = (more: Record<string, string>) =>
      fetch(
        `${testApp.origin}/lti/login?${new URLSearchParams({
          iss: SCHOOL.issuer,
          login_hint: '1',
          target_link_uri: `${testApp.origin}/lti/launch`,
          ...more,
        }).toString()}`,
        { redirect: 'manual', headers: { cookie: 'cookies=1' } },
      );
    const hints: Record<string, string>[] = [{ client_id: 'def' }, { lti_deployment_id: '3' }];
    for (const hint of hints) {
      const asked = new URL((await login(hint)).headers.get('location')!).searchParams;
      expect(asked.get('client_id'), JSON.stringify(hint)).to.equal('def');
    }
    const neither = await login({});
    expect(neither.status).to.equal(400);
    expect(await neither.text()).to.contain('lti-which-client');
  });

  it('added again is changed, and keeps its deployments', async () => {
    const again = { ...SCHOOL, 'auth-url': 'https://school.example.org/auth2', deployment: '9' };
    const added = JSON.parse(await done(['add', ...options(again), '--json'])) as Registration;
    expect(added.deployments).to.deep.equal(['1', '2', '9']);
    expect(added).to.include({ authUrl: again['auth-url'], name: 'Школа «№ 1» & <b>' });
    expect(added.frameOrigins).to.deep.equal(['https://frames.example.org']);
  });

  it('serves a running server: a new platform launches, disabled it does not, enabled it does', async () => {
    const tool = lms.control.registerTool({ url: testApp.origin });
    const loose = { ...strict, ALLOW_PRIVATE_NETWORK: '1' };
    const which = ['--issuer', lms.origin, '--client-id', tool.clientId];
    await done(
      [
        'add',
        ...which,
        ...options({
          'auth-url': `${lms.origin}/mod/lti/auth.php`,
          'token-url': `${lms.origin}/mod/lti/token.php`,
          'jwks-url': `${lms.origin}/mod/lti/certs.php`,
          deployment: tool.deploymentId,
        }),
      ],
      loose,
    );
    expect(Object.values(lms.control.faults.calls), 'nobody was asked').to.deep.equal(
      Object.values(lms.control.faults.calls).map(() => 0),
    );
    const launched = async () => (await launchLink(lms, { person: '101', course: '2' })).response;
    const first = await launched();
    expect(first.status, first.text).to.equal(200);

    await done(['disable', ...which], strict);
    // What a running server knows may be two seconds old.
    testApp.clock.advance(2_001);
    expect((await launched()).status).to.equal(403);
    await done(['enable', ...which], strict);
    testApp.clock.advance(2_001);
    expect((await launched()).status).to.equal(200);

    await done(['remove', ...which], strict);
    testApp.clock.advance(2_001);
    expect((await launched()).status).to.equal(400);
    const listed = JSON.parse(await done(['list', '--json'])) as Registration[];
    expect(listed.map(({ clientId }) => clientId)).not.to.include(tool.clientId);
    const gone = await platform(['show', ...which]);
    expect(gone.code).to.equal(1);
    expect(gone.err).to.match(/^no such platform is registered/);
  });

  it('reads a platform’s configuration, by its address or its issuer', async () => {
    const loose = { ...strict, ALLOW_PRIVATE_NETWORK: '1' };
    for (const [index, address] of [lms.origin, `${lms.origin}/mod/lti/openid-configuration.php`].entries()) {
      const given = options({ configuration: address, 'client-id': `read-${index}`, deployment: '1' });
      const added = JSON.parse(await done(['add', ...given, '--json'], loose)) as Registration;
      expect(added).to.include({
        issuer: lms.origin,
        name: 'moodle',
        authUrl: `${lms.origin}/mod/lti/auth.php`,
        tokenUrl: `${lms.origin}/mod/lti/token.php`,
        jwksUrl: `${lms.origin}/mod/lti/certs.php`,
        configurationUrl: `${lms.origin}/mod/lti/openid-configuration.php`,
        state: 'active',
      });
    }
    const refused = await platform(['add', ...options({ configuration: lms.origin, 'client-id': 'x' })]);
    expect(refused.err).to.match(
      /^--configuration: it cannot be read, or is faulty; openid_configuration http/,
    );
    const both = await platform([
      'add',
      ...options({ configuration: lms.origin, issuer: lms.origin, 'client-id': 'x' }),
    ]);
    expect(both.err).to.contain("'--configuration <url>' cannot be used with option '--issuer <issuer>'");
  });

  it('makes a link for a registration to be renewed', async () => {
    const [known] = JSON.parse(await done(['list', '--json'])) as Registration[];
    const link = (await done(['invite', '--for', known!.id])).trim();
    expect(link).to.match(/\/lti\/register\?invitation=\S+$/);
    const nobody = await platform(['invite', '--for', '0'.repeat(24)]);
    expect(nobody.err).to.match(/^no such platform is registered/);
    expect(nobody.code).to.equal(1);
  });

  const wrong: [Record<string, string>, RegExp][] = [
    [
      { 'auth-url': 'http://school.example.org/auth' },
      /^--auth-url: must be an address that begins with https/,
    ],
    [{ 'jwks-url': 'https://10.0.0.7/jwks' }, /^--jwks-url: is a private or loopback address/],
    [{ deployment: ' ' }, /^--deployment: is missing or empty/],
    [{ 'client-id': '' }, /^--client-id: is missing or empty/],
    [{ 'frame-origin': 'https://*' }, /^--frame-origin: must be one origin/],
  ];
  it('names the option that is wrong, in one line, and changes nothing', async () => {
    const registrations = () =>
      testApp.storage.connection.model('Registration').find().sort({ _id: 1 }).lean();
    const before = JSON.stringify(await registrations());
    for (const [change, line] of wrong) {
      const { code, out, err } = await platform(['add', ...options({ ...SCHOOL, ...change })]);
      expect(err.trim().split('\n'), err).to.have.length(1);
      expect(err).to.match(line);
      expect(code).to.equal(1);
      expect(out).to.equal('');
    }
    const missing = await platform(['add', '--issuer', 'https://x.example.org']);
    expect(missing.err).to.contain("'--client-id <id>' not specified");
    expect(missing.code).to.equal(1);
    expect(JSON.stringify(await registrations())).to.equal(before);
  });
});
