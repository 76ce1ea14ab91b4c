import { normalize, type DecodeOptions, type Doc } from '../bson.js';
import { readCollation, type Collation } from '../collation.js';
import type { Engine } from '../engine.js';
import { badValue } from '../errors.js';
import type { SortSpec } from '../plan/plan.js';
import type { Node } from '../query/ast.js';
import { filterOf, matchContext } from '../query/filter.js';
import { parseFilter } from '../query/parse.js';
import { readSort } from '../read/options.js';
import { Runner } from '../read/run.js';
import type { Search } from '../read/search.js';
import type { Meter, PipelineContext, Stage } from './stage.js';
import { compilePipeline, count, positive, stageOf } from './stages.js';

export interface AggregateOptions {
  readonly collation?: unknown;
  readonly hint?: unknown;
  readonly let?: unknown;
  readonly maxTimeMs?: number;
  readonly decode?: DecodeOptions;
}

/** The beginning of a pipeline that a search can do, with indexes. */
interface Head {
  readonly filter: Node;
  readonly sort: SortSpec;
  readonly skip: number;
  readonly limit: number;
  readonly rest: readonly unknown[];
}

/** Stages that hold documents, or groups of them, back to the end. */
const GATHERING = new Set(['$group', '$bucket', '$sort', '$sortByCount', '$facet', '$sample']);

/** An aggregation under way: documents come in batches. */
export class Aggregation {
  /** A copy of the caller's. */
  readonly stages: readonly unknown[];
  /** True if a stage behind the search holds documents back. */
  readonly gathers: boolean;
  readonly #runner: Runner;
  readonly #rest: Stage;
  readonly #meter: Meter;
  #open = true;

  constructor(engine: Engine, collection: string, pipeline: unknown, options: AggregateOptions) {
    const stages = normalize(pipeline);
    if (!Array.isArray(stages)) throw badValue('a pipeline must be an array');
    const collation: Collation | undefined = readCollation(options.collation);
    const now = engine.clock.now();
    const context = contextOf(collation, now, options.let);
    const head = takeHead(stages);
    this.stages = stages as unknown[];
    this.#meter = context.meter;
    this.gathers = head.rest.some((stage) => GATHERING.has(stageOf(stage)[0]));
    this.#rest = compilePipeline(head.rest, context)();
    this.#runner = new Runner(
      engine,
      {
        collection,
        filter: filterOf(head.filter, { collation, now }),
        sort: head.sort,
        skip: head.skip,
        limit: head.limit,
        hint: options.hint,
        ...(options.decode && { decode: options.decode }),
      },
      options.maxTimeMs,
    );
  }

  get search(): Search | undefined {
    return this.#runner.search;
  }

  /** Documents looked at so far, and made of them by `$unwind`. */
  get taken(): number {
    return (this.search?.examined ?? 0) + this.#meter.unwound;
  }

  /** Returns the next documents, perhaps none yet; undefined at the end. */
  async next(): Promise<readonly Doc[] | undefined> {
    if (!this.#open) return undefined;
    const out: Doc[] = [];
    const emit = (doc: Doc): boolean => out.push(doc) > 0;
    const found = await this.#runner.next();
    if (found) this.#open = found.every(({ doc }) => this.#rest.take(doc, emit));
    else this.#open = false;
    if (!this.#open) this.#rest.end(emit);
    return out;
  }
}

function contextOf(collation: Collation | undefined, now: Date, letOption: unknown): PipelineContext {
  const match = matchContext({ collation, now });
  if (letOption !== undefined && letOption !== null) throw badValue('aggregate option let is not supported');
  return { match, expression: { collator: match.collator }, variables: { NOW: now }, meter: { unwound: 0 } };
}

function takeHead(stages: readonly unknown[]): Head {
  const filters: Node[] = [];
  let at = 0;
  const next = (wanted: string): unknown => {
    if (at >= stages.length) return undefined;
    const [name, operand] = stageOf(stages[at]);
    if (name !== wanted) return undefined;
    at++;
    return operand;
  };
  for (let match = next('$match'); match !== undefined; match = next('$match'))
    filters.push(parseFilter(match));
  const order = next('$sort');
  const skip = next('$skip');
  const limit = next('$limit');
  const [only] = filters;
  return {
    filter: filters.length === 1 && only ? only : { kind: 'and', nodes: filters },
    sort: order === undefined ? [] : readSort(order),
    skip: skip === undefined ? 0 : count('$skip', skip),
    limit: limit === undefined ? 0 : positive('$limit', limit),
    rest: stages.slice(at),
  };
}

/** The pipeline of an update: `$set`, `$unset`, `$replaceWith` and their other names. */
export function compileUpdatePipeline(pipeline: readonly unknown[], now: Date): (doc: Doc) => Doc {
  const context = contextOf(undefined, now, undefined);
  const allowed = ['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith'];
  for (const stage of pipeline) {
    const [name] = stageOf(stage);
    if (!allowed.includes(name)) throw badValue(`${name} is not allowed to be used within an update`);
  }
  const start = compilePipeline(pipeline, context);
  return (doc) => {
    const out: Doc[] = [];
    start().take(doc, (result) => out.push(result) > 0);
    return out[0] ?? doc;
  };
}
