import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { nodeArgs } from '../../../scripts/built.js';
import { LOGIN, startAdminApp, TERMINAL, type AdminTestApp } from './support.js';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '../../..');

describe('npm run admin', () => {
  let folder: string;
  let testApp: AdminTestApp;
  let env: NodeJS.ProcessEnv;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'admin-'));
    const databaseUrl = `file:${path.join(folder, 'testApp.db')}`;
    testApp = await startAdminApp({ databaseUrl });
    env = {
      ...process.env,
      DATABASE_URL: databaseUrl,
      PUBLIC_URL: testApp.origin,
      ALLOW_PRIVATE_NETWORK: '1',
    };
  });
  after(async () => {
    await testApp.close();
    await rm(folder, { recursive: true });
  });

  /** While the server runs, as in life. */
  const admin = (...args: string[]) => command('admin', ...args);
  const command = async (
    script: string,
    ...args: string[]
  ): Promise<{ code: number; out: string; err: string }> => {
    try {
      const { stdout, stderr } = await run(process.execPath, nodeArgs(`scripts/${script}.ts`, ...args), {
        cwd: root,
        env,
      });
      return { code: 0, out: stdout, err: stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, out: stdout, err: stderr };
    }
  };
  const linkOf = (out: string): string => (JSON.parse(out) as { url: string }).url;
  const token = (url: string): string => new URL(url).searchParams.get('token') ?? '';

  it('makes, lists, resets and disables accounts', async () => {
    const link = linkOf((await admin('create', '--json')).out);
    expect(new URL(link).origin).to.equal(testApp.origin);
    const password = 'три синих кита у окна';
    const fields = { login: LOGIN, password, repeat: password };
    await testApp.visitor().post('/admin/setup', { token: token(link), ...fields });
    const inside = await testApp.enter();

    const listed = JSON.parse((await admin('list', '--json')).out) as Record<string, unknown>[];
    expect(listed).to.have.length(1);
    expect(listed[0]).to.include({ login: LOGIN, disabled: false, secondFactor: false });
    expect(JSON.stringify(listed)).not.to.contain('scrypt');

    const next = 'восемь зелёных лун';
    const reset = await admin('reset', LOGIN.toLowerCase(), '--json');
    await testApp
      .visitor()
      .post('/admin/setup', { token: token(linkOf(reset.out)), password: next, repeat: next });
    expect((await inside.get('/admin')).url).to.contain('/admin/login');
    const again = await testApp.enter(LOGIN, next);

    expect((await admin('disable', LOGIN)).out).to.contain('disabled');
    expect((await again.get('/admin')).url).to.contain('/admin/login');
    const refused = await admin('reset', LOGIN);
    expect(refused.code).to.equal(1);
    expect(refused.err.trim().split('\n'), 'one line').to.deep.equal([
      'the account is disabled; enable it first',
    ]);
    await testApp.app.features.admin.accounts.setDisabled(LOGIN, false, TERMINAL);
    const last = await testApp.enter(LOGIN, next);

    const { entries } = await last.data<{ entries: { action: string; actor: { kind: string } }[] }>(
      '/admin/audit',
    );
    expect(
      entries.filter(({ actor }) => actor.kind === 'terminal').map(({ action }) => action),
    ).to.deep.equal(['account-enabled', 'account-disabled', 'link-made', 'link-made']);
  }).timeout(120_000);

  it('writes platform changes made in the terminal to the audit log', async () => {
    const issuer = testApp.lms.origin;
    for (const state of ['disable', 'enable']) {
      expect((await command('platform', state, '--issuer', issuer)).code).to.equal(0);
    }
    await testApp.make('Terminalov', 'семь розовых коней в поле');
    const inside = await testApp.enter('Terminalov', 'семь розовых коней в поле');
    const { entries } = await inside.data<{
      entries: { action: string; actor: { kind: string }; subject: { name: string } }[];
    }>('/admin/audit');
    const noted = entries.filter(({ action }) => action.startsWith('platform-'));
    expect(noted.map(({ action }) => action)).to.deep.equal(['platform-enabled', 'platform-disabled']);
    for (const { actor } of noted) expect(actor.kind).to.equal('terminal');
    expect(noted[0]!.subject.name).to.equal('Демо');

    const { disk } = await inside.data<{ disk: { free: number; all: number; database: number } }>('/admin');
    expect(disk.database).to.be.above(10_000);
    expect(disk.free).to.be.within(1, disk.all);
  }).timeout(120_000);
});
