import { expect } from 'chai';
import {
  createAttemptsStore,
  type AttemptsStore,
} from '../../../src/features/assessments/attempts/attempts.store.js';
import { openStorage, type Storage } from '../../../src/storage/index.js';

describe('attempts in the database', () => {
  const now = new Date('2026-11-23T12:00:00Z');
  const fresh = {
    courseId: 'c',
    testId: 't',
    personId: 'p',
    number: 1,
    startedAt: now,
    closeAt: null,
    questions: [{ versionId: 'v', key: 'k', mark: 1, order: [] }],
    maximum: 1,
  };
  const finish = {
    state: 'marked' as const,
    finishedAt: now,
    finishedBy: 'student' as const,
    marks: [],
    score: 0,
    maximum: 0,
  };
  const saved = { response: 'Пётр', saveId: 'one', savedAt: now };
  let storage: Storage;
  let store: AttemptsStore;

  beforeEach(async () => {
    storage = await openStorage({ url: 'file::memory:' });
    store = createAttemptsStore(storage.connection);
    await storage.ensureIndexes();
  });
  afterEach(() => storage.close());

  it('are finished only with the answers that were marked', async () => {
    const read = (await store.insert(fresh))!;
    const later = (await store.save(read, 0, 0, saved))!;
    expect(await store.finish(read, finish, now), 'an answer came since').to.equal(null);
    expect((await store.finish(later, finish, now))?.state).to.equal('marked');
    expect(await store.finish(later, finish, now), 'it is finished').to.equal(null);
    expect(await store.save(later, 0, 1, saved), 'nor is anything saved').to.equal(null);
  });

  it('are open one at a time, and never two of a number', async () => {
    const first = (await store.insert(fresh))!;
    expect(await store.insert({ ...fresh, number: 2 }), 'one is open').to.equal(null);
    expect(await store.insert({ ...fresh, personId: 'another' })).not.to.equal(null);
    await store.finish(first, finish, now);
    expect(await store.insert(fresh), 'the number is taken').to.equal(null);
    expect(await store.insert({ ...fresh, number: 2 })).not.to.equal(null);
  });
});
