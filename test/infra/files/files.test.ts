import { expect } from 'chai';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { byteStoreOf, copyFiles, storedFiles, verifyFiles } from '../../../src/infra/files/index.js';
import type { Actor } from '../../../src/shared/actor.js';
import { DAY, HOUR, ManualClock } from '../../../src/shared/clock.js';
import { DomainError } from '../../../src/shared/errors.js';
import { forkFile } from '../../support/fork.js';
import { newFile, startFilesLab, type FilesLab } from './lab.js';

const idsIn = async (lab: FilesLab): Promise<string[]> => {
  const ids: string[] = [];
  for await (const { id } of lab.files.bytes.list()) ids.push(id);
  return ids;
};
const rowsIn = (lab: FilesLab): Promise<number> => lab.storage.connection.model('File').countDocuments();
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof DomainError ? error.code : error),
  );
const actor = (personId: string): Actor => ({ personId }) as Actor;

describe('files', () => {
  let lab: FilesLab;
  beforeEach(async () => {
    lab = await startFilesLab();
  });
  afterEach(() => lab.close());

  it('are read by those alone whom the policy of the owner admits', async () => {
    const own = await lab.files.store(newFile('x', { owner: { kind: 'thing', id: 'p1' } }));
    const open = await lab.files.store(newFile('y'));
    expect((await lab.files.findFor(actor('p1'), own.id)).name).to.equal('отчёт.txt');
    expect(await codeOf(lab.files.findFor(actor('p2'), own.id))).to.equal('not-found');
    expect(await codeOf(lab.files.findFor(null, own.id))).to.equal('not-found');
    expect((await lab.files.findFor(null, open.id)).sha256).to.match(/^[0-9a-f]{64}$/);
  });

  it('are refused beyond the number and the size that an owner may have', async () => {
    for (const text of ['1', '2', '3']) await lab.files.store(newFile(text));
    expect(await codeOf(lab.files.store(newFile('4')))).to.equal('files-quota');
    const large = newFile(Buffer.alloc(2 * 1024 * 1024 + 1), { owner: { kind: 'thing', id: 'p1' } });
    expect(await codeOf(lab.files.store(large))).to.equal('files-quota');
    expect([await rowsIn(lab), (await idsIn(lab)).length]).to.deep.equal([3, 3]);
  });

  it('never exceed the quota when many are stored at once', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, n) => codeOf(lab.files.store(newFile(String(n))))));
    expect((await idsIn(lab)).length).to.be.at.most(3);
    expect(await rowsIn(lab)).to.equal((await idsIn(lab)).length);
  });

  it('keep a name to show and never a path', async () => {
    const names = [
      '../../etc/passwd',
      'C:\\Users\\a\\план.pdf',
      '.htaccess',
      'a\r\nb: c.txt',
      `${'я'.repeat(300)}.docx`,
    ];
    const stored: string[] = [];
    for (const [n, name] of names.entries()) {
      const owner = { kind: 'thing', id: `n${n}` };
      stored.push((await lab.files.store(newFile('x', { owner, name }))).name);
    }
    expect(stored.slice(0, 4)).to.deep.equal(['passwd', 'план.pdf', 'htaccess', 'a b_ c.txt']);
    expect(stored[4])
      .to.have.length(150)
      .and.to.match(/я\.docx$/);
  });

  it('are gone, bytes and row, once they are removed, and so are all of an owner', async () => {
    const [first, second] = [await lab.files.store(newFile('1')), await lab.files.store(newFile('2'))];
    await lab.files.remove([first.id, 'unknownid1']);
    expect(await codeOf(lab.files.findFor(null, first.id))).to.equal('not-found');
    expect(await idsIn(lab)).to.deep.equal([second.id]);
    await lab.files.removeOf(second.owner);
    expect([await rowsIn(lab), await idsIn(lab)]).to.deep.equal([0, []]);
  });

  it('are deleted by the sweep when no owner refers to them, after an hour', async () => {
    const kept = await lab.files.store(newFile('kept'));
    await lab.files.store(newFile('left'));
    lab.used.add(kept.id);
    expect((await lab.files.sweep()).unowned).to.equal(0);
    lab.clock.advance(2 * HOUR);
    expect(await lab.files.sweep()).to.deep.equal({ unfinished: 0, unowned: 1, strayBytes: 0, missing: [] });
    expect(await idsIn(lab)).to.deep.equal([kept.id]);
  });

  it('are reported by the sweep when their bytes are gone, and left', async () => {
    const file = await lab.files.store(newFile('x'));
    lab.used.add(file.id);
    await lab.files.bytes.remove(file.id);
    lab.clock.advance(2 * HOUR);
    expect((await lab.files.sweep()).missing).to.deep.equal([file.id]);
    expect(await rowsIn(lab)).to.equal(1);
  });

  it('leave no bytes without a row for longer than a day', async () => {
    await lab.files.bytes.put('straystray', { buffer: Buffer.from('x') });
    expect((await lab.files.sweep()).strayBytes).to.equal(0);
    lab.clock.advance(DAY + HOUR);
    expect((await lab.files.sweep()).strayBytes).to.equal(1);
    expect(await idsIn(lab)).to.deep.equal([]);
  });
});

