import { expect } from 'chai';
import { Schema, Types } from 'mongoose';
import { workshop, type Collection, type Doc } from './support.js';

interface Looked {
  /** Indexes read, `_id_`, or COLLSCAN. */
  readonly by: readonly string[];
  readonly sorted: boolean;
  readonly returned: number;
  readonly documents: number;
}

interface StageDoc {
  stage: string;
  indexName?: string;
  inputStage?: StageDoc;
  inputStages?: StageDoc[];
}

function read(explained: Doc): Looked {
  const { winningPlan } = explained.queryPlanner as { winningPlan: StageDoc };
  const stats = explained.executionStats as { nReturned: number; totalDocsExamined: number };
  const by: string[] = [];
  const visit = (stage: StageDoc): void => {
    if (stage.indexName) by.push(stage.indexName);
    if (stage.stage === 'COLLSCAN') by.push('COLLSCAN');
    if (stage.inputStage) visit(stage.inputStage);
    stage.inputStages?.forEach(visit);
  };
  visit(winningPlan);
  return {
    by,
    sorted: winningPlan.stage !== 'SORT',
    returned: stats.nReturned,
    documents: stats.totalDocsExamined,
  };
}

interface PlanCase {
  readonly title: string;
  readonly indexes: readonly Record<string, 1 | -1>[];
  readonly filter: Doc;
  readonly sort?: Record<string, 1 | -1>;
  readonly limit?: number;
  readonly by: readonly string[];
  readonly documents: number;
  readonly sorted?: boolean;
}

/** 1000 documents: n 0…999, mod 0…9, half of them 'even', tags of two, name. */
const DOCS = Array.from({ length: 1000 }, (_, n) => ({
  _id: n,
  n,
  mod: n % 10,
  parity: n % 2 === 0 ? 'even' : 'odd',
  when: new Date(1_700_000_000_000 + n * 1000),
  name: `name ${String(n).padStart(4, '0')}`,
  tags: [`t${n % 100}`, `u${n % 7}`],
  o: { x: n % 50 },
  ...(n % 100 === 0 && { rare: n }),
}));

