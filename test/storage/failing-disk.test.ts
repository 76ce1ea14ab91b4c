import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/shared/clock.js';
import { EmbeddedClient } from '../../src/storage/embedded/database.js';
import { Engine } from '../../src/storage/embedded/engine.js';
import { openDatabase } from '../../src/storage/embedded/open-file.js';
import { verifyEngine } from '../../src/storage/embedded/verify.js';
import { openStorage, StorageError } from '../../src/storage/index.js';
import { backup, compact, exportTo, restore } from '../../src/storage/tools/index.js';
import type { Collection } from '../contract/collection.js';
import { forkFile } from '../support/fork.js';
import { failure, workshop } from './support.js';
import { letGo, makeDatabase } from './tools/support.js';

const refusal = async (action: () => Promise<unknown>): Promise<string> => {
  const error = await failure(action);
  expect(error, error.stack).to.be.instanceOf(StorageError);
  expect(error.message).to.not.match(/\n/);
  return error.message;
};

describe('a disk that fills up', () => {
  const { folder } = workshop();

  it('fails writes without space, keeps the others, and works again when there is space', async () => {
    const db = await openDatabase(join(folder(), 'x.db'));
    const engine = new Engine(db, 'x', systemClock);
    const client = new EmbeddedClient(engine);
    const things = client.db().collection('things') as unknown as Collection;
    await things.createIndex({ n: 1 }, { unique: true });
    await things.insertOne({ n: -1 });
    // As many pages as the file has, and some: what SQLite then answers is what it answers for a full disk.
    db.exec(`PRAGMA max_page_count = ${Number(db.value('PRAGMA page_count')) + 40}`);
    const written: number[] = [];
    const refused: Error[] = [];
    for (let round = 0; round < 8; round++) {
      await Promise.all(
        Array.from({ length: 20 }, (_, i) => round * 20 + i).map((n) =>
          things
            .insertOne({ n, text: 'x'.repeat(3000) })
            .then(() => written.push(n))
            .catch((error: unknown) => refused.push(error as Error)),
        ),
      );
    }
    expect(written.length).to.be.within(10, 100);
    expect(new Set(refused.map(({ message }) => message))).to.deep.equal(
      new Set(['the disk is full: nothing was written']),
    );
    expect(refused.every((error) => error instanceof StorageError)).to.equal(true);
    const held = await things
      .find({ n: { $gte: 0 } })
      .sort({ n: 1 })
      .toArray();
    expect(held.map(({ n }) => n)).to.deep.equal(written.sort((a, b) => a - b));
    expect((await verifyEngine(engine)).problems).to.deep.equal([]);
    db.exec('PRAGMA max_page_count = 100000');
    await things.insertMany(Array.from({ length: 100 }, (_, i) => ({ n: 1000 + i, text: 'x'.repeat(3000) })));
    expect(await things.countDocuments({})).to.equal(written.length + 101);
    await engine.close();
  });
});

describe('a separate file system', () => {
  let mounted: string | undefined;

  // Before the workshop's, which removes the folder.
  afterEach(() => {
    if (mounted !== undefined) execFileSync('umount', ['-l', mounted]);
    mounted = undefined;
  });

  const { folder } = workshop();

  /** A file system of 2 MB; only root may make one, and not in every container. */
  function mount(): string | undefined {
    const path = join(folder(), 'disk');
    mkdirSync(path);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path], { stdio: 'ignore' });
    } catch {
      return undefined;
    }
    return (mounted = path);
  }

  function fill(disk: string): void {
    try {
      writeFileSync(join(disk, 'filler'), Buffer.alloc(3_000_000));
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).to.equal('ENOSPC');
    }
  }

  it('that is full is reported in one line at the start and by every tool, and nothing is lost', async function () {
    const disk = mount();
    if (disk === undefined) this.skip();
    const [home, path] = [folder(), join(disk, 'x.db')];
    await makeDatabase(`file:${home}/x.db`);
    await backup(`file:${home}/x.db`, path);
    copyFileSync(path, join(home, 'b'));
    fill(disk);
    const before = readFileSync(path);
    expect(await refusal(() => openStorage({ url: `file:${disk}/new.db` }))).to.match(
      /cannot open the database .*new\.db: the disk is full/,
    );
    rmSync(join(disk, 'new.db'));
    expect(await refusal(() => openStorage({ url: `file:${path}` }))).to.match(/the disk is full/);
    expect(await refusal(() => backup(`file:${home}/x.db`, join(disk, 'b')))).to.match(
      /^FILE: the disk is full/,
    );
    await letGo();
    expect(await refusal(() => restore(`file:${path}`, join(home, 'b')))).to.match(/the disk is full/);
    expect(await refusal(() => exportTo(`file:${home}/x.db`, join(disk, 'out')))).to.match(
      /^--to: .*out: the disk is full/,
    );
    await letGo();
    expect(await refusal(() => compact(`file:${path}`))).to.match(/the disk is full/);
    expect(readFileSync(path).equals(before)).to.equal(true);
    const left = readdirSync(disk).filter((name) => /part|restoring|compacting/.test(name));
    expect(left, 'no drafts').to.deep.equal([]);
  });

  it('that is read-only is reported in one line', async function () {
    const disk = mount();
    if (disk === undefined) this.skip();
    const home = folder();
    await makeDatabase(`file:${home}/x.db`, 10);
    await letGo();
    copyFileSync(join(home, 'x.db'), join(disk, 'x.db'));
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    for (const name of ['x.db', 'new.db']) {
      expect(await refusal(() => openStorage({ url: `file:${disk}/${name}` }))).to.match(
        /^cannot (open|create) the database .*\.db: the file system is read-only$/,
      );
    }
    expect(await refusal(() => backup(`file:${home}/x.db`, join(disk, 'b')))).to.match(
      /^FILE: .*b: the file system is read-only$/,
    );
  });
});

describe('a file of another user', () => {
  const { folder } = workshop();
  const NOBODY = 65_534;

  it('is reported in one line and stays unchanged', async function () {
    if (process.getuid?.() !== 0) this.skip();
    this.timeout(120_000);
    const home = folder();
    await makeDatabase(`file:${home}/x.db`, 10);
    await letGo();
    chmodSync(home, 0o755);
    const before = readFileSync(join(home, 'x.db'));
    const open = async (name: string): Promise<unknown> => {
      const child = forkFile('test/storage/opening-process.ts', [`file:${home}/${name}`], {
        uid: NOBODY,
        gid: NOBODY,
        env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
      });
      return ((await once(child, 'message')) as unknown[])[0];
    };
    expect(await open('x.db')).to.match(
      /^StorageError: cannot open .*: no permission to write it and its folder$/,
    );
    expect(await open('new.db')).to.match(/^StorageError: cannot create .*new\.db: permission denied$/);
    // The file may be written, its folder may not: the log has no place.
    chownSync(join(home, 'x.db'), NOBODY, NOBODY);
    expect(await open('x.db')).to.match(
      /^StorageError: cannot open .*: no permission to write it and its folder$/,
    );
    expect(readFileSync(join(home, 'x.db')).equals(before)).to.equal(true);
    expect(readdirSync(home).filter((name) => name.startsWith('new'))).to.deep.equal([]);
  });
});
