import type { Engine } from '../engine.js';
import { ErrorCode, serverError } from '../errors.js';
import { turn } from '../retry.js';
import { isMissingTable } from '../sqlite.js';
import type { Found } from './found.js';
import { Search, type SearchRequest } from './search.js';

/** A search works this long before it lets the event loop turn. */
const SLICE_MS = 6;

/** Runs a search outside of transactions, without keeping the event loop for long. */
export class Runner {
  readonly #engine: Engine;
  readonly #request: SearchRequest;
  readonly #deadline: number;
  #search: Search | undefined;
  #given = false;
  #until = 0;

  /** @param maxTimeMs 0: no limit */
  constructor(engine: Engine, request: SearchRequest, maxTimeMs = 0) {
    this.#engine = engine;
    this.#request = request;
    this.#deadline = maxTimeMs > 0 ? Date.now() + maxTimeMs : Infinity;
  }

  /** Known once the search has begun. */
  get search(): Search | undefined {
    return this.#search;
  }

  /**
   * @returns the next documents, at least one; undefined at the end
   * @throws MongoServerError when maxTimeMS is over, or an index was dropped under a search half done
   */
  async next(): Promise<readonly Found[] | undefined> {
    for (let empty = false; ; empty = true) {
      // Kept from call to call: who asks again at once, as toArray does, would keep the event loop all the same.
      if (performance.now() > this.#until) {
        if (empty && Date.now() > this.#deadline) {
          throw serverError(ErrorCode.MaxTimeExpired, 'operation exceeded time limit');
        }
        if (this.#until > 0) await turn();
        this.#until = performance.now() + SLICE_MS;
      }
      const found = await this.#step();
      if (found === undefined) return undefined;
      if (found.length > 0) {
        this.#given = true;
        return found;
      }
    }
  }

  #step(): Promise<readonly Found[] | undefined> {
    return this.#engine.read(() => {
      try {
        this.#search ??= new Search(this.#engine, this.#request);
        return this.#search.step();
      } catch (error) {
        if (isMissingTable(error)) {
          // Nothing has been given out yet: begin again with a new plan.
          if (!this.#given) this.#search = undefined;
          else throw serverError(ErrorCode.QueryPlanKilled, 'query plan killed: an index was dropped');
        }
        throw error;
      }
    });
  }
}

/** Everything a search finds. */
export async function findAll(engine: Engine, request: SearchRequest, maxTimeMs = 0): Promise<Found[]> {
  const runner = new Runner(engine, request, maxTimeMs);
  const all: Found[] = [];
  for (let found = await runner.next(); found; found = await runner.next()) {
    for (const item of found) all.push(item);
  }
  return all;
}