const CASES: readonly PlanCase[] = [
  { title: '_id', indexes: [], filter: { _id: 5 }, by: ['_id_'], documents: 1 },
  { title: '_id in a list', indexes: [], filter: { _id: { $in: [5, 7, 9] } }, by: ['_id_'], documents: 3 },
  { title: 'a range of _id', indexes: [], filter: { _id: { $gte: 990 } }, by: ['_id_'], documents: 10 },
  { title: 'no index', indexes: [], filter: { n: 5 }, by: ['COLLSCAN'], documents: 1000 },
  { title: 'one value', indexes: [{ n: 1 }], filter: { n: 5 }, by: ['n_1'], documents: 1 },
  { title: '$in', indexes: [{ n: 1 }], filter: { n: { $in: [1, 2, 5000] } }, by: ['n_1'], documents: 2 },
  {
    title: 'a range',
    indexes: [{ n: -1 }],
    filter: { n: { $gt: 10, $lte: 20 } },
    by: ['n_-1'],
    documents: 10,
  },
  {
    title: 'a range of dates',
    indexes: [{ when: 1 }],
    filter: { when: { $lt: new Date(1_700_000_005_000) } },
    by: ['when_1'],
    documents: 5,
  },
  { title: 'a nested field', indexes: [{ 'o.x': 1 }], filter: { 'o.x': 3 }, by: ['o.x_1'], documents: 20 },
  {
    title: 'the beginning of a text',
    indexes: [{ name: 1 }],
    filter: { name: /^name 000/ },
    by: ['name_1'],
    documents: 10,
  },
  {
    title: 'no beginning of a text',
    indexes: [{ name: 1 }],
    filter: { name: /0005$/ },
    by: ['name_1'],
    documents: 1000,
  },
  {
    title: 'an element of an array',
    indexes: [{ tags: 1 }],
    filter: { tags: 't7' },
    by: ['tags_1'],
    documents: 10,
  },
  {
    title: 'a compound index by its first field',
    indexes: [{ mod: 1, n: 1 }],
    filter: { mod: 3 },
    by: ['mod_1_n_1'],
    documents: 100,
  },
  {
    title: 'a compound index by both fields',
    indexes: [{ mod: 1, n: 1 }],
    filter: { mod: 3, n: { $lt: 100 } },
    by: ['mod_1_n_1'],
    documents: 10,
  },
  {
    title: 'a compound index by a list and a range',
    indexes: [{ mod: 1, n: 1 }],
    filter: { mod: { $in: [3, 4] }, n: { $lt: 100 } },
    by: ['mod_1_n_1'],
    documents: 20,
  },
  {
    title: 'not a compound index without its first field',
    indexes: [{ mod: 1, n: 1 }],
    filter: { n: 5 },
    by: ['COLLSCAN'],
    documents: 1000,
  },
  {
    title: 'the narrower of two',
    indexes: [{ parity: 1 }, { n: 1 }],
    filter: { parity: 'odd', n: { $lt: 20 } },
    by: ['n_1'],
    documents: 20,
  },
  {
    title: 'the narrower of two by counting',
    indexes: [{ parity: 1 }, { mod: 1 }],
    filter: { parity: 'odd', mod: 3 },
    by: ['mod_1'],
    documents: 100,
  },
  {
    title: '$or by two indexes',
    indexes: [{ n: 1 }, { name: 1 }],
    filter: { $or: [{ n: 5 }, { name: 'name 0007' }] },
    by: ['n_1', 'name_1'],
    documents: 2,
  },
  {
    title: '$or with a branch without an index',
    indexes: [{ n: 1 }],
    filter: { $or: [{ n: 5 }, { parity: 'odd' }] },
    by: ['COLLSCAN'],
    documents: 1000,
  },
  {
    title: 'what stands beside an $or',
    indexes: [{ n: 1 }],
    filter: { n: { $lt: 3 }, $or: [{ mod: 1 }, { mod: 2 }] },
    by: ['n_1'],
    documents: 3,
  },
  { title: 'an order', indexes: [{ n: 1 }], filter: {}, sort: { n: 1 }, limit: 5, by: ['n_1'], documents: 5 },
  {
    title: 'an order backward',
    indexes: [{ n: 1 }],
    filter: {},
    sort: { n: -1 },
    limit: 5,
    by: ['n_1'],
    documents: 5,
  },
  {
    title: 'a filter and an order',
    indexes: [{ mod: 1, when: -1 }],
    filter: { mod: 3 },
    sort: { when: -1 },
    limit: 20,
    by: ['mod_1_when_-1'],
    documents: 20,
  },
  {
    title: 'a filter and the order turned round',
    indexes: [{ mod: 1, when: -1 }],
    filter: { mod: 3 },
    sort: { when: 1 },
    limit: 20,
    by: ['mod_1_when_-1'],
    documents: 20,
  },
  {
    title: 'an order that mixes directions',
    indexes: [{ mod: 1, n: -1 }],
    filter: {},
    sort: { mod: -1, n: 1 },
    limit: 7,
    by: ['mod_1_n_-1'],
    documents: 7,
  },
  {
    title: 'an order the index does not have',
    indexes: [{ mod: 1, n: 1 }],
    filter: { mod: 3 },
    sort: { when: 1 },
    limit: 5,
    by: ['mod_1_n_1'],
    documents: 100,
    sorted: false,
  },
  {
    title: 'the index that filters and orders before one that only filters',
    indexes: [{ mod: 1 }, { mod: 1, n: 1 }],
    filter: { mod: 3 },
    sort: { n: 1 },
    limit: 5,
    by: ['mod_1_n_1'],
    documents: 5,
  },
  {
    title: 'an order by what the filter pins',
    indexes: [{ mod: 1 }],
    filter: { mod: 3 },
    sort: { mod: 1 },
    by: ['mod_1'],
    documents: 100,
  },
  {
    title: 'an order below a pinned array element',
    indexes: [{ tags: 1, n: 1 }],
    filter: { tags: 't7' },
    sort: { n: -1 },
    limit: 3,
    by: ['tags_1_n_1'],
    documents: 3,
  },
  {
    title: 'no order by an array',
    indexes: [{ tags: 1 }],
    filter: { tags: { $gte: 't7' } },
    sort: { tags: 1 },
    by: ['tags_1'],
    documents: 1000,
    sorted: false,
  },
  {
    title: 'a long list of single values, not by an index of more entries than are counted at first',
    indexes: [{ parity: 1 }, { n: 1 }],
    filter: { parity: { $in: ['even', 'odd'] }, n: { $in: Array.from({ length: 300 }, (_, n) => n) } },
    by: ['n_1'],
    documents: 300,
  },
];

