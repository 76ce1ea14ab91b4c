import { decode, decodeExact, type DecodeOptions } from '../bson.js';
import type { CollectionInfo } from '../catalog.js';
import { SCAN_LIMIT, type ScanWatch } from '../../scans.js';
import type { Engine } from '../engine.js';
import type { IndexPlan, Plan, SortSpec } from '../plan/plan.js';
import { choosePlan } from '../plan/planner.js';
import type { Node } from '../query/ast.js';
import type { Filter } from '../query/filter.js';
import { DecodedFound, LazyFound, type Found } from './found.js';
import { openScan, type Scan, type Stored } from './scan.js';
import { Sorter } from './sorter.js';

export interface SearchRequest {
  readonly collection: string;
  readonly filter: Filter;
  readonly sort?: SortSpec;
  readonly skip?: number;
  /** 0 or absent: all. */
  readonly limit?: number;
  readonly hint?: unknown;
  readonly decode?: DecodeOptions;
  /** Decode with number types kept apart: for documents that will be written back. */
  readonly exact?: boolean;
}

const FIRST_BATCH = 64;
const LARGEST_BATCH = 1000;
/** A batch grows no further than this many bytes of documents. */
const BATCH_BYTES = 2 * 1024 * 1024;

/**
 * A search in steps. Each step is one short synchronous piece of work, so that a caller may let the event loop
 * turn between two of them, or run them all inside a transaction.
 */
export class Search {
  /** Undefined when the collection does not exist. */
  readonly plan: Plan | undefined;
  readonly #request: SearchRequest;
  readonly #scan: Scan | undefined;
  readonly #sorter: Sorter<Found> | undefined;
  readonly #limit: number;
  #toSkip: number;
  #given = 0;
  #batch: number;
  #done = false;
  #merge: Iterator<Found> | undefined;
  #documents = 0;
  #passed = 0;
  #watch: ScanWatch | undefined;

  constructor(engine: Engine, request: SearchRequest) {
    this.#request = request;
    this.#watch = engine.scans;
    this.#limit = request.limit ?? 0;
    this.#toSkip = request.skip ?? 0;
    const wanted = this.#limit === 0 ? 0 : this.#limit + this.#toSkip;
    const info = engine.collection(request.collection);
    this.#batch = FIRST_BATCH;
    if (!info) {
      this.#done = true;
      return;
    }
    this.plan = planFor(engine, info, request, wanted);
    if (!this.plan.sorted)
      this.#sorter = new Sorter(sortOf(request), wanted, request.filter.context.collator);
    const counted = wanted > 0 && this.plan.sorted && (this.plan.exact || request.filter.empty);
    if (counted) this.#batch = Math.min(wanted, LARGEST_BATCH);
    this.#scan = openScan(engine, info, this.plan, counted && wanted <= LARGEST_BATCH);
  }

  /** Documents looked at so far. */
  get examined(): number {
    return this.#documents;
  }

