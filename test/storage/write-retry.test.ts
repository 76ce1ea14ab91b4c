import { expect } from 'chai';
import { shownUrl, takenField, unlessTaken } from '../../src/storage/index.js';
import { retryWrites } from '../../src/storage/write-retry.js';

const conflict = (): Error => Object.assign(new Error('WriteConflict'), { code: 112 });
const duplicate = (more: object = {}): Error => Object.assign(new Error('E11000'), { code: 11_000, ...more });

/** A database whose writes fail as they are told. */
function failing(...faults: (Error | null)[]) {
  const asked: unknown[][] = [];
  const write = (...args: unknown[]): Promise<string> => {
    asked.push(args);
    const fault = faults.shift() ?? null;
    return fault === null ? Promise.resolve('done') : Promise.reject(fault);
  };
  const names = [
    'insertOne',
    'updateOne',
    'updateMany',
    'replaceOne',
    'deleteOne',
    'deleteMany',
    'bulkWrite',
  ];
  const more = ['findOneAndUpdate', 'findOneAndReplace', 'findOneAndDelete'];
  const db = { collection: () => Object.fromEntries([...names, ...more].map((name) => [name, write])) };
  retryWrites(db as never);
  return { collection: db.collection() as Record<string, typeof write>, asked };
}

const failure = async (work: Promise<unknown> | undefined): Promise<unknown> => {
  try {
    await work;
    return null;
  } catch (error) {
    return error;
  }
};

describe('writes of a server that is compatible with MongoDB', () => {
  it('are tried again after a write conflict, a few times', async () => {
    for (const name of ['insertOne', 'updateOne', 'findOneAndUpdate', 'deleteMany']) {
      const { collection, asked } = failing(conflict(), conflict());
      expect(await collection[name]?.({ a: 1 })).to.equal('done');
      expect(asked, name).to.have.length(3);
    }
    const { collection, asked } = failing(...Array.from({ length: 20 }, conflict));
    expect(await failure(collection.updateOne?.({}))).to.have.property('code', 112);
    expect(asked).to.have.length(6);
  });

  it('that are upserts and lose the race are repeated once', async () => {
    const upsert = { upsert: true };
    const won = failing(duplicate());
    expect(await won.collection.findOneAndUpdate?.({ a: 1 }, {}, upsert)).to.equal('done');
    expect(won.asked).to.deep.equal([
      [{ a: 1 }, {}, upsert],
      [{ a: 1 }, {}, upsert],
    ]);
    // The filter excludes what is there: that is for the caller to see.
    const twice = failing(duplicate(), duplicate());
    expect(await failure(twice.collection.updateOne?.({}, {}, upsert))).to.have.property('code', 11_000);
    expect(twice.asked).to.have.length(2);
    const insert = failing(duplicate());
    expect(await failure(insert.collection.insertOne?.({}))).to.have.property('code', 11_000);
    expect(insert.asked).to.have.length(1);
  });

  it('in an unordered bulk are repeated alone', async () => {
    const operations = [1, 2, 3].map((a) => ({ updateOne: { filter: { a }, update: {}, upsert: true } }));
    const lost = duplicate({ writeErrors: [{ index: 1, code: 11_000 }] });
    const { collection, asked } = failing(lost);
    expect(await collection.bulkWrite?.(operations, { ordered: false })).to.equal('done');
    expect(asked[1]?.[0]).to.deep.equal([operations[1]]);
    const inserts = failing(lost);
    expect(
      await failure(inserts.collection.bulkWrite?.([{}, { insertOne: { a: 1 } }], { ordered: false })),
    ).to.have.property('code', 11_000);
  });
});

describe('takenField', () => {
  const fields = ['seat', 'occupied'] as const;
  const cases: [string, object, string | null][] = [
    ['keyPattern', { keyPattern: { occupied: 1 } }, 'occupied'],
    [
      'the index’s name',
      { message: 'E11000 duplicate key error collection: n.bookings index: seat_1 dup key' },
      'seat',
    ],
    [
      'a quoted name',
      { message: "Duplicate key violation on the requested collection: Index 'occupied_1'" },
      'occupied',
    ],
    [
      'a compound index',
      { message: 'E11000 … index: courseId_1_occupied_-1 dup key: { seat: "1" }' },
      'occupied',
    ],
    ['an index after its database', { message: 'E11000 … index: n.bookings.$seat_1 dup key' }, 'seat'],
    ['another index', { message: 'E11000 … index: slug_1 dup key: { slug: "seat" }' }, null],
    ['no index', { message: 'E11000 duplicate key' }, null],
  ];
  for (const [what, error, field] of cases) {
    it(`reads ${what}`, () => {
      expect(takenField(duplicate(error), fields)).to.equal(field);
    });
  }

  it('returns the only field where the server names no index', () => {
    expect(takenField(duplicate(), ['draft'])).to.equal('draft');
    expect(takenField(duplicate({ message: 'E11000 index: _id_ dup key' }), ['_id'])).to.equal('_id');
    expect(takenField(conflict(), ['draft'])).to.equal(null);
  });

  it('lets a write throw what it does not know', async () => {
    const fault = duplicate({ keyPattern: { slug: 1 } });
    expect(await failure(unlessTaken(() => Promise.reject(fault), fields))).to.equal(fault);
    expect(
      await unlessTaken(() => Promise.reject(duplicate({ keyPattern: { seat: 1 } })), fields),
    ).to.deep.equal({
      taken: 'seat',
    });
  });
});

describe('shownUrl', () => {
  it('shows no user, password or option', () => {
    expect(
      shownUrl('mongodb+srv://u:p%40ss@a.example,b.example:27018/db?tlsCertificateKeyFilePassword=x'),
    ).to.equal('mongodb+srv://a.example,b.example:27018/db');
    expect(shownUrl('mongodb://u:p@a.example')).to.equal('mongodb://a.example');
    expect(shownUrl('mongodb://u:p/@ss@a.example/db')).to.equal('mongodb://a.example/db');
    expect(shownUrl('file:./data/demo.db')).to.equal('file:./data/demo.db');
  });
});
