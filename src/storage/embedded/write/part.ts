import { writeDocument } from '../documents.js';
import type { Engine } from '../engine.js';
import { topFields } from '../query/filter.js';
import type { Located } from '../read/locate.js';
import { partOf } from '../splice.js';
import type { Update } from '../update/update.js';
import type { TargetRequest } from './target.js';

/** Smaller documents are decoded whole as quickly. */
const LEAST_BYTES = 1_000;

/**
 * Changes a large document where neither the update nor an index asks for all of it: only the fields that the filter
 * and the update name are decoded and encoded. Inside a transaction.
 * @returns whether it is another now; undefined where the whole document is to be looked at
 */
export function changePart(
  engine: Engine,
  request: TargetRequest,
  { seq, bytes, matches }: Located,
  update: Update,
): boolean | undefined {
  const { collection, filter } = request;
  if (bytes.length < LEAST_BYTES || update.fields === undefined) return undefined;
  const info = engine.catalog.find(collection);
  if (!info || update.touches(info.idIndex) || info.maintained.some((index) => update.touches(index)))
    return undefined;
  const names = namesOf(engine, request, update.fields);
  const part = names && partOf(bytes, names);
  if (!part || !(matches || filter.matches(part.doc))) return undefined;
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
