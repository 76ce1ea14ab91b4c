import { decode, decodeExact, encode, type Doc } from '../bson.js';
import { deleteDocument, insertDocument, replaceDocument } from '../documents.js';
import type { Engine } from '../engine.js';
import { ErrorCode, serverError, show } from '../errors.js';
import { encodeValue } from '../key.js';
import type { Found } from '../read/found.js';
import { seedOf, withId } from '../update/upsert.js';
import type { Update } from '../update/update.js';
import type { Filter } from '../query/filter.js';
import { changePart } from './part.js';
import { onMany, onOne, type ManyOutcome, type TargetRequest, type WriteOperation } from './target.js';

/** What an update did to one document. */
export interface Modified {
  /** Stored before, undefined for an upsert. */
  readonly before: Buffer | undefined;
  readonly after: Buffer;
  readonly changed: boolean;
}

/** The official driver's result of an update. */
export interface UpdateResult {
  readonly acknowledged: true;
  readonly matchedCount: number;
  readonly modifiedCount: number;
  readonly upsertedCount: number;
  readonly upsertedId: unknown;
}

/**
 * Inside a transaction.
 * @param found decoded with its number types; may be changed in place
 * @throws what the update, or an index, refuses
 */
export function modify(engine: Engine, collection: string, found: Found, update: Update): Modified {
  const info = engine.collectionForWrite(collection);
  const touched = info.maintained.filter((index) => update.touches(index));
  const touchesId = update.touches(info.idIndex);
  engine.changes.replacing(collection, found);
  // As it was, it is needed by indexes alone: where none is touched, the document is decoded once.
  const own = touched.length > 0 || touchesId ? decodeExact(found.bytes) : found.doc;
  const after = update.apply(own, false);
  const bytes = encode(after);
  if (bytes.equals(found.bytes)) return { before: found.bytes, after: bytes, changed: false };
  if (touchesId) checkSameId(found.doc._id, after._id);
  replaceDocument(engine, info, found, after, bytes, touched);
  return { before: found.bytes, after: bytes, changed: true };
}

function checkSameId(before: unknown, after: unknown): void {
  if (after !== undefined && encodeValue(before).equals(encodeValue(after))) return;
  throw serverError(
    ErrorCode.ImmutableField,
    `Performing an update on the path '_id' would modify the immutable field '_id': it was ${show(before)} and would be ${show(after)}`,
  );
}

/** Inside a transaction. */
export function upsert(engine: Engine, collection: string, filter: Filter, update: Update): Modified {
  const seed = seedOf(filter.node);
  const wanted = seed._id;
  const doc = withId(update.apply(seed, true));
  if (wanted !== undefined) checkSameId(wanted, doc._id);
  const bytes = encode(doc);
  insert(engine, collection, bytes);
  return { before: undefined, after: bytes, changed: true };
}

/** Inside a transaction. @param bytes with `_id` first */
export function insert(engine: Engine, collection: string, bytes: Buffer): void {
  const doc = decodeExact(bytes);
  checkId(doc._id);
  insertDocument(engine, engine.collectionForWrite(collection), doc, bytes);
}

function checkId(id: unknown): void {
  const type = Array.isArray(id) ? 'array' : id === undefined ? 'undefined' : '';
  if (type === '') return;
  throw serverError(ErrorCode.InvalidIdField, `The '_id' value cannot be of type ${type}`);
}

/**
 * A document as it will be stored: `_id` first, made when there is none.
 * @param doc the caller's; as with the official driver it is given the new `_id`
 */
export function prepareInsert(doc: Doc): { id: unknown; bytes: Buffer } {
  const plain = typeof doc.toBSON === 'function' ? (doc.toBSON as () => Doc)() : doc;
  const missing = plain._id === undefined || plain._id === null;
  const first = Object.keys(plain)[0] === '_id';
  const ready = missing ? withId({ ...plain, _id: undefined }) : first ? plain : withId(plain);
  if (missing) doc._id = ready._id;
  return { id: ready._id, bytes: encode(ready) };
}

export function insertOperation(
  engine: Engine,
  collection: string,
  bytes: Buffer,
): WriteOperation<undefined> {
  return {
    now: () => {
      insert(engine, collection, bytes);
      return undefined;
    },
    later: () => Promise.resolve(undefined),
  };
}

const updateResult = (matched: number, modified: number, upserted?: Doc): UpdateResult => ({
  acknowledged: true,
  matchedCount: matched,
  modifiedCount: modified,
  upsertedCount: upserted ? 1 : 0,
  upsertedId: upserted ? upserted._id : null,
});

export function updateOneOperation(
  engine: Engine,
  request: TargetRequest,
  update: Update,
  upserts: boolean,
): WriteOperation<UpdateResult> {
  const changeWhole = (found: Found | undefined): UpdateResult => {
    if (found) return updateResult(1, Number(modify(engine, request.collection, found, update).changed));
    if (!upserts) return updateResult(0, 0);
    return updateResult(0, 0, decode(upsert(engine, request.collection, request.filter, update).after));
  };
  return onOne(engine, request, changeWhole, (located) => {
    const changed = changePart(engine, request, located, update);
    return changed === undefined ? undefined : updateResult(1, Number(changed));
  });
}

export interface UpdateManyOutcome extends UpdateResult {
  /** What ended the update half-way. */
  readonly error?: unknown;
}

export function updateManyOperation(
  engine: Engine,
  request: TargetRequest,
  update: Update,
  upserts: boolean,
): WriteOperation<UpdateManyOutcome> {
  let modified = 0;
  const many = onMany(engine, request, (found) => {
    if (modify(engine, request.collection, found, update).changed) modified++;
  });
  const conclude = ({ found, error }: ManyOutcome): UpdateManyOutcome => {
    if (found > 0 || error !== undefined || !upserts) {
      return { ...updateResult(found, modified), ...(error !== undefined && { error }) };
    }
    return updateResult(0, 0, decode(upsert(engine, request.collection, request.filter, update).after));
  };
  return {
    now: () => {
      modified = 0;
      const outcome = many.now();
      return typeof outcome === 'symbol' ? outcome : conclude(outcome);
    },
    later: async () => {
      const outcome = await many.later();
      return outcome.found === 0 && upserts ? engine.write(() => conclude(outcome)) : conclude(outcome);
    },
  };
}

export function deleteOneOperation(
  engine: Engine,
  request: TargetRequest,
): WriteOperation<Found | undefined> {
  return onOne(engine, request, (found) => {
    if (found) deleteDocument(engine, engine.collectionForWrite(request.collection), found.seq, found.doc);
    return found;
  });
}

export function deleteManyOperation(engine: Engine, request: TargetRequest): WriteOperation<ManyOutcome> {
  return onMany(engine, request, (found, info) => deleteDocument(engine, info, found.seq, found.doc));
}