describe('files when a process is killed', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-killed-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  for (const [act, step, found, kept] of [
    ['store', 'after-bytes', { unfinished: 1, unowned: 0, strayBytes: 0 }, 0],
    ['store', 'before-the-owner', { unfinished: 0, unowned: 1, strayBytes: 0 }, 0],
    ['remove', 'after-bytes-gone', { unfinished: 1, unowned: 0, strayBytes: 0 }, 0],
  ] as const) {
    it(`leaves no files after a kill at ${act}, ${step}`, async () => {
      const databaseUrl = `file:${path.join(folder, 'x.db')}`;
      const bytesFolder = path.join(folder, 'bytes');
      const child = forkFile('test/infra/files/killed-process.ts', [databaseUrl, bytesFolder, act, step]);
      const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
      expect(signal).to.equal('SIGKILL');
      const lab = await startFilesLab({
        databaseUrl,
        settings: { kind: 'disk', folder: bytesFolder, chosen: true },
        clock: new ManualClock(new Date(Date.now() + 2 * HOUR)),
      });
      try {
        expect(await lab.files.sweep()).to.deep.equal({ ...found, missing: [] });
        expect([await rowsIn(lab), (await idsIn(lab)).length]).to.deep.equal([kept, kept]);
      } finally {
        await lab.close();
      }
    });
  }
});

describe('tools for files', () => {
  it('copy what the target lacks, and say what is missing or damaged', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-copied-'));
    const lab = await startFilesLab();
    try {
      const [sound, damaged, gone] = [
        await lab.files.store(newFile('sound')),
        await lab.files.store(newFile('damaged')),
        await lab.files.store(newFile('gone')),
      ];
      const target = byteStoreOf({ kind: 'disk', folder, chosen: true });
      expect(await verifyFiles(storedFiles(lab.storage), lab.files.bytes)).to.deep.equal([]);
      await lab.files.bytes.put(damaged.id, { buffer: Buffer.from('Damaged') });
      await lab.files.bytes.remove(gone.id);
      expect(await verifyFiles(storedFiles(lab.storage), lab.files.bytes)).to.have.members([
        `file ${damaged.id}: its bytes are damaged`,
        `file ${gone.id}: its bytes are not there`,
      ]);
      const copied = await copyFiles(storedFiles(lab.storage), lab.files.bytes, target);
      expect({ ...copied, missing: [...copied.missing].sort() }).to.deep.equal({
        files: 1,
        bytes: 5,
        copied: 1,
        missing: [damaged.id, gone.id].sort(),
      });
      expect(await readFile(path.join(folder, sound.id.slice(0, 2), sound.id), 'utf8')).to.equal('sound');
      expect((await copyFiles(storedFiles(lab.storage), lab.files.bytes, target)).copied).to.equal(0);
    } finally {
      await lab.close();
      await rm(folder, { recursive: true });
    }
  });
});
