import type { Doc } from '../bson.js';
import { Aggregation, type AggregateOptions } from './pipeline.js';
import type { Engine } from '../engine.js';
import type { ThreadAggregation } from './thread.js';

/**
 * An aggregation that begins here, because most are small, and begins again in the thread once it has taken more
 * than so many documents and given out none: what it has gathered would be worked up in one piece at the end.
 * At this number that piece, of the costliest stages, still takes less than 50 ms.
 */
export const SHIFT_AT = 10_000;

export class ShiftingAggregation {
  readonly #local: Aggregation;
  readonly #shift: (() => ThreadAggregation) | undefined;
  #remote: ThreadAggregation | undefined;
  #given = false;

  constructor(engine: Engine, collection: string, pipeline: unknown, options: AggregateOptions) {
    this.#local = new Aggregation(engine, collection, pipeline, options);
    const { thread } = engine;
    // A copy of the caller's pipeline, taken now: it may change it afterwards.
    const { stages } = this.#local;
    if (thread && this.#local.gathers) {
      this.#shift = () => thread.start(collection, stages, options, engine.clock.now());
    }
  }

  /** Of the part that ran here. */
  get search(): Aggregation['search'] {
    return this.#local.search;
  }

  /** Returns the next documents, perhaps none yet; undefined at the end. */
  async next(): Promise<readonly Doc[] | undefined> {
    if (this.#remote) return this.#remote.next();
    const docs = await this.#local.next();
    this.#given ||= docs === undefined || docs.length > 0;
    if (!this.#given && this.#shift && this.#local.taken > SHIFT_AT) this.#remote = this.#shift();
    return docs;
  }
}
