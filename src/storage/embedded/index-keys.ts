import type { Doc } from './bson.js';
import type { IndexInfo, IndexSpec } from './catalog.js';
import { ErrorCode, serverError } from './errors.js';
import { encodeKey } from './key.js';
import { extractKeys, ParallelArrays, type ExtractedKeys } from './paths.js';
import { filterOf } from './query/filter.js';
import type { Matcher } from './query/match.js';
import { parseFilter } from './query/parse.js';

/** The entries of one document in one index. */
export interface Entries {
  /** Without repetitions. */
  readonly keys: readonly Buffer[];
  /** The fields' values, one tuple per key. */
  readonly tuples: readonly (readonly unknown[])[];
  readonly multikey: number;
}

const NONE: Entries = { keys: [], tuples: [], multikey: 0 };

const partialFilters = new WeakMap<IndexSpec, Matcher>();

function partialFilter(spec: IndexSpec): Matcher | undefined {
  if (!spec.partialFilterExpression) return undefined;
  let matcher = partialFilters.get(spec);
  if (!matcher) {
    matcher = filterOf(parseFilter(spec.partialFilterExpression)).matches;
    partialFilters.set(spec, matcher);
  }
  return matcher;
}

/** @throws MongoServerError when two arrays lie side by side */
export function entriesOf(index: IndexInfo, doc: Doc): Entries {
  const inIndex = partialFilter(index.spec);
  if (inIndex && !inIndex(doc)) return NONE;
  const { tuples, multikey, present } = extract(index, doc);
  // The multikey bits are told even so: a plan must know that a path may lead through an array.
  if (index.spec.sparse === true && !present) return { ...NONE, multikey };
  const [only] = tuples;
  if (tuples.length === 1 && only) return { keys: [encodeKey(only, index.descending)], tuples, multikey };
  const keys = new Map<string, { key: Buffer; tuple: readonly unknown[] }>();
  for (const tuple of tuples) {
    const key = encodeKey(tuple, index.descending);
    keys.set(key.toString('latin1'), { key, tuple });
  }
  const unique = [...keys.values()];
  return { keys: unique.map(({ key }) => key), tuples: unique.map(({ tuple }) => tuple), multikey };
}

function extract(index: IndexInfo, doc: Doc): ExtractedKeys {
  try {
    return extractKeys(doc, index.paths);
  } catch (error) {
    if (error instanceof ParallelArrays)
      throw serverError(ErrorCode.CannotIndexParallelArrays, error.message);
    throw error;
  }
}
