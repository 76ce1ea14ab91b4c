import { expect } from 'chai';
import { rounds } from '../support/rounds.js';
import { seeded, workshop, type Collection, type Doc } from './support.js';

/**
 * An index may only change how fast an answer comes. Random documents, indexes, filters and orders: the answer
 * read through indexes must be the answer of reading everything.
 */
const ROUNDS = rounds(4, 60);
const QUERIES = 50;

describe('queries through indexes', () => {
  const { open, collection } = workshop();

  it('return what a full scan returns, for random documents, indexes and filters', async function () {
    this.timeout(30_000 + ROUNDS * 2_000);
    const storage = await open();
    for (let round = 0; round < ROUNDS; round++) {
      const random = seeded(round + 1);
      const make = generator(random);
      const plain = collection(storage, `plain_${round}`);
      const indexed = collection(storage, `indexed_${round}`);
      const docs = Array.from({ length: 40 }, (_, _id) => ({ _id, ...make.document() }));
      await plain.insertMany(docs);
      // Half of the indexes grow with the documents, half are built afterwards.
      const indexes = Array.from({ length: 4 }, () => make.index());
      for (const index of indexes.slice(0, 2)) await createIndex(indexed, index);
      for (const doc of docs) await insertWhereAllowed(indexed, plain, doc);
      for (const index of indexes.slice(2)) await createIndex(indexed, index);
      const hints = (await indexed.indexes()).map(({ name }) => name as string);
      for (let i = 0; i < QUERIES; i++) {
        const filter = make.filter();
        const sort = make.sort(filter);
        const note = `round ${round}, query ${i}: ${JSON.stringify(filter)}`;
        // The planner's own choice, and every index by force.
        for (const hint of [undefined, ...hints]) {
          await compare(plain, indexed, filter, sort, hint, `${note} by ${hint ?? 'choice'}`);
        }
      }
    }
  });
});

interface IndexSpec {
  readonly key: Record<string, 1 | -1>;
  readonly options: Doc;
}

async function createIndex(target: Collection, { key, options }: IndexSpec): Promise<void> {
  try {
    await target.createIndex(key, options);
  } catch (error) {
    // The same key again under other options, or arrays side by side: then without this index.
    if (![85, 86, 171].includes(Number((error as { code?: unknown }).code))) throw error;
  }
}

/** Two arrays side by side may not be indexed: such a document is in neither collection. */
async function insertWhereAllowed(indexed: Collection, plain: Collection, doc: Doc): Promise<void> {
  try {
    await indexed.insertOne({ ...doc });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 171) throw error;
    await plain.deleteOne({ _id: doc._id });
  }
}

async function compare(
  plain: Collection,
  indexed: Collection,
  filter: Doc,
  sort: Record<string, 1 | -1>,
  hint: string | undefined,
  note: string,
): Promise<void> {
  const options = hint === undefined ? {} : { hint };
  const all = await plain.find(filter).toArray();
  const ids = (docs: Doc[]): number[] => docs.map(({ _id }) => _id as number).sort((a, b) => a - b);
  expect(ids(await indexed.find(filter, options).toArray()), note).to.deep.equal(ids(all));
  expect(await indexed.countDocuments(filter, options), `${note}, counted`).to.equal(all.length);
  try {
    // Equal ones may come in any order, so only what they are ordered by is compared.
    const wanted = (await plain.find(filter).sort(sort).toArray()).map(rank(sort));
    const sorted = await indexed.find(filter, options).sort(sort).toArray();
    expect(sorted.map(rank(sort)), `${note}, sorted by ${JSON.stringify(sort)}`).to.deep.equal(wanted);
    const limited = await indexed.find(filter, options).sort(sort).limit(3).toArray();
    expect(limited.map(rank(sort)), `${note}, the first by ${JSON.stringify(sort)}`).to.deep.equal(
      wanted.slice(0, 3),
    );
  } catch (error) {
    if (!(error as Error).message.includes('parallel arrays')) throw error;
  }
}

/** Only the sorted fields, so that ties compare equal. */
const rank =
  (sort: Record<string, 1 | -1>) =>
  (doc: Doc): string =>
    Object.entries(sort)
      .map(([name, direction]) => JSON.stringify(sortValue(doc, name, direction)))
      .join();

