import { decode, decodeExact, type DecodeOptions } from '../bson.js';
import type { CollectionInfo, IndexInfo } from '../catalog.js';
import type { Engine } from '../engine.js';
import { encodeKey, encodeValue } from '../key.js';
import type { Equalities } from '../query/equalities.js';
import type { Filter } from '../query/filter.js';
import { DecodedFound, LazyFound, type Found } from './found.js';

export interface LocateRequest {
  readonly collection: string;
  readonly filter: Filter;
  readonly hint?: unknown;
  readonly decode?: DecodeOptions;
  readonly exact?: boolean;
}

/** The one document that can match, as it is stored. */
export interface Located {
  readonly seq: number;
  readonly bytes: Buffer;
  /** Whether the key is all that the filter asks; otherwise the document is to be judged. */
  readonly matches: boolean;
}

/**
 * Finds the one document that can match, by `_id` or by a unique index: a keyed read without a plan. Whatever else the
 * filter asks is asked of that document.
 * @returns null when nothing matches; undefined when the filter leads to no such key
 */
export function locate(engine: Engine, request: LocateRequest): Found | null | undefined {
  const located = readByKey(engine, request);
  return located && judge(located, request);
}

/** The first half of `locate`. @returns null when there is no document; undefined when the filter leads to no key */
export function readByKey(
  engine: Engine,
  { collection, filter, hint }: LocateRequest,
): Located | null | undefined {
  const { equalities, id } = filter;
  if ((!equalities && id === undefined) || (hint !== undefined && hint !== null)) return undefined;
  const info = engine.collection(collection);
  if (!info) return null;
  const place = equalities ? placeOf(info, equalities) : placeOfId(info, id);
  if (!place) return undefined;
  const row = engine.db.statement(place.sql).get([place.key]);
  if (!row) return null;
  const [seq, bytes] = row as [number, Buffer];
  return { seq, bytes, matches: place.fields === equalities?.size };
}

/** The second half of `locate`: asks the document whatever else the filter asks. */
export function judge(
  { seq, bytes, matches }: Located,
  { filter, exact = false, decode: options }: LocateRequest,
): Found | null {
  if (matches) return new LazyFound(seq, bytes, exact, options);
  const withTypes = exact || filter.exactNumbers;
  const doc = withTypes ? decodeExact(bytes) : decode(bytes);
  if (!filter.matches(doc)) return null;
  return exact || (!withTypes && options === undefined)
    ? new DecodedFound(seq, bytes, doc)
    : new LazyFound(seq, bytes, false, options);
}

interface Place {
  readonly sql: string;
  readonly key: Buffer;
  /** How many of the equalities the key holds. */
  readonly fields: number;
}

const placeOfId = ({ table }: CollectionInfo, id: unknown): Place => ({
  sql: `SELECT seq, doc FROM ${table} WHERE id = ?`,
  key: encodeValue(id),
  fields: 1,
});

function placeOf(info: CollectionInfo, equalities: Equalities): Place | undefined {
  const id = equalities.get('_id');
  if (id !== undefined) return placeOfId(info, id);
  for (const index of info.indexes) {
    if (!holdsOneEntry(index)) continue;
    const values = index.fields.map((name) => equalities.get(name));
    if (values.includes(undefined)) continue;
    return {
      sql: `SELECT d.seq, d.doc FROM ${index.table} i CROSS JOIN ${info.table} d ON d.seq = i.seq WHERE i.key = ?`,
      key: encodeKey(values, index.descending),
      fields: values.length,
    };
  }
  return undefined;
}

/**
 * Whether all documents with given values have one and the same key. Two fields below arrays may have their
 * values in different elements, which is no key; a partial index may lack a document.
 */
const holdsOneEntry = ({ spec, multikey }: IndexInfo): boolean =>
  spec.unique === true && spec.partialFilterExpression === undefined && (multikey & (multikey - 1)) === 0;
