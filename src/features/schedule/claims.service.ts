import type { DomainError } from '../../shared/errors.js';
import { refusedClaim, type TimesStore } from './times.store.js';

/** Claims of which some are needed, whichever are free: the seats of a slot, the bookings of a limit. */
export interface Pool {
  readonly keys: readonly string[];
  /** Held by what is more than the pool has: it counts against the pool until it is gone. */
  readonly over?: readonly string[];
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

export interface Claims {
  /**
   * Chooses free claims and has them written; the unique index decides, and a choice that was taken meanwhile is made
   * again.
   * @param write one write of one document, which fails with a duplicate key if a claim is held
   * @returns what `write` returns, or the fixed claim for which it was refused
   * @throws the refusal of a pool with too few free claims
   */
  claim<Value>(
    request: ClaimRequest,
    write: (claims: string[]) => Promise<Value>,
  ): Promise<{ readonly value: Value } | { readonly refused: string }>;
}

/** Those who come at the same moment begin at different claims, and so seldom want the same one. */
function rotated(keys: readonly string[]): string[] {
  const first = Math.floor(Math.random() * keys.length);
  return [...keys.slice(first), ...keys.slice(0, first)];
}

function chosenOf(
  { keys, over = [], take, refusal, beyond = false }: Pool,
  held: ReadonlySet<string>,
  own: ReadonlySet<string>,
): string[] {
  const kept = [...keys, ...over].filter((key) => own.has(key)).slice(0, take);
  const isFree = (key: string): boolean => !held.has(key) && !own.has(key);
  const exceeding = over.filter((key) => held.has(key) && !own.has(key)).length;
  const unheld = keys.filter(isFree);
  // Requests that see the same claims held want the same ones then, so that no two take what one may have.
  const free = exceeding === 0 ? rotated(unheld) : unheld.slice(0, Math.max(0, unheld.length - exceeding));
  const wanted = beyond ? [...free, ...over.filter(isFree)] : free;
  const chosen = [...kept, ...wanted.slice(0, take - kept.length)];
  if (chosen.length < take && !beyond) throw refusal();
  return chosen;
}

export function createClaims(times: TimesStore): Claims {
  return {
    async claim({ fixed, pools, own = [] }, write) {
      const ours = new Set(own);
      const poolKeys = pools.flatMap(({ keys, over = [] }) => [...keys, ...over]);
      for (;;) {
        const held = poolKeys.length === 0 ? new Set<string>() : await times.listHeld(poolKeys);
        const chosen = pools.flatMap((pool) => chosenOf(pool, held, ours));
        try {
          return { value: await write([...new Set([...fixed, ...chosen])]) };
        } catch (error) {
          const refused = refusedClaim(error);
          if (refused === null) throw error;
          if (!chosen.includes(refused)) return { refused };
        }
      }
    },
  };
}
