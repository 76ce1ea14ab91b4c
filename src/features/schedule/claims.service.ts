import { setTimeout as pause } from 'node:timers/promises';
import { conflict, type DomainError } from '../../shared/errors.js';
import { kindOfClaim } from './claims.js';
import { refusedClaim, type TimesStore } from './times.store.js';

/** Claims of which some are needed, whichever are free: the seats of a slot, the bookings of a limit. */
export interface Pool {
  readonly keys: readonly string[];
  /** Held by what is more than the pool has: it counts against the pool until it is gone. */
  readonly over?: readonly string[];
  /** A claim that one document holds at a time: what is held of the pool is counted while it is held. */
  readonly lock?: string;
  readonly take: number;
  /** Makes the error when too few are free. */
  readonly refusal: () => DomainError;
  /** Where too few are free, `over` is taken, rather than nothing of the whole request. */
  readonly beyond?: boolean;
}

export interface ClaimRequest {
  /** All of these are needed. */
  readonly fixed: readonly string[];
  readonly pools: readonly Pool[];
  /** Claims that the document holds already; they are taken first. */
  readonly own?: readonly string[];
}

export interface ClaimAttempt<Value> {
  /**
   * One write of one document, which fails with a duplicate key if a claim is held.
   * @param locks to be held as the claims are, and given up by the write that makes the document stand
   */
  readonly write: (claims: string[], locks: string[]) => Promise<Value>;
  /** Undoes the write, with its locks. Returns false if it changed nothing. */
  readonly takeBack?: (value: Value) => Promise<boolean>;
}

export interface Claims {
  /**
   * Chooses free claims and has them written; the unique index decides, and a choice that was taken meanwhile is made
   * again.
   *
   * What was read may be old when it is written. So a pool with `over` is counted once more after the write, under its
   * lock: meanwhile no other document takes anything of it. What proves too much is taken back and decided again.
   * @returns what `write` returns, or the fixed claim for which it was refused
   * @throws the refusal of a pool with too few free claims; 409 `try-again` if a lock stays held
   */
  claim<Value>(
    request: ClaimRequest,
    attempt: ClaimAttempt<Value>,
  ): Promise<{ readonly value: Value } | { readonly refused: string }>;
  /** Has locks taken by a write, after the documents that hold them now. Returns null if one stays held. */
  lock<Value>(write: () => Promise<Value>): Promise<Value | null>;
}

/** Those who come at the same moment begin at different claims, and so seldom want the same one. */
function rotated(keys: readonly string[]): string[] {
  const first = Math.floor(Math.random() * keys.length);
  return [...keys.slice(first), ...keys.slice(0, first)];
}

const keysOf = ({ keys, over = [] }: Pool): string[] => [...keys, ...over];

function chosenOf(pool: Pool, held: ReadonlySet<string>, own: ReadonlySet<string>): string[] {
  const { keys, over = [], take, refusal, beyond = false } = pool;
  const kept = keysOf(pool)
    .filter((key) => own.has(key))
    .slice(0, take);
  const isFree = (key: string): boolean => !held.has(key) && !own.has(key);
  const exceeding = over.filter((key) => held.has(key) && !own.has(key)).length;
  const unheld = rotated(keys.filter(isFree));
  const free = unheld.slice(0, Math.max(0, unheld.length - exceeding));
  const wanted = beyond ? [...free, ...over.filter(isFree)] : free;
  const chosen = [...kept, ...wanted.slice(0, take - kept.length)];
  if (chosen.length < take && !beyond) throw refusal();
  return chosen;
}

/** Pools that are taken from anew, and counted under a lock. */
const lockedPools = (pools: readonly Pool[], own: ReadonlySet<string>): Pool[] =>
  pools.filter((pool) => pool.lock !== undefined && !keysOf(pool).some((key) => own.has(key)));

/** The locks that a document must hold to take from these pools what it does not hold yet. */
export const locksOf = (pools: readonly Pool[], own: readonly string[]): string[] =>
  lockedPools(pools, new Set(own)).flatMap(({ lock }) => lock ?? []);

/** A lock is held for two or three statements; that of a killed process until a job has settled its document. */
const MOST_WAITS = 20;
const LONGEST_WAIT_MS = 160;

const waitForLock = (waits: number): Promise<void> => pause(Math.min(LONGEST_WAIT_MS, 5 * 2 ** waits));

export function createClaims(times: TimesStore): Claims {
  const heldOf = async (pools: readonly Pool[]): Promise<ReadonlySet<string>> =>
    pools.length === 0 ? new Set() : times.listHeld(pools.flatMap(keysOf));

  async function isExceeded(pools: readonly Pool[]): Promise<boolean> {
    const held = await heldOf(pools);
    return pools.some((pool) => keysOf(pool).filter((key) => held.has(key)).length > pool.keys.length);
  }

  return {
    async claim({ fixed, pools, own = [] }, { write, takeBack }) {
      const ours = new Set(own);
      const locked = lockedPools(pools, ours).filter(({ beyond = false }) => !beyond);
      const locks = locked.flatMap(({ lock }) => lock ?? []);
      for (let waits = 0; waits < MOST_WAITS;) {
        const held = await heldOf(pools);
        const chosen = pools.flatMap((pool) => chosenOf(pool, held, ours));
        try {
          const value = await write([...new Set([...fixed, ...chosen])], locks);
          if (!(await isExceeded(locked)) || !(await takeBack?.(value))) return { value };
        } catch (error) {
          const refused = refusedClaim(error);
          if (refused === null) throw error;
          if (kindOfClaim(refused) === 'lock') await waitForLock((waits += 1));
          else if (!chosen.includes(refused)) return { refused };
        }
      }
      throw conflict('try-again');
    },

    async lock(write) {
      for (let waits = 0; waits < MOST_WAITS; waits += 1) {
        try {
          return await write();
        } catch (error) {
          if (kindOfClaim(refusedClaim(error) ?? '') !== 'lock') throw error;
          await waitForLock(waits);
        }
      }
      return null;
    },
  };
}
