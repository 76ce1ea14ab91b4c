import type { CollectionInfo } from '../catalog.js';
import { writeDocument } from '../documents.js';
import type { Engine } from '../engine.js';
import { encodeValue } from '../key.js';
import { topFields } from '../query/filter.js';
import { partOf } from '../splice.js';
import type { Update } from '../update/update.js';
import type { TargetRequest } from './target.js';

/** Smaller documents are decoded whole as quickly. */
const LEAST_BYTES = 1_000;

/**
 * Changes a large document by `_id` where neither the update nor an index asks for all of it: only the fields that the
 * filter and the update name are decoded and encoded. Inside a transaction.
 * @returns whether it is another now; undefined where the whole document is to be looked at
 */
export function changePart(engine: Engine, request: TargetRequest, update: Update): boolean | undefined {
  const { collection, filter, hint } = request;
  const id = filter.equalities?.get('_id') ?? filter.id;
  if (id === undefined || update.fields === undefined || (hint !== undefined && hint !== null))
    return undefined;
  const info = engine.catalog.find(collection);
  if (!info || update.touches(info.idIndex) || info.maintained.some((index) => update.touches(index)))
    return undefined;
  const names = namesOf(engine, request, update.fields);
  const stored = names && readById(engine, info, id);
  if (!stored || stored.bytes.length < LEAST_BYTES) return undefined;
  const { seq, bytes } = stored;
  const part = partOf(bytes, names);
  if (!part || !filter.matches(part.doc)) return undefined;
  engine.changes.replacing(collection, part);
  const after = update.apply(part.doc, false);
  const changed = part.put(after);
  if (changed.equals(bytes)) return false;
  writeDocument(engine, info, seq, changed);
  engine.changes.written(collection, after);
  return true;
}

/** Top fields that the filter, the update and listeners look at; undefined where it may be any. */
function namesOf(
  engine: Engine,
  { collection, filter }: TargetRequest,
  changed: ReadonlySet<string>,
): Set<string> | undefined {
  const [asked, told] = [topFields(filter.node), engine.changes.fieldsOf(collection)];
  return asked && told && new Set([...asked, ...told, ...changed]);
}

function readById(
  engine: Engine,
  { table }: CollectionInfo,
  id: unknown,
): { readonly seq: number; readonly bytes: Buffer } | undefined {
  const row = engine.db.statement(`SELECT seq, doc FROM ${table} WHERE id = ?`).get([encodeValue(id)]);
  return row && { seq: row[0] as number, bytes: row[1] as Buffer };
}