  /** Index entries looked at so far. */
  get entries(): number {
    return this.plan?.kind === 'collection' ? 0 : (this.#scan?.examined ?? 0);
  }

  /** Returns what this step found, perhaps nothing yet; undefined when the search is over. */
  step(): readonly Found[] | undefined {
    if (this.#done || !this.#scan) return undefined;
    if (this.#merge) return this.#nextSorted(this.#merge);
    const rows = this.#scan.next(this.#batch);
    if (rows.length === 0) {
      this.#merge = this.#sorter?.merged();
      this.#done = !this.#merge;
      return this.#merge ? [] : undefined;
    }
    this.#grow(rows);
    const found = this.#sorter ? this.#rank(rows, this.#sorter) : this.#pass(rows);
    if (this.#watch) this.#report(this.#watch);
    if (!this.#sorter && this.#limit > 0 && this.#given >= this.#limit) this.#done = true;
    return found;
  }

  /** What an index led to and the filter let through was not looked at in vain. */
  #report(watch: ScanWatch): void {
    const { plan } = this;
    const fields = fieldsOf(this.#request.filter.node);
    // Without a filter an index gives the order, and pages ask for no more.
    const led =
      plan?.kind === 'union' || (plan?.kind === 'index' && (plan.uses.size > 0 || fields.length === 0));
    if (this.#documents - (led ? this.#passed : 0) <= (watch.above ?? SCAN_LIMIT)) return;
    this.#watch = undefined;
    watch.tell({
      collection: this.#request.collection,
      fields,
      index: plan?.kind === 'index' ? plan.index.spec.name : undefined,
      documents: this.#documents,
    });
  }

  #rank(rows: readonly Stored[], sorter: Sorter<Found>): readonly Found[] {
    for (const row of rows) {
      const found = this.#test(row);
      if (found) sorter.add(found.doc, found, row.bytes.length);
    }
    return [];
  }

  #pass(rows: readonly Stored[]): readonly Found[] {
    const found: Found[] = [];
    for (const row of rows) {
      if (this.#limit > 0 && this.#given >= this.#limit) break;
      const passed = this.#test(row);
      if (!passed) continue;
      if (this.#toSkip > 0) {
        this.#toSkip--;
        continue;
      }
      this.#given++;
      found.push(passed);
    }
    return found;
  }

  #nextSorted(merge: Iterator<Found>): readonly Found[] | undefined {
    const found: Found[] = [];
    for (let n = 0; n < LARGEST_BATCH && !this.#done; n++) {
      const next = merge.next();
      if (next.done === true) this.#done = true;
      else if (this.#toSkip > 0) this.#toSkip--;
      else if (found.push(next.value) > 0 && ++this.#given === this.#limit) this.#done = true;
    }
    return found;
  }

  #test({ seq, bytes }: Stored): Found | undefined {
    this.#documents++;
    const { filter, exact } = this.#request;
    if (this.plan?.exact === true || filter.empty) {
      this.#passed++;
      return new LazyFound(seq, bytes, exact === true, this.#request.decode);
    }
    const doc = exact === true || filter.exactNumbers ? decodeExact(bytes) : decode(bytes);
    if (!filter.matches(doc)) return undefined;
    this.#passed++;
    const reusable = exact === true || (!filter.exactNumbers && this.#request.decode === undefined);
    return reusable
      ? new DecodedFound(seq, bytes, doc)
      : new LazyFound(seq, bytes, false, this.#request.decode);
  }

  #grow(rows: readonly Stored[]): void {
    const bytes = rows.reduce((sum, row) => sum + row.bytes.length, 0);
    const fitting = Math.max(1, Math.floor((BATCH_BYTES * rows.length) / Math.max(1, bytes)));
    this.#batch = Math.min(this.#batch * 2, LARGEST_BATCH, fitting);
  }
}

function fieldsOf(node: Node): string[] {
  switch (node.kind) {
    case 'path':
      return [node.path];
    case 'not':
      return fieldsOf(node.node);
    case 'expr':
      return ['$expr'];
    default:
      return [...new Set(node.nodes.flatMap(fieldsOf))];
  }
}

/** `$natural` is no field. */
const sortOf = ({ sort = [] }: SearchRequest): SortSpec => sort.filter(([name]) => name !== '$natural');

function planFor(engine: Engine, collection: CollectionInfo, request: SearchRequest, limit: number): Plan {
  const natural = request.sort?.find(([name]) => name === '$natural');
  return choosePlan({
    collection,
    filter: request.filter.node,
    sort: sortOf(request),
    limit,
    collated: request.filter.context.collator !== undefined,
    hint: natural ? { $natural: natural[1] } : request.hint,
    count: (plan, cap) => estimateEntries(engine, plan, cap),
  });
}

/** Ranges that are counted to judge them all. */
const SAMPLE = 16;

/** About how many entries lie in the plan's ranges; no more than `cap` are counted. */
export function estimateEntries(engine: Engine, plan: IndexPlan, cap: number): number {
  const sample = plan.ranges.slice(0, SAMPLE);
  const counted = countEntries(engine, { ...plan, ranges: sample }, cap);
  return sample.length === 0 ? 0 : (counted * plan.ranges.length) / sample.length;
}

/** How many entries lie in the plan's ranges, counted up to `cap`. */
export function countEntries(engine: Engine, plan: IndexPlan, cap: number): number {
  const { table, column } = plan.index;
  let count = 0;
  for (const range of plan.ranges) {
    const row = engine.db
      .statement(
        `SELECT count(*) FROM (SELECT 1 FROM ${table} WHERE ${column} >= ? AND ${column} < ? LIMIT ?)`,
      )
      .get([range.lo, range.hi, cap - count]);
    count += row?.[0] as number;
    if (count >= cap) break;
  }
  return count;
}
