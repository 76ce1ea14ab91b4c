import type { Engine } from '../engine.js';
import type { Filter } from '../query/filter.js';
import type { IndexPlan } from '../plan/plan.js';
import { choosePlan } from '../plan/planner.js';
import { Runner } from './run.js';
import { countEntries, estimateEntries } from './search.js';

export interface CountRequest {
  readonly collection: string;
  readonly filter: Filter;
  readonly skip: number;
  /** 0: no limit. */
  readonly limit: number;
  readonly hint?: unknown;
}

/** Counts by the index alone where it says all the filter asks; otherwise by looking at the documents. */
export async function countDocuments(engine: Engine, request: CountRequest, maxTimeMs = 0): Promise<number> {
  const { filter, skip, limit } = request;
  const within = (count: number): number => {
    const rest = Math.max(0, count - skip);
    return limit > 0 ? Math.min(rest, limit) : rest;
  };
  const quick = await engine.read(() => countByIndex(engine, request));
  if (quick !== undefined) return within(quick);
  const runner = new Runner(
    engine,
    { collection: request.collection, filter, hint: request.hint },
    maxTimeMs,
  );
  let count = 0;
  const enough = limit > 0 ? skip + limit : Infinity;
  for (let found = await runner.next(); found && count < enough; found = await runner.next())
    count += found.length;
  return within(count);
}

function countByIndex(engine: Engine, { collection, filter, hint }: CountRequest): number | undefined {
  const info = engine.collection(collection);
  if (!info) return 0;
  if (filter.empty) return Number(engine.db.statement(`SELECT count(*) FROM ${info.table}`).get([])?.[0]);
  const plan = choosePlan({
    collection: info,
    filter: filter.node,
    sort: [],
    limit: 0,
    collated: filter.context.collator !== undefined,
    hint,
    count: (candidate, cap) => estimateEntries(engine, candidate, cap),
  });
  return plan.kind === 'index' && plan.exact ? countPlan(engine, plan) : undefined;
}

function countPlan(engine: Engine, plan: IndexPlan): number | undefined {
  if (!plan.repeats) return countEntries(engine, plan, Number.MAX_SAFE_INTEGER);
  const [range, ...more] = plan.ranges;
  if (!range) return 0;
  // A document may have entries in several ranges: then they must be told apart.
  if (more.length > 0) return undefined;
  const { table, column } = plan.index;
  const row = engine.db
    .statement(`SELECT count(DISTINCT seq) FROM ${table} WHERE ${column} >= ? AND ${column} < ?`)
    .get([range.lo, range.hi]);
  return Number(row?.[0]);
}
