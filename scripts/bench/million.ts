/**
 * `npm run bench:million`: makes an embedded database of DOCUMENTS (1,000,000) and does with it what an operator
 * does, by the very commands: verify, back up while eight others read and write, restore, export and import, copy,
 * copy to MongoDB's protocol (MONGODB_URI, or mongo-java-server where it can be had) with a kill half-way. Prints
 * the times and each command's greatest memory.
 */
import { fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startWireServer } from '../wire/server.js';
import { documentOf, openThings } from './storage-data.js';

const DOCUMENTS = Number(process.env.DOCUMENTS ?? 1_000_000);
/** What mongo-java-server may hold in memory. */
const HEAP_MB = Number(process.env.HEAP_MB ?? 6000);
/** The server alone, before and after what it is to bear. */
const CALM_MS = 5000;
const root = path.resolve(import.meta.dirname, '../..');

interface Done {
  readonly seconds: number;
  readonly out: string;
}

function row(step: string, seconds: number, more = ''): void {
  console.log(`${step.padEnd(34)} ${seconds.toFixed(1).padStart(8)} s   ${more}`);
}

/** Runs `npm run db -- …` without npm. @throws when it fails */
async function db(
  step: string,
  args: readonly string[],
  { url, killAfterMs }: { url?: string; killAfterMs?: number } = {},
): Promise<Done> {
  const begun = performance.now();
  const preload = ['--import=tsx', '--import', path.join(root, 'scripts/bench/peak.mjs')];
  const child = spawn(process.execPath, [...preload, path.join(root, 'scripts/db.ts'), ...args], {
    cwd: root,
    env: { ...process.env, ...(url !== undefined && { DATABASE_URL: url }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  clearTimeout(timer);
  const seconds = (performance.now() - begun) / 1000;
  if (code !== 0 && killAfterMs === undefined) throw new Error(`${step}: ${err}`);
  const peak = /^peak (.*)$/m.exec(err)?.[1];
  row(step, seconds, [signal ?? (peak === undefined ? '' : `at most ${peak}`), lastLine(out)].join('   '));
  return { seconds, out };
}

const lastLine = (text: string): string =>
  text
    .trim()
    .split('\n')
    .find((line) => /document|sound/.test(line)) ?? '';

async function make(file: string): Promise<void> {
  const begun = performance.now();
  const things = await openThings(file);
  for (let at = 0; at < DOCUMENTS; at += 1000) {
    const size = Math.min(1000, DOCUMENTS - at);
    await things.collection.insertMany(Array.from({ length: size }, (_, i) => documentOf(at + i)));
  }
  await things.close();
  const { size } = await stat(file);
  row('made', (performance.now() - begun) / 1000, `${(size / 1048576).toFixed(0)} MB on disk`);
}

interface Load {
  readonly reads: number;
  readonly writes: number;
  readonly slowestWriteMs: number;
  readonly longestTurnMs: number;
}

const told = ({ reads, writes, slowestWriteMs, longestTurnMs }: Load): string =>
  `${reads.toFixed(0)} reads and ${writes.toFixed(0)} durable writes a second, slowest write ${slowestWriteMs.toFixed(0)} ms, longest turn ${longestTurnMs.toFixed(0)} ms`;

async function backUpUnderLoad(file: string, backup: string): Promise<void> {
  const load = fork(path.join(root, 'scripts/bench/loading.mjs'), [], {
    cwd: root,
    env: { ...process.env, FILE: file, DOCUMENTS: String(DOCUMENTS) },
  });
  const heard = async (): Promise<unknown> => ((await once(load, 'message')) as [unknown])[0];
  const report = async (): Promise<Load> => {
    load.send('report');
    return (await heard()) as Load;
  };
  await heard();
  await new Promise((resolve) => setTimeout(resolve, CALM_MS));
  row('load alone', CALM_MS / 1000, told(await report()));
  const { seconds } = await db('backed up under load', ['backup', backup], { url: `file:${file}` });
  row('load meanwhile', seconds, told(await report()));
  load.send('stop');
  await once(load, 'exit');
}

async function copyFar(file: string): Promise<void> {
  const given = process.env.MONGODB_URI;
  const server = given === undefined ? await startWireServer(HEAP_MB) : undefined;
  if (typeof server === 'string') {
    console.log(`copied to MongoDB: not run, ${server}`);
    return;
  }
  const to = given ?? server?.url('million') ?? '';
  const name = given === undefined ? 'mongo-java-server' : 'MongoDB';
  try {
    const args = ['copy', '--from', `file:${file}`, '--to', to];
    await db(`copied to ${name}, killed`, args, { killAfterMs: DOCUMENTS / 20 });
    await db('and taken up again', args);
    await db('counted there', ['stats'], { url: to });
  } finally {
    server?.stop();
  }
}

const build = spawnSync(process.execPath, ['scripts/build.mjs'], {
  cwd: root,
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(build.status ?? 1);

const folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-million-'));
const at = (name: string): string => path.join(folder, name);
const url = (name: string): string => `file:${at(name)}`;
try {
  console.log(`Node ${process.version}, ${DOCUMENTS.toLocaleString('en')} documents`);
  await make(at('a.db'));
  await db('verified', ['verify'], { url: url('a.db') });
  await db('counted', ['stats'], { url: url('a.db') });
  await backUpUnderLoad(at('a.db'), at('backup.db'));
  await mkdir(at('restored'));
  await db('restored and verified', ['restore', at('backup.db')], { url: url('restored/a.db') });
  await db('copied to another file', ['copy', '--from', url('restored/a.db'), '--to', url('copy.db')]);
  await db('verified', ['verify'], { url: url('copy.db') });
  await db('exported', ['export', '--to', at('out')], { url: url('copy.db') });
  await db('imported', ['import', '--from', at('out')], { url: url('imported.db') });
  await db('compacted', ['compact'], { url: url('imported.db') });
  await copyFar(at('copy.db'));
} finally {
  await rm(folder, { recursive: true, force: true });
}
