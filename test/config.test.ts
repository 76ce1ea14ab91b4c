import { expect } from 'chai';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError, loadConfig } from '../src/config.js';
import { loadSecret } from '../src/secret.js';

describe('configuration', () => {
  it('has defaults for everything', () => {
    const config = loadConfig({});
    expect(config).to.include({
      port: 3000,
      publicUrl: 'http://localhost:3000',
      databaseUrl: 'file:./data/nastavnik.db',
      logLevel: 'info',
      trustProxy: false,
      allowPrivateNetwork: false,
      production: false,
    });
  });

  it('counts empty variables as unset, and lets the address follow the port', () => {
    expect(loadConfig({ PORT: '8080', PUBLIC_URL: '', SECRET: '' })).to.include({
      port: 8080,
      publicUrl: 'http://localhost:8080',
      secret: undefined,
    });
  });

  const wrong: [NodeJS.ProcessEnv, string][] = [
    [{ PORT: 'http' }, 'PORT: must be a port number'],
    [{ PORT: '70000' }, 'PORT: must be at most 65535'],
    [{ PORT: '0' }, 'PORT: must be at least 1'],
    [{ PUBLIC_URL: 'tool.example.org' }, 'PUBLIC_URL: must be an address such as https://tool.example.org'],
    [
      { PUBLIC_URL: 'https://tool.example.org/lti' },
      'PUBLIC_URL: must be an origin alone, without path or query',
    ],
    [
      { PUBLIC_URL: 'http://tool.example.org' },
      'PUBLIC_URL: must begin with https:// unless its host is localhost',
    ],
    [{ DATABASE_URL: 'postgres://x' }, 'DATABASE_URL: must start with file:, mongodb:// or mongodb+srv://'],
    [{ SECRET: 'short' }, 'SECRET: must have at least 32 characters'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent'],
    [{ TRUST_PROXY: 'yes please' }, 'TRUST_PROXY: must be 0, a number of proxies, or their addresses'],
    [{ LMS_TIMEOUT: '0' }, 'LMS_TIMEOUT: must be at least 1'],
    [{ LMS_TIMEOUT: '16' }, 'LMS_TIMEOUT: must be at most 15'],
    [{ LMS_TIMEOUT: '2s' }, 'LMS_TIMEOUT: must be a number of seconds'],
    [{ SMTP_URL: 'mail.example.org' }, 'SMTP_URL: must be like smtp://user:password@host:587'],
    [{ SMTP_URL: 'smtp://mail.example.org' }, 'MAIL_FROM: is needed with SMTP_URL'],
    [
      { SMTP_URL: 'outbox:', NODE_ENV: 'production' },
      'SMTP_URL: outbox: is for development on this machine alone',
    ],
    [
      { SMTP_URL: 'outbox:', PUBLIC_URL: 'https://tool.example.org' },
      'SMTP_URL: outbox: is for development on this machine alone',
    ],
    [{ FILES_URL: './files' }, 'FILES_URL: must be like file:./data/files'],
    [{ FILES_URL: 'https://s3.example.org' }, 'FILES_URL: must end with the name of the bucket'],
    [{ FILES_URL: 'https://s3.example.org/bucket' }, 'FILES_URL: an S3 bucket needs FILES_S3_KEY'],
    [{ ALLOW_PRIVATE_NETWORK: 'true' }, 'ALLOW_PRIVATE_NETWORK: must be 0 or 1'],
  ];
  for (const [env, message] of wrong) {
    it(`says: ${message}`, () => {
      expect(() => loadConfig(env)).to.throw(ConfigError, message);
    });
  }

  it('puts files beside the database, each database its own, unless it is told where', () => {
    const files = (env: NodeJS.ProcessEnv) => loadConfig(env).files;
    expect(files({ DATABASE_URL: 'file:/data/a.db' })).to.deep.equal({
      kind: 'disk',
      folder: '/data/a.db.files',
      chosen: false,
    });
    expect(files({ DATABASE_URL: 'file::memory:' })).to.deep.equal({ kind: 'temporary' });
    expect(files({ DATABASE_URL: 'mongodb://localhost/x' })).to.include({ folder: './data/files' });
    expect(files({ FILES_URL: 'file:./data/uploads' })).to.include({
      folder: './data/uploads',
      chosen: true,
    });
    expect(
      files({ FILES_URL: 'https://s3.example.org/bucket', FILES_S3_KEY: 'k', FILES_S3_SECRET: 's' }),
    ).to.deep.equal({
      kind: 's3',
      endpoint: 'https://s3.example.org/bucket',
      region: 'us-east-1',
      key: 'k',
      secret: 's',
    });
  });

  it('understands proxies', () => {
    expect(loadConfig({ TRUST_PROXY: '1' }).trustProxy).to.equal(1);
    expect(loadConfig({ TRUST_PROXY: 'loopback' }).trustProxy).to.equal('loopback');
    expect(loadConfig({ TRUST_PROXY: '10.0.0.0/8, ::1' }).trustProxy).to.equal('10.0.0.0/8, ::1');
  });
});

describe('the secret', () => {
  let folder: string;
  const config = (env: NodeJS.ProcessEnv = {}) =>
    loadConfig({ DATABASE_URL: `file:${path.join(folder, 'data/nastavnik.db')}`, ...env });

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is made once, for the owner alone, also by many at once', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => loadSecret(config())));
    expect(new Set(made).size).to.equal(1);
    expect(made[0]).to.have.length.at.least(32);
    const file = path.join(folder, 'data/secret');
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect((await readFile(file, 'utf8')).trim()).to.equal(made[0]);
    expect(await loadSecret(config())).to.equal(made[0]);
  });

  it('is never replaced when the kept one cannot be right', async () => {
    await loadSecret(config());
    const file = path.join(folder, 'data/secret');
    await writeFile(file, 'cut');
    await loadSecret(config()).then(
      () => expect.fail('a cut secret was taken'),
      (error: unknown) => expect(error).to.be.instanceOf(ConfigError),
    );
    expect(await readFile(file, 'utf8')).to.equal('cut');
  });

  it('as given wins', async () => {
    const given = 'g'.repeat(40);
    expect(await loadSecret(config({ SECRET: given }))).to.equal(given);
  });

  it('is demanded in production with MongoDB', async () => {
    const production = loadConfig({ DATABASE_URL: 'mongodb://db/nastavnik', NODE_ENV: 'production' });
    await loadSecret(production).then(
      () => expect.fail('a secret was made up'),
      (error: unknown) => expect((error as Error).message).to.match(/^SECRET: /),
    );
  });
});
