import { setTimeout as pause } from 'node:timers/promises';
import { conflict, type DomainError } from '../../shared/errors.js';
import { kindOfClaim } from './claims.js';
import { refusedClaim, type TimesStore } from './times.store.js';

/** Claims of which some are needed, whichever are free: the seats of a slot. */
export interface Pool {
  readonly keys: readonly string[];
  readonly take: number;
  /** Makes the error when too few are free. */
  readonly refusal: () => DomainError;
}

/** What may not become more: the bookings of a person in a week. */
export interface Limit {
  /** Counts what is stored, without the document that is being written. */
  isReached(): Promise<boolean>;
  /** Makes the error where it is reached. */
  readonly refusal: () => DomainError;
}

export interface ClaimRequest {
  /** All of these are needed. */
  readonly fixed: readonly string[];
  readonly pools: readonly Pool[];
  /** Claims that the document holds already; they are taken first. */
  readonly own?: readonly string[];
  /** Held while the limits are counted: by one document at a time. */
  readonly locks?: readonly string[];
  readonly limits?: readonly Limit[];
}

export interface ClaimAttempt<Value> {
  /**
   * One write of one document, which fails with a duplicate key if a claim is held.
   * @param locks to be held as the claims are, and given up by the write that makes the document stand
   */
  readonly write: (claims: string[], locks: readonly string[]) => Promise<Value>;
  /** Undoes the write, with its locks, where a limit is reached. Returns false if there was nothing to undo. */
  readonly takeBack?: (value: Value) => Promise<boolean>;
}

export interface Claims {
  /**
   * Chooses free claims and has them written; the unique index decides, and a choice that was taken meanwhile is made
   * again.
   *
   * No index counts for a limit, and what is counted before a write may be another number when it is written. So limits
   * are counted after the write, under the locks: nothing comes into them then, and what leaves makes room.
   * @returns what `write` returns, or the fixed claim for which it was refused
   * @throws the refusal of a pool with too few free claims, or of a limit that is reached; 409 `try-again` if a lock
   *   stays held
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

function chosenOf(
  { keys, take, refusal }: Pool,
  held: ReadonlySet<string>,
  own: ReadonlySet<string>,
): string[] {
  const kept = keys.filter((key) => own.has(key)).slice(0, take);
  const free = rotated(keys.filter((key) => !held.has(key) && !own.has(key)));
  const chosen = [...kept, ...free.slice(0, take - kept.length)];
  if (chosen.length < take) throw refusal();
  return chosen;
}

/** The refusal of the first limit that is reached. */
async function refusalOf(limits: readonly Limit[]): Promise<DomainError | null> {
  for (const limit of limits) if (await limit.isReached()) return limit.refusal();
  return null;
}

/** A lock is held for two or three statements; that of a killed process until a job has settled its document. */
const MOST_WAITS = 20;
const LONGEST_WAIT_MS = 160;

const waitForLock = (waits: number): Promise<void> => pause(Math.min(LONGEST_WAIT_MS, 5 * 2 ** waits));

export function createClaims(times: TimesStore): Claims {
  return {
    async claim({ fixed, pools, own = [], locks = [], limits = [] }, { write, takeBack }) {
      const ours = new Set(own);
      const poolKeys = pools.flatMap(({ keys }) => keys);
      for (let waits = 0; waits < MOST_WAITS;) {
        const held = poolKeys.length === 0 ? new Set<string>() : await times.listHeld(poolKeys);
        const chosen = pools.flatMap((pool) => chosenOf(pool, held, ours));
        // Spares the write where the answer is known.
        const known = await refusalOf(limits);
        if (known !== null) throw known;
        try {
          const value = await write([...new Set([...fixed, ...chosen])], locks);
          const refusal = await refusalOf(limits);
          if (refusal !== null && (await takeBack?.(value))) throw refusal;
          return { value };
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
