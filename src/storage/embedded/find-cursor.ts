import type { Doc } from './bson.js';
import { readCollation } from './collation.js';
import { Cursor, type Source } from './cursor.js';
import type { Engine } from './engine.js';
import { compileFoundProjection, type Projection } from './projection.js';
import { readFilter, type Filter } from './query/filter.js';
import { countDocuments } from './read/count.js';
import { explain } from './read/explain.js';
import { readCount, readSort } from './read/options.js';
import { Runner } from './read/run.js';
import type { SearchRequest } from './read/search.js';
import { Aggregation, type AggregateOptions } from './aggregate/pipeline.js';
import { ShiftingAggregation } from './aggregate/shifting.js';
import { decodeOptions, maxTime, type DriverOptions } from './driver-options.js';

/** Options of `find`, by the official driver's names. */
export interface FindOptions extends DriverOptions {
  sort?: unknown;
  skip?: unknown;
  limit?: unknown;
  projection?: unknown;
  hint?: unknown;
  collation?: unknown;
}

/** A find, ready to run. */
export class FindSource implements Source {
  readonly #engine: Engine;
  readonly #collection: string;
  readonly #runner: Runner;
  readonly #project: Projection | undefined;

  constructor(engine: Engine, collection: string, filter: Filter, options: FindOptions) {
    this.#engine = engine;
    this.#collection = collection;
    this.#project = compileFoundProjection(options.projection, filter, engine.clock.now());
    const decode = decodeOptions(options);
    const request: SearchRequest = {
      collection,
      filter,
      sort: readSort(options.sort),
      skip: readCount('skip', options.skip),
      // A negative limit asks for a single batch of that many.
      limit: Math.abs(readCount('limit', options.limit)),
      hint: options.hint,
      ...(decode && { decode }),
    };
    this.#runner = new Runner(engine, request, maxTime(options));
  }

  async next(): Promise<readonly Doc[] | undefined> {
    const found = await this.#runner.next();
    if (!found) return undefined;
    const project = this.#project;
    return project ? found.map(project) : found.map(({ doc }) => doc);
  }

  explain(returned: number): Doc {
    return explain(this.#engine.namespace(this.#collection), this.#runner.search, returned);
  }
}

export class FindCursor extends Cursor<FindOptions> {
  constructor(
    private readonly engine: Engine,
    private readonly collection: string,
    private readonly filterSpec: unknown,
    options: FindOptions,
  ) {
    super(options);
  }

  protected override open(options: FindOptions): Source {
    const collation = readCollation(options.collation);
    const filter = readFilter(this.filterSpec, { collation, now: this.engine.clock.now() });
    return new FindSource(this.engine, this.collection, filter, options);
  }

  sort(sort: unknown): this {
    return this.set({ sort });
  }

  skip(skip: number): this {
    return this.set({ skip });
  }

  limit(limit: number): this {
    return this.set({ limit });
  }

  project(projection: Doc): this {
    return this.set({ projection });
  }

  hint(hint: unknown): this {
    return this.set({ hint });
  }

  collation(collation: unknown): this {
    return this.set({ collation });
  }

  maxTimeMS(maxTimeMS: number): this {
    return this.set({ maxTimeMS });
  }

  count(): Promise<number> {
    const filter = readFilter(this.filterSpec, { collation: readCollation(this.options.collation) });
    return countDocuments(this.engine, { collection: this.collection, filter, skip: 0, limit: 0 });
  }

  clone(): FindCursor {
    return new FindCursor(this.engine, this.collection, this.filterSpec, this.options);
  }
}

export interface AggregateDriverOptions extends DriverOptions {
  collation?: unknown;
  hint?: unknown;
  let?: unknown;
}

export class AggregationCursor extends Cursor<AggregateDriverOptions> {
  constructor(
    private readonly engine: Engine,
    private readonly collection: string,
    private readonly pipeline: unknown,
    options: AggregateDriverOptions,
  ) {
    super(options);
  }

  protected override open(options: AggregateDriverOptions): Source {
    return this.#source(
      new ShiftingAggregation(this.engine, this.collection, this.pipeline, readAggregate(options)),
    );
  }

  protected override openWhole(options: AggregateDriverOptions): Source {
    return this.#source(new Aggregation(this.engine, this.collection, this.pipeline, readAggregate(options)));
  }

  #source(aggregation: Aggregation | ShiftingAggregation): Source {
    return {
      next: () => aggregation.next(),
      explain: (returned) => explain(this.engine.namespace(this.collection), aggregation.search, returned),
    };
  }
}

function readAggregate(options: AggregateDriverOptions): AggregateOptions {
  const decode = decodeOptions(options);
  return {
    collation: options.collation,
    hint: options.hint,
    let: options.let,
    maxTimeMs: maxTime(options),
    ...(decode && { decode }),
  };
}
