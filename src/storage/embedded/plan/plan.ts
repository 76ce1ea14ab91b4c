import type { IndexInfo } from '../catalog.js';
import type { Constraint } from './constraints.js';
import type { ByteRange } from './intervals.js';

/** `field → 1 | −1`, in order of importance. */
export type SortSpec = readonly (readonly [field: string, direction: 1 | -1])[];

/** Reads ranges of one index in key order. */
export interface IndexPlan {
  readonly kind: 'index';
  readonly index: IndexInfo;
  /** In key order, not overlapping. */
  readonly ranges: readonly ByteRange[];
  readonly reverse: boolean;
  /** A document may come more than once: it has several entries. */
  readonly repeats: boolean;
  /** Every entry belongs to a document that passes the filter. */
  readonly exact: boolean;
  /** Entries come in the order asked for. */
  readonly sorted: boolean;
  /** How many fields of the index are pinned to single values, then how many to ranges. */
  readonly pinned: number;
  readonly ranged: number;
  /** The part of the filter that the ranges express. */
  readonly uses: ReadonlySet<Constraint>;
}

/** Reads the whole collection in the order of insertion. */
export interface CollectionPlan {
  readonly kind: 'collection';
  readonly exact: boolean;
  readonly sorted: boolean;
  readonly reverse: boolean;
}

/** Reads every branch of an `$or`, each document once. */
export interface UnionPlan {
  readonly kind: 'union';
  readonly branches: readonly IndexPlan[];
  readonly exact: false;
  readonly sorted: boolean;
}

export type Plan = IndexPlan | CollectionPlan | UnionPlan;