/** What a document is ordered by: of an array the least, or greatest, element. Values here are simple. */
function sortValue(doc: Doc, name: string, direction: 1 | -1): unknown {
  const [first = '', second] = name.split('.');
  const value = doc[first];
  const values = (Array.isArray(value) ? (value as unknown[]) : [value]).map((item) =>
    second === undefined ? item : ((item as Doc | null)?.[second] ?? null),
  );
  const weight = (item: unknown): [number, unknown] =>
    item === null || item === undefined
      ? [1, 0]
      : typeof item === 'number'
        ? [2, item]
        : typeof item === 'string'
          ? [3, item]
          : [4, JSON.stringify(item)];
  const weights = (
    Array.isArray(value) && value.length === 0 ? [[0, 0] as [number, unknown]] : values.map(weight)
  ).sort(
    ([a, x], [b, y]) => a - b || ((x as number) < (y as number) ? -1 : (x as number) > (y as number) ? 1 : 0),
  );
  return direction === 1 ? weights[0] : weights.at(-1);
}

function generator(random: () => number): {
  document(): Doc;
  index(): IndexSpec;
  filter(): Doc;
  sort(filter: Doc): Record<string, 1 | -1>;
} {
  const below = (n: number): number => Math.floor(random() * n);
  const oneOf = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  const PATHS = ['a', 'b', 'c', 'o.x', 'o.y'] as const;

  const scalar = (): unknown => oneOf([0, 1, 2, 3, 1.5, 'p', 'pq', 'q', null, 1, 2]);
  const value = (): unknown => {
    return random() < 0.25 ? Array.from({ length: below(4) }, scalar) : scalar();
  };
  const object = (): Doc => ({
    ...(random() < 0.8 && { x: value() }),
    ...(random() < 0.8 && { y: scalar() }),
  });

  const document = (): Doc => ({
    ...(random() < 0.85 && { a: value() }),
    ...(random() < 0.85 && { b: value() }),
    ...(random() < 0.7 && { c: scalar() }),
    ...(random() < 0.8 && { o: random() < 0.3 ? Array.from({ length: below(3) }, object) : object() }),
  });

  const index = (): IndexSpec => {
    const chosen = Array.from({ length: 1 + below(3) }, () => oneOf(PATHS));
    // Two fields of one array are a case of their own.
    const paths = random() < 0.25 ? ['o.x', 'o.y'] : [...new Set(chosen)];
    const key = Object.fromEntries(paths.map((path) => [path, oneOf([1, -1] as const)]));
    const kind = below(6);
    if (kind === 0) return { key, options: { sparse: true } };
    if (kind === 1)
      return {
        key,
        options: { partialFilterExpression: { [oneOf(PATHS)]: oneOf([{ $exists: true }, { $gt: 1 }, 1]) } },
      };
    return { key, options: {} };
  };

  const condition = (): unknown => {
    switch (below(14)) {
      case 0:
        return { $gt: scalar() };
      case 1:
        return { $gte: oneOf([0, 1, 2]), $lte: oneOf([1, 2, 3]) };
      case 2:
        return { $lt: scalar() };
      case 3:
        return { $in: [scalar(), scalar()] };
      case 4:
        return { $ne: scalar() };
      case 5:
        return { $exists: random() < 0.5 };
      case 6:
        return /^p/;
      case 7:
        return { $not: { $gt: scalar() } };
      case 8:
        return { $elemMatch: { $gte: 1, $lt: 3 } };
      case 9:
        return { $nin: [scalar()] };
      case 10:
        return { $type: oneOf(['string', 'number', 'array', 'null']) };
      default:
        return scalar();
    }
  };

  const filter = (depth = 0): Doc => {
    if (depth < 2 && random() < 0.15) return { $or: [filter(depth + 1), filter(depth + 1)] };
    if (depth < 2 && random() < 0.1) return { $and: [filter(depth + 1), filter(depth + 1)] };
    if (random() < 0.1) return { 'o.x': scalar(), 'o.y': scalar() };
    if (random() < 0.1) return { o: { $elemMatch: { x: condition(), y: condition() } } };
    const paths = new Set(Array.from({ length: 1 + below(3) }, () => oneOf(PATHS)));
    return Object.fromEntries([...paths].map((path) => [path, condition()]));
  };

  // Often by a field of the filter: there bounds and order meet.
  const sort = (filter: Doc): Record<string, 1 | -1> => {
    const named = Object.keys(filter).filter((path) => ['a', 'b', 'c'].includes(path));
    const paths = new Set(
      Array.from({ length: 1 + below(2) }, () =>
        oneOf(named.length > 0 && random() < 0.5 ? named : ['a', 'b', 'c']),
      ),
    );
    return Object.fromEntries([...paths].map((path) => [path, oneOf([1, -1] as const)]));
  };

  return { document, index, filter, sort };
}
