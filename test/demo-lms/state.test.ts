import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { expect } from 'chai';
import { nodeArgs } from '../../scripts/built.js';
import { createDemoLms, newSigningKey } from '../../scripts/demo-lms/index.js';
import { startLms } from '../support/lms.js';

describe('demo LMS: state', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'demo-lms-'));
    path = join(folder, 'data', 'lms.json');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('survives a restart: tools, links, grades, and the signing key', async () => {
    const first = await startLms({ store: path });
    const tool = first.control.registerTool({ url: 'http://localhost:3000' });
    const link = first.control.addActivity('2', tool.id, { title: 'Тест', column: { scoreMaximum: 5 } });
    const [column] = first.control.columnsOfActivity(link.id);
    first.control.overrideGrade(column!.id, '101', 4);
    const pem = first.control.publicKeyPem();
    await first.close();

    const second = createDemoLms({ store: path, keys: [newSigningKey()] });
    expect(second.control.grade(column!.id, '101')?.score).to.equal(4);
    expect(second.control.tool(tool.id)).to.deep.equal(tool);
    expect(second.control.publicKeyPem()).to.equal(pem);
    expect(second.control.addActivity('2', tool.id, { title: 'Ещё' }).id).to.not.equal(link.id);
  });

  it('writes the file as a whole, readable by its owner alone', async () => {
    const lms = await startLms({ store: path });
    lms.control.registerTool({ url: 'http://localhost:3000' });
    expect(readdirSync(join(folder, 'data'))).to.deep.equal(['lms.json']);
    expect(JSON.parse(readFileSync(path, 'utf8'))).to.have.property('version', 1);
    await lms.close();
  });

  it('names the file that is not its own', () => {
    writeFileSync(join(folder, 'other.json'), '{"version":7}');
    expect(() => createDemoLms({ store: join(folder, 'other.json') })).to.throw('other.json');
  });

  it('has no origin before it listens, unless one is given', async () => {
    const lms = createDemoLms({ keys: [newSigningKey()] });
    expect(() => lms.origin).to.throw('before it listens');
    await lms.close();
    expect(createDemoLms({ origin: 'https://lms.example.org' }).origin).to.equal('https://lms.example.org');
  });

  it('moves its clock when told to', async () => {
    const lms = await startLms();
    const { clock } = lms.control;
    clock.freeze('2026-01-01T00:00:00Z');
    clock.advance(90_000);
    expect(clock.now().toISOString()).to.equal('2026-01-01T00:01:30.000Z');
    clock.reset();
    clock.advance(-3_600_000);
    expect(Date.now() - clock.now().getTime()).to.be.within(3_599_000, 3_660_000);
    await lms.close();
  });

  it('runs as a process of its own with a tool registered, and ends when asked to', async () => {
    const child = spawn(process.execPath, nodeArgs('scripts/demo-lms/main.ts'), {
      env: { ...process.env, LMS_PORT: '0', LMS_DATA: path, TOOL_URL: 'http://localhost:3000/' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8');
    for await (const chunk of child.stdout) {
      output += String(chunk);
      if (output.includes('deployment')) break;
    }
    const [, origin] = /The demo LMS is at (\S+)/.exec(output)!;
    expect(output).to.contain('Tool http://localhost:3000: client id nastavnik-demo, deployment 1');
    const response = await fetch(`${origin!}/mod/lti/openid-configuration.php`);
    expect(((await response.json()) as { issuer: string }).issuer).to.equal(origin);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).to.equal(0);
  });

  it('refuses settings it cannot use, naming them', async () => {
    for (const [name, value] of [
      ['LMS_PORT', 'x'],
      ['TOOL_URL', 'nonsense'],
    ] as const) {
      const child = spawn(process.execPath, nodeArgs('scripts/demo-lms/main.ts'), {
        env: { ...process.env, [name]: value },
        stdio: ['ignore', 'inherit', 'pipe'],
      });
      let errors = '';
      child.stderr.on('data', (chunk) => (errors += String(chunk)));
      const [code] = (await once(child, 'close')) as [number | null];
      expect(code).to.equal(2);
      expect(errors).to.contain(name);
    }
  });
});