describe('the planner', () => {
  const { open, collection } = workshop();

  for (const { title, indexes, filter, sort, limit = 0, by, documents, sorted = true } of CASES) {
    it(`reads by ${title}`, async () => {
      const things = collection(await open());
      await things.insertMany(DOCS.map((doc) => ({ ...doc })));
      for (const index of indexes) await things.createIndex(index);
      const looked = read(await things.find(filter, { ...(sort && { sort }), limit }).explain());
      expect(looked.by).to.deep.equal(by);
      expect(looked.documents, 'documents looked at').to.equal(documents);
      expect(looked.sorted, 'in the order of the index').to.equal(sorted);
    });
  }

  const SPECIAL: readonly { title: string; options: Doc; filter: Doc; uses: boolean }[] = [
    { title: 'a sparse index for a value', options: { sparse: true }, filter: { rare: 100 }, uses: true },
    {
      title: 'a sparse index for $exists',
      options: { sparse: true },
      filter: { rare: { $exists: true } },
      uses: true,
    },
    {
      title: 'no sparse index for a missing field',
      options: { sparse: true },
      filter: { rare: null },
      uses: false,
    },
    {
      title: 'a partial index whose filter the query implies',
      options: { partialFilterExpression: { parity: 'even' } },
      filter: { rare: 100, parity: 'even' },
      uses: true,
    },
    {
      title: 'no partial index otherwise',
      options: { partialFilterExpression: { parity: 'even' } },
      filter: { rare: 100 },
      uses: false,
    },
    {
      title: 'a partial index by a narrower range',
      options: { partialFilterExpression: { n: { $gte: 100 } } },
      filter: { rare: 500, n: { $gt: 100 } },
      uses: true,
    },
    {
      title: 'no partial index by a wider range',
      options: { partialFilterExpression: { n: { $gt: 100 } } },
      filter: { rare: 500, n: { $gte: 100 } },
      uses: false,
    },
    {
      title: 'a partial index on $exists for a value',
      options: { partialFilterExpression: { rare: { $exists: true } } },
      filter: { rare: 500 },
      uses: true,
    },
  ];
  for (const { title, options, filter, uses } of SPECIAL) {
    it(`reads by ${title}`, async () => {
      const things = collection(await open());
      await things.insertMany(DOCS.map((doc) => ({ ...doc })));
      await things.createIndex({ rare: 1 }, options);
      expect(read(await things.find(filter).explain()).by).to.deep.equal([uses ? 'rare_1' : 'COLLSCAN']);
    });
  }

  it('does not use an index of strings under a collation', async () => {
    const things = collection(await open());
    await things.insertMany([
      { s: 'a', n: 1 },
      { s: 'A', n: 2 },
    ]);
    await things.createIndex({ s: 1 });
    await things.createIndex({ n: 1 });
    const collation = { locale: 'ru', strength: 2 };
    expect(read(await things.find({ s: 'a' }, { collation }).explain())).to.deep.include({
      by: ['COLLSCAN'],
      returned: 2,
    });
    expect(read(await things.find({ n: 1 }, { collation }).explain()).by).to.deep.equal(['n_1']);
    await things.dropIndexes();
    await things.createIndex({ n: 1 }, { partialFilterExpression: { s: 'a' } });
    const wide = things.find({ s: 'a', n: { $gt: 0 } }, { collation });
    expect(read(await wide.explain())).to.deep.include({ by: ['COLLSCAN'], returned: 2 });
  });

  it('shows its choice in explain through Mongoose', async () => {
    const storage = await open();
    const Things = storage.connection.model(
      'Thing',
      new Schema({ course: { type: Types.ObjectId, index: true } }),
    );
    await storage.ensureIndexes();
    const course = new Types.ObjectId();
    await Things.create({ course });
    const explained = (await Things.find({ course }).explain()) as unknown as Doc;
    expect(read(explained)).to.deep.equal({ by: ['course_1'], sorted: true, returned: 1, documents: 1 });
    const aggregated = await Things.aggregate([{ $match: { course } }]).explain();
    expect(read(aggregated).by).to.deep.equal(['course_1']);
  });

  it('counts by reading only the index', async () => {
    const things: Collection = collection(await open());
    await things.insertMany(DOCS.map((doc) => ({ ...doc })));
    await things.createIndex({ mod: 1, n: 1 });
    await things.createIndex({ tags: 1 });
    expect(await things.countDocuments({ mod: 3, n: { $gte: 500 } })).to.equal(50);
    expect(await things.countDocuments({ tags: { $gte: 'u' } })).to.equal(1000);
    expect(await things.countDocuments({ tags: { $in: ['t1', 'u1'] } })).to.equal(
      DOCS.filter(({ tags }) => tags.includes('t1') || tags.includes('u1')).length,
    );
  });
});
