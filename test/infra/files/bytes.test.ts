import { expect } from 'chai';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { byteStoreOf, BytesMissing, type ByteStore } from '../../../src/infra/files/index.js';
import { S3_KEY, S3_SECRET, startFakeS3, type FakeS3 } from './fake-s3.js';

async function read(stream: Promise<Readable>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function idsOf(store: ByteStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of store.list()) ids.push(id);
  return ids.sort();
}

describe('bytes of files', () => {
  let folder: string;
  let s3: FakeS3;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-bytes-'));
    s3 = await startFakeS3();
  });
  after(async () => {
    await s3.close();
    await rm(folder, { recursive: true });
  });

  const s3Store = (secret = S3_SECRET): ByteStore =>
    byteStoreOf({ kind: 's3', endpoint: s3.endpoint, region: 'ru-1', key: S3_KEY, secret });
  const diskStore = (): ByteStore =>
    byteStoreOf({ kind: 'disk', folder: path.join(folder, 'disk'), chosen: true });

  for (const [name, create] of [
    ['on disk', diskStore],
    ['in S3', s3Store],
    ['in a temporary folder', () => byteStoreOf({ kind: 'temporary' })],
  ] as const) {
    describe(name, () => {
      let store: ByteStore;
      before(async () => {
        store = create();
        await store.prepare();
      });
      after(() => store.close());

      it('stores bytes from memory and from a file, and reads them back whole or in part', async () => {
        const local = path.join(folder, 'local');
        await writeFile(local, 'from a file');
        await store.put('aaaaaaaa1', { buffer: Buffer.from('из памяти') });
        await store.put('bbbbbbbb1', { path: local });
        expect(await read(store.open('aaaaaaaa1'))).to.equal('из памяти');
        expect(await read(store.open('bbbbbbbb1'))).to.equal('from a file');
        expect(await read(store.open('bbbbbbbb1', { start: 5, end: 5 }))).to.equal('a');
        expect(await read(store.open('bbbbbbbb1', { start: 5, end: 10 }))).to.equal('a file');
      });

      it('stores a file of many megabytes whole', async () => {
        const local = path.join(folder, 'large');
        const size = 12 * 1024 * 1024;
        await writeFile(local, Buffer.alloc(size, 7));
        await store.put('cccccccc1', { path: local });
        expect(await store.sizeOf('cccccccc1')).to.equal(size);
        await store.remove('cccccccc1');
      });

      it('says the size, and null or BytesMissing where there is nothing', async () => {
        expect(await store.sizeOf('bbbbbbbb1')).to.equal(11);
        expect(await store.sizeOf('zzzzzzzz1')).to.equal(null);
        expect(await store.open('zzzzzzzz1').catch((error: unknown) => error)).to.be.instanceOf(BytesMissing);
      });

      it('lists and removes, also what is not there', async () => {
        expect(await idsOf(store)).to.deep.equal(['aaaaaaaa1', 'bbbbbbbb1']);
        await store.remove('aaaaaaaa1');
        await store.remove('aaaaaaaa1');
        expect(await idsOf(store)).to.deep.equal(['bbbbbbbb1']);
      });

      it('refuses ids that could be paths', async () => {
        for (const id of ['../../etc/passwd', 'a/b', '', 'UPPERCASE', '..']) {
          const refusal = await store.put(id, { buffer: Buffer.from('x') }).catch((error: unknown) => error);
          expect(refusal, id).to.be.instanceOf(RangeError);
        }
      });
    });
  }

  it('deletes drafts of killed processes and leaves younger ones', async () => {
    const store = diskStore();
    await store.put('dddddddd1', { buffer: Buffer.from('whole') });
    const drafts = path.join(folder, 'disk', 'drafts');
    await writeFile(path.join(drafts, 'old'), 'half');
    await writeFile(path.join(drafts, 'young'), 'half');
    await utimes(path.join(drafts, 'old'), new Date('2026-01-01'), new Date('2026-01-01'));
    await store.removeDrafts(new Date('2026-01-02'));
    expect(await readdir(drafts)).to.deep.equal(['young']);
    expect(await idsOf(store)).to.deep.equal(['dddddddd1']);
    await store.remove('dddddddd1');
  });

  it('lists a bucket of several pages', async () => {
    const store = s3Store();
    s3.objects.clear();
    s3.pageSize = 2;
    for (const letter of 'abcde') await store.put(letter.repeat(8), { buffer: Buffer.from(letter) });
    expect(await idsOf(store)).to.have.length(5);
    s3.objects.clear();
  });

  it('is refused by a storage when the secret is wrong', async () => {
    const store = s3Store('another secret');
    const refusal = await store.put('aaaaaaaa1', { buffer: Buffer.from('x') }).catch(String);
    expect(refusal).to.contain('403');
    expect(await store.prepare().catch(String)).to.contain('the key may not use it');
  });
});
