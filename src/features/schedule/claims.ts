import { MINUTE } from '../../shared/clock.js';

/*
 * A claim is a text that says what is held: five minutes of a person or a place, a seat of a slot, the lock under which
 * limits are counted. One unique index over the claims of all documents decides every conflict.
 */

/** What holds time begins and ends on this grid, so that time taken can be told by equality of claims. */
export const GRID_MS = 5 * MINUTE;

/** From an instant up to, and without, another. */
export interface Interval {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

function cellsOf({ startsAt, endsAt }: Interval): number[] {
  const cells: number[] = [];
  const last = Math.ceil(endsAt.getTime() / GRID_MS);
  for (let cell = Math.floor(startsAt.getTime() / GRID_MS); cell < last; cell += 1) cells.push(cell);
  return cells;
}

/** Claims the time of people. @param personIds a person who is known to several LMSs has several */
export const personClaims = (personIds: readonly string[], interval: Interval): string[] =>
  personIds.flatMap((personId) => cellsOf(interval).map((cell) => `p:${personId}:${cell}`));

/** Claims the time of a place. */
export const placeClaims = (placeId: string, interval: Interval): string[] =>
  cellsOf(interval).map((cell) => `r:${placeId}:${cell}`);

/** All seats of a slot. */
export const seatClaims = (slotId: string, capacity: number): string[] =>
  Array.from({ length: capacity }, (_, seat) => `s:${slotId}:${seat}`);

/** Held by what comes into limits, while they are counted. @param limits says of whom and of what, without spaces */
export const limitLock = (limits: string): string => `x:${limits}`;

/** Joins the waiting list of a slot once. */
export const waitingClaim = (slotId: string, personId: string): string => `w:${slotId}:${personId}`;

export type ClaimKind = 'person' | 'place' | 'seat' | 'lock' | 'waiting';

const KINDS: Readonly<Record<string, ClaimKind>> = {
  p: 'person',
  r: 'place',
  s: 'seat',
  x: 'lock',
  w: 'waiting',
};

export const kindOfClaim = (claim: string): ClaimKind | null => KINDS[claim.split(':')[0] ?? ''] ?? null;

/** The id in a claim of a person's or a place's time. */
export const holderOf = (claim: string): string => claim.split(':')[1] ?? '';

/** Rewrites the claims of one person for another. */
export const claimsFor = (claims: readonly string[], from: string, to: string): string[] =>
  claims.map((claim) =>
    claim.replace(`p:${from}:`, `p:${to}:`).replace(new RegExp(`^(w:[^:]+:)${from}$`), `$1${to}`),
  );
