import { isDocument, normalize, type Doc } from './bson.js';
import { readCollation } from './collation.js';
import type { CollectionInfo, IndexInfo, IndexSpec } from './catalog.js';
import type { Engine } from './engine.js';
import { badValue, ErrorCode, serverError, unsupported } from './errors.js';
import { isNumeric, toDouble } from './numbers.js';
import { arrayIndex } from './paths.js';
import { checkPartialFilter } from './plan/partial.js';

export const ID_INDEX = '_id_';
/** Options that change nothing here. */
const IGNORED = new Set([
  'background',
  'v',
  'writeConcern',
  'commitQuorum',
  'comment',
  'maxTimeMS',
  'session',
]);

const cannotCreate = (message: string): Error => serverError(ErrorCode.CannotCreateIndex, message);

/** Reads what `createIndex(key, options)` was given. @throws MongoServerError; "does not support" for other kinds */
export function readIndexSpec(key: unknown, options: Doc = {}): IndexSpec {
  const directions = readKey(normalize(key));
  const names = Object.keys(directions);
  const { name, unique, sparse, partialFilterExpression, expireAfterSeconds, collation, ...others } =
    normalize(options);
  const unknown = Object.entries(others).find(([option, value]) => !IGNORED.has(option) && value !== null);
  if (unknown) throw unsupported(`the index option ${unknown[0]}`);
  if (readCollation(collation)) throw unsupported('an index with a collation');
  const partial = isDocument(partialFilterExpression) ? partialFilterExpression : undefined;
  if (partialFilterExpression !== undefined && !partial)
    throw badValue('partialFilterExpression must be an object');
  if (partial) checkPartialFilter(partial);
  if (partial && sparse === true)
    throw cannotCreate('cannot mix "partialFilterExpression" and "sparse" options');
  return {
    key: directions,
    name:
      typeof name === 'string' && name !== ''
        ? name
        : names.map((path) => `${path}_${directions[path] ?? 1}`).join('_'),
    ...(unique === true && { unique: true }),
    ...(sparse === true && { sparse: true }),
    ...(partial && { partialFilterExpression: partial }),
    ...(expireAfterSeconds !== undefined &&
      expireAfterSeconds !== null && { expireAfterSeconds: readExpiry(names, expireAfterSeconds) }),
  };
}

function readKey(key: unknown): Record<string, 1 | -1> {
  const pairs: unknown[] =
    typeof key === 'string'
      ? [[key, 1]]
      : Array.isArray(key)
        ? (key as unknown[])
        : isDocument(key)
          ? Object.entries(key)
          : [];
  const directions: Record<string, 1 | -1> = {};
  for (const pair of pairs) {
    const [path, value] = Array.isArray(pair) ? (pair as unknown[]) : [pair, 1];
    if (typeof path !== 'string') throw cannotCreate('an index key must name fields');
    directions[path] = readDirection(path, value);
  }
  if (Object.keys(directions).length === 0) throw cannotCreate('Index keys cannot be an empty object');
  return directions;
}

function readDirection(path: string, value: unknown): 1 | -1 {
  const parts = path.split('.');
  if (parts.includes('')) throw cannotCreate(`Index key '${path}' has an empty field name`);
  if (path.includes('$**')) throw unsupported('a wildcard index');
  if (parts.some((part) => part.startsWith('$')))
    throw cannotCreate(`Index key '${path}' begins with a dollar`);
  if (parts.some((part) => arrayIndex(part) >= 0))
    throw unsupported(`an index on an array position ('${path}')`);
  if (typeof value === 'string') throw unsupported(`a ${value} index`);
  const direction = isNumeric(value) ? toDouble(value) : NaN;
  if (direction > 0) return 1;
  if (direction < 0) return -1;
  throw cannotCreate(`Values in the index key pattern must be numbers greater or less than 0: '${path}'`);
}

function readExpiry(names: readonly string[], value: unknown): number {
  const seconds = isNumeric(value) ? toDouble(value) : NaN;
  if (!(seconds >= 0 && seconds <= 2_147_483_647)) {
    throw cannotCreate('TTL index expireAfterSeconds must be a number from 0 to 2147483647');
  }
  if (names.length !== 1 || names[0] === '_id') {
    throw cannotCreate('TTL indexes are single-field indexes, and not on _id');
  }
  return seconds;
}

/** Returns true if the index is there as asked. Needs no transaction, so that a start with all indexes writes nothing. */
export function indexExists(engine: Engine, collection: string, spec: IndexSpec): boolean {
  const info = engine.collection(collection);
  return info !== undefined && (isIdKey(spec) || existing(info, spec));
}

function existing(info: CollectionInfo, wanted: IndexSpec): boolean {
  return sameIndex(info, wanted)?.building === false;
}

/** The index as asked, whole or being built. @throws MongoServerError when another one is in its way */
export function sameIndex({ maintained }: CollectionInfo, wanted: IndexSpec): IndexInfo | undefined {
  const named = maintained.find(({ spec }) => spec.name === wanted.name);
  if (named) {
    if (canonical(named.spec) === canonical(wanted)) return named;
    throw serverError(
      sameKey(named.spec.key, wanted.key) ? ErrorCode.IndexOptionsConflict : ErrorCode.IndexKeySpecsConflict,
      `An existing index has the same name as the requested index. Requested index: ${canonical(wanted)}, existing index: ${canonical(named.spec)}`,
    );
  }
  const twin = maintained.find(
    ({ spec }) =>
      sameKey(spec.key, wanted.key) &&
      JSON.stringify(spec.partialFilterExpression) === JSON.stringify(wanted.partialFilterExpression),
  );
  if (twin) {
    throw serverError(
      ErrorCode.IndexOptionsConflict,
      `Index already exists with a different name: ${twin.spec.name}`,
    );
  }
  return undefined;
}

export const isIdKey = ({ key }: IndexSpec): boolean => sameKey(key, { _id: 1 });

const sameKey = (a: Doc, b: Doc): boolean => JSON.stringify(a) === JSON.stringify(b);

const canonical = ({ key, name, ...options }: IndexSpec): string =>
  JSON.stringify({
    key,
    name,
    ...Object.fromEntries(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))),
  });

/** Inside a transaction. @param wanted a name or a key; '*' for all but `_id` */
export function dropIndex(engine: Engine, collection: string, wanted: unknown): void {
  const info = engine.catalog.find(collection);
  if (!info) throw namespaceNotFound(engine, collection);
  if (wanted === '*') {
    for (const index of info.maintained) engine.catalog.dropIndex(index);
    return;
  }
  if (wanted === ID_INDEX) throw serverError(ErrorCode.InvalidOptions, 'cannot drop _id index');
  const key = JSON.stringify(wanted);
  const index = info.maintained.find(({ spec }) => spec.name === wanted || JSON.stringify(spec.key) === key);
  if (!index) throw serverError(ErrorCode.IndexNotFound, `index not found with name [${String(wanted)}]`);
  engine.catalog.dropIndex(index);
}

/** As `listIndexes` shows them. @throws NamespaceNotFound */
export function listIndexes(engine: Engine, collection: string): Doc[] {
  const info = engine.collection(collection);
  if (!info) throw namespaceNotFound(engine, collection);
  return [info.idIndex, ...info.indexes].map(({ spec }) => ({ v: 2, ...spec, key: { ...spec.key } }));
}

export const namespaceNotFound = (engine: Engine, collection: string): Error =>
  serverError(ErrorCode.NamespaceNotFound, `ns does not exist: ${engine.namespace(collection)}`);
