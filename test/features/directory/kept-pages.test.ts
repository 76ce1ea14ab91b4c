import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createCardsStore } from '../../../src/features/directory/cards/cards.store.js';
import { createMaterialsStore } from '../../../src/features/directory/materials/materials.store.js';
import { searchTerms } from '../../../src/shared/search-terms.js';
import { blankCard } from '../../../src/features/directory/cards/card.js';
import { recordOf } from '../../../src/features/directory/cards/record.js';
import { createDirectoryVersion } from '../../../src/features/directory/version.store.js';
import { ManualClock } from '../../../src/shared/clock.js';
import { openStorage } from '../../../src/storage/index.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { dataOf, launchAs, makeCard, namesIn, versionOf } from './support.js';

/** Longer than a change is under way. */
const SETTLED_MS = 20_000;

describe('directory: pages that are kept as they were rendered', () => {
  let testApp: TestApp;
  let manager: Visitor;
  let open: Visitor;
  let slug: string;
  const ask = (address: string, etag: string) =>
    open.get(address, { headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' } });
  /** Asks twice: the second answer is the kept one. */
  const kept = async (address: string, headers: Record<string, string> = {}) => {
    await open.get(address, { headers });
    return open.get(address, { headers });
  };

  before(async () => {
    testApp = await startTestApp();
    manager = await launchAs(testApp, 'methodist', '3');
    open = testApp.anonymous();
    slug = await makeCard(manager, {
      surname: 'Завучева',
      responsible: ['deputyStudy'],
      subjects: ['Химия'],
      visibility: 'public',
      contacts: [{ kind: 'email', value: 'hidden-soon@example.org', visibility: 'public' }],
      consent: true,
    });
    testApp.clock.advance(SETTLED_MS);
  });
  after(() => testApp.close());

  it('are the same to the byte and the header, and 304 for those who have them', async () => {
    for (const address of [
      '/',
      '/teachers',
      '/responsible',
      '/sveden/employees',
      '/feed.json',
      '/sitemap.xml',
    ]) {
      const first = await open.get(address);
      const second = await open.get(address);
      expect(second.status, address).to.equal(200);
      expect(second.body, address).to.equal(first.body);
      for (const name of [
        'content-type',
        'etag',
        'cache-control',
        'vary',
        'content-security-policy',
        'content-length',
      ])
        expect(second.headers.get(name), `${address} ${name}`).to.equal(first.headers.get(name));
      const again = await ask(address, first.headers.get('etag')!);
      expect([again.status, again.body], address).to.deep.equal([304, '']);
    }
  });

  it('are one per language, look, and form of the answer', async () => {
    const russian = await kept('/teachers', { 'accept-language': 'ru' });
    const english = await kept('/teachers', { 'accept-language': 'en' });
    expect(russian.body).to.include('lang="ru"');
    expect(english.body).to.include('lang="en"');
    expect((await kept('/teachers?hl=en', { 'accept-language': 'ru' })).body).to.include('lang="en"');
    const other = testApp.anonymous();
    await other.get('/display?size=150&scheme=dark&back=/teachers');
    const dark = await other.get('/teachers', { headers: { 'accept-language': 'ru' } });
    expect(dark.body).to.include('data-scheme="dark"');
    expect(dark.headers.get('etag')).to.not.equal(russian.headers.get('etag'));
    expect(namesIn(await dataOf(open, '/teachers'))).to.include('Завучева');
    expect((await open.get('/teachers', { headers: { 'accept-language': 'ru' } })).body).to.equal(
      russian.body,
    );
  });

  it('are gone with the change: what was withdrawn is on none of them, at once and later, whatever the ETag', async () => {
    const pages = ['/', '/responsible', '/sveden/managers'];
    const etags = new Map<string, string>();
    for (const address of pages) {
      const page = await kept(address);
      expect(page.body, address).to.include('hidden-soon@example.org');
      etags.set(address, page.headers.get('etag')!);
    }
    const { rows } = await dataOf<{ rows: { contacts: { id: string }[] } }>(
      manager,
      `directory/teachers/${slug}/edit`,
    );
    await manager.submit(`directory/teachers/${slug}/withdraw`, { contact: rows.contacts[0]!.id });
    for (const wait of [0, SETTLED_MS, 0]) {
      testApp.clock.advance(wait);
      for (const address of pages) {
        const page = await ask(address, etags.get(address)!);
        expect(page.status, address).to.equal(200);
        expect(page.body, address).to.not.include('hidden-soon@example.org');
      }
    }
  });

  it('follow the associations, the centre’s page and its settings', async () => {
    await kept('/');
    await testApp.app.features.directory.site.change({ about: 'Новое о центре' });
    expect((await open.get('/')).body).to.include('Новое о центре');
    testApp.clock.advance(SETTLED_MS);
    await kept('/teachers');
    await manager.json('POST', `directory/teachers/${slug}`, {
      surname: 'Директорова',
      version: await versionOf(manager, slug),
    });
    expect(namesIn(await dataOf(open, '/teachers'))).to.include('Директорова');
  });

  it('an answer to HEAD has no body, and an error is not kept', async () => {
    await kept('/teachers');
    const head = await fetch(`${testApp.origin}/teachers`, { method: 'HEAD' });
    expect(await head.text()).to.equal('');
    expect(Number(head.headers.get('content-length'))).to.be.above(1_000);
    expect((await kept('/teachers?page=9')).status).to.equal(404);
  });
});

describe('directory: the version of what it shows', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-version-'))));
  after(() => rm(folder, { recursive: true, force: true }));

  it('tells other processes of a change before it is written, and lists find it and miss what was removed', async () => {
    const clock = new ManualClock('2026-11-27T10:00:00Z');
    const open = async () => {
      const storage = await openStorage({ url: `file:${path.join(folder, 'shared.db')}`, clock });
      const version = createDirectoryVersion(storage.connection, clock);
      const name = { surname: 'Ким', givenName: 'Анна', patronymic: '' };
      const cards = createCardsStore(storage.connection, blankCard(name), version);
      const materials = createMaterialsStore(storage.connection, version);
      return { storage, version, cards, materials, name };
    };
    const [writer, reader] = [await open(), await open()];
    try {
      await writer.storage.ensureIndexes();
      const all = { visibility: ['staff'] as const, words: [] };
      expect(await reader.cards.count(all)).to.equal(0);
      const before = await reader.version.now();
      const change = { at: clock.now(), personId: '', name: '', what: 'made' as const };
      const journal = { ...change, fields: [], opened: [], closed: [] };
      const card = await writer.cards.insert('kim', [], recordOf(blankCard(writer.name)), journal);
      const during = await reader.version.now();
      expect(during.number).to.be.above(before.number);
      expect(during.settled).to.equal(false);
      expect(await reader.cards.count(all)).to.equal(1);
      clock.advance(SETTLED_MS);
      expect(await reader.version.now()).to.deep.equal({ ...during, settled: true });
      expect(await reader.cards.count(all)).to.equal(1);
      if (typeof card === 'string') throw new Error(card);
      await writer.cards.remove(card.id);
      expect((await reader.version.now()).removals).to.equal(during.removals + 1);
      clock.advance(SETTLED_MS);
      expect(await reader.cards.count(all)).to.equal(0);
      // Materials are followed in the same way, whatever the clock says of when they were written.
      const seen = { audiences: ['public'] as const, text: 'пределов', cardIds: new Set(['one']) };
      expect((await reader.materials.page(seen, 0, 9)).total).to.equal(0);
      const text = { topic: '', programme: '', description: '', tasks: '', text: '', url: '' };
      const record = { ...text, title: 'Пределы', kind: 'text', file: null, audience: 'public' } as const;
      const stems = { sources: [], tests: [], searchTerms: searchTerms(record.title) };
      await writer.materials.insert('limits', 'one', { ...record, ...stems }, new Date('2020-01-01'));
      const { materials, total } = await reader.materials.page(seen, 0, 9);
      expect([materials.map(({ key }) => key), total]).to.deep.equal([['limits'], 1]);
      await writer.materials.move('one', 'two');
      expect((await reader.materials.page(seen, 0, 9)).total).to.equal(0);
      await writer.materials.removeOf('two');
      clock.advance(SETTLED_MS);
      expect(await reader.materials.keys({ audiences: ['public'], text: '' })).to.deep.equal([]);
    } finally {
      await Promise.all([writer.storage.close(), reader.storage.close()]);
    }
  });
});
