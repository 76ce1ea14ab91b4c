import { expect } from 'chai';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { nodeArgs } from '../scripts/built.js';
import { freePort } from '../scripts/processes.js';

interface Demo {
  readonly child: ChildProcess;
  readonly tool: string;
  output(): string;
}

describe('npm run demo', function () {
  // Three processes start one after another, on a machine that may be busy.
  this.timeout(120_000);
  let folder: string;
  const running = new Set<ChildProcess>();

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-demo-'));
  });
  after(async () => {
    for (const child of running) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  async function demo(env: NodeJS.ProcessEnv = {}): Promise<Demo> {
    const port = env.PORT ?? String(await freePort());
    const child = spawn(process.execPath, nodeArgs('scripts/demo.ts'), {
      env: {
        ...process.env,
        PORT: port,
        LMS_PORT: String(await freePort()),
        DATABASE_URL: `file:${path.join(folder, 'demo.db')}`,
        LMS_DATA: path.join(folder, 'lms.json'),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    return { child, tool: `http://localhost:${port}`, output: () => output };
  }

  /** Until it has said where things are. */
  async function told(demo: Demo): Promise<{ lms: string; site: string }> {
    const { child } = demo;
    while (!demo.output().includes('Ctrl+C')) {
      if (child.exitCode !== null) throw new Error(`the demo has ended:\n${demo.output()}`);
      await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')]);
    }
    const [, lms = ''] = /The demo LMS: +(\S+)/.exec(demo.output()) ?? [];
    const [, site = ''] = /The open site: +(\S+)/.exec(demo.output()) ?? [];
    return { lms, site };
  }

  async function ended({ child }: Demo): Promise<number | null> {
    if (child.exitCode === null) await once(child, 'exit');
    return child.exitCode;
  }

  it('tells two addresses, and ends by a signal', async () => {
    const item = await demo();
    const { lms, site } = await told(item);
    expect(site).to.equal(`${item.tool}/`);
    expect(await (await fetch(lms)).text()).to.contain('Соколова Елена Викторовна');
    const listed = await fetch(`${site}teachers`, { headers: { accept: 'application/json' } });
    // Twelve teachers, one of them for students' eyes alone, and four of the office.
    expect(((await listed.json()) as { total: number }).total).to.equal(15);
    item.child.kill('SIGTERM');
    expect(await ended(item), item.output()).to.equal(0);
  });

  it('says in one line what is wrong', async () => {
    const other = createServer((_req, res) => res.end('somebody else'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      for (const [env, line] of [
        [{ PORT: String(port) }, `PORT: ${port} is taken by another program`],
        [{ LMS_PORT: String(port) }, `LMS_PORT: the demo LMS cannot listen on ${port} (EADDRINUSE)`],
        [{ DATABASE_URL: 'mysql://centre' }, 'DATABASE_URL: must start with file:'],
      ] as const) {
        const item = await demo(env);
        expect(await ended(item), line).to.equal(1);
        expect(item.output().trim().split('\n'), item.output()).to.have.length(1);
        expect(item.output()).to.contain(line);
      }
    } finally {
      other.close();
    }
  });
});
