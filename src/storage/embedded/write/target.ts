import { decodeExact } from '../bson.js';
import type { CollectionInfo } from '../catalog.js';
import { readDocument } from '../documents.js';
import type { Engine } from '../engine.js';
import type { SortSpec } from '../plan/plan.js';
import type { Filter } from '../query/filter.js';
import { DecodedFound, type Found } from '../read/found.js';
import { judge, readByKey, type Located } from '../read/locate.js';
import { findAll, Runner } from '../read/run.js';
import { Search, type SearchRequest } from '../read/search.js';

/**
 * A write finds what it changes inside its transaction when an index leads there quickly. Otherwise it is told
 * to search outside, where the event loop turns, and to check inside that what was found still matches.
 */
export const TOO_FAR = Symbol('search outside the transaction');
export type OrTooFar<T> = T | typeof TOO_FAR;

/** Documents a transaction may look at on behalf of one write. */
const REACH = 500;

/** A write goes on this long in one transaction, then in the next. */
const SLICE_MS = 5;

/** One write, for a transaction of its own or as part of a bulk. */
export interface WriteOperation<T> {
  /** Inside a transaction. */
  now(): OrTooFar<T>;
  /** Outside, after `now` has said it is too far. */
  later(): Promise<T>;
}

export async function perform<T>(engine: Engine, operation: WriteOperation<T>): Promise<T> {
  const outcome = await engine.write(() => operation.now());
  return outcome === TOO_FAR ? operation.later() : outcome;
}

export interface TargetRequest {
  readonly collection: string;
  readonly filter: Filter;
  readonly sort?: SortSpec;
  readonly hint?: unknown;
}

const searchRequest = (request: TargetRequest, limit: number): SearchRequest => ({
  ...request,
  limit,
  exact: true,
});

/**
 * Changes the first document that matches.
 * @param act is given undefined when there is none
 * @param actBefore looks first at the one document that a key leads to, before all of it is decoded; returns undefined
 *   to leave it to `act`
 */
export function onOne<T>(
  engine: Engine,
  request: TargetRequest,
  act: (found: Found | undefined) => T,
  actBefore?: (located: Located) => T | undefined,
): WriteOperation<T> {
  return {
    now: () => {
      const located = readByKey(engine, request);
      if (located === null) return act(undefined);
      if (located !== undefined)
        return actBefore?.(located) ?? act(judge(located, { ...request, exact: true }) ?? undefined);
      const search = new Search(engine, searchRequest(request, 1));
      for (;;) {
        const found = search.step();
        if (found === undefined) return act(undefined);
        if (found[0]) return act(found[0]);
        if (search.examined > REACH) return TOO_FAR;
      }
    },
    later: async () => {
      for (;;) {
        const [candidate] = await findAll(engine, searchRequest(request, 1));
        const outcome = await engine.write((): OrTooFar<T> => {
          if (!candidate) return act(undefined);
          const fresh = stillMatching(engine, request, candidate.seq);
          return fresh ? act(fresh) : TOO_FAR;
        });
        if (outcome !== TOO_FAR) return outcome;
      }
    },
  };
}

/** How a write of many documents ended; an error ends it, what was done before stays. */
export interface ManyOutcome {
  readonly found: number;
  readonly error?: unknown;
}

/** Changes every document that matches, each at most once and each by itself. */
export function onMany(
  engine: Engine,
  request: TargetRequest,
  act: (found: Found, info: CollectionInfo) => void,
): WriteOperation<ManyOutcome> {
  return {
    now: () => {
      const search = new Search(engine, searchRequest(request, 0));
      const targets: Found[] = [];
      for (let found = search.step(); found; found = search.step()) {
        targets.push(...found);
        if (search.examined > REACH) return TOO_FAR;
      }
      return actOnEach(engine, request.collection, targets, act);
    },
    later: async () => {
      const places = await placesOf(engine, request);
      let found = 0;
      for (let at = 0; at < places.length;) {
        const outcome = await engine.write(() => {
          const until = performance.now() + SLICE_MS;
          let done = 0;
          let next = at;
          // Finding and changing count together: where many indexes are kept, changing is most of it.
          while (next < places.length && performance.now() < until) {
            const target = stillMatching(engine, request, places[next++] ?? 0);
            if (!target) continue;
            const { found: acted, error } = actOnEach(engine, request.collection, [target], act);
            done += acted;
            if (error !== undefined) return { found: done, error, next };
          }
          return { found: done, next };
        });
        found += outcome.found;
        if (outcome.error !== undefined) return { found, error: outcome.error };
        at = outcome.next;
      }
      return { found };
    },
  };
}

function actOnEach(
  engine: Engine,
  collection: string,
  targets: readonly Found[],
  act: (found: Found, info: CollectionInfo) => void,
): ManyOutcome {
  let found = 0;
  for (const target of targets) {
    try {
      engine.isolated(() => act(target, engine.collectionForWrite(collection)));
      found++;
    } catch (error) {
      if (!engine.db.inTransaction) throw error;
      return { found, error };
    }
  }
  return { found };
}

/** Only the places are kept: the documents may be many. */
async function placesOf(engine: Engine, request: TargetRequest): Promise<number[]> {
  const runner = new Runner(engine, searchRequest(request, 0));
  const places: number[] = [];
  for (let found = await runner.next(); found; found = await runner.next()) {
    for (const { seq } of found) places.push(seq);
  }
  return places;
}

/** The document as it is now, if it still matches. Inside a transaction. */
function stillMatching(
  engine: Engine,
  { collection, filter }: TargetRequest,
  seq: number,
): Found | undefined {
  const info = engine.catalog.find(collection);
  const bytes = info && readDocument(engine, info, seq);
  if (!bytes) return undefined;
  const doc = decodeExact(bytes);
  return filter.matches(doc) ? new DecodedFound(seq, bytes, doc) : undefined;
}
