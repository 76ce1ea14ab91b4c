import { MINUTE } from '../../../shared/clock.js';
import { personClaims, placeClaims, type Identities } from '../../schedule/index.js';
import type { Series } from '../series/series.store.js';
import type { Span } from './intervals.js';

export type SlotClaims = (span: Span) => string[];

/** Whose time a slot takes: that of a teacher, with what is kept free before and after it, and of a room. */
export type ClaimedBy = Pick<Series, 'teacherId' | 'roomId' | 'bufferBefore' | 'bufferAfter'>;

const shifted = (moment: Date, minutes: number): Date => new Date(moment.getTime() + minutes * MINUTE);

/** The same for a slot that is there: it may have another teacher or another room than its series. */
export const claimedBy = (
  { bufferBefore, bufferAfter }: Pick<Series, 'bufferBefore' | 'bufferAfter'>,
  { teacherId, roomId }: { readonly teacherId: string; readonly roomId: string },
): ClaimedBy => ({ teacherId, roomId, bufferBefore, bufferAfter });

/** Returns what a slot claims: its teacher's time, with the time before and after it that is kept free, and its room's. */
export async function slotClaimsOf(
  identities: Pick<Identities, 'idsOf'>,
  { teacherId, roomId, bufferBefore, bufferAfter }: ClaimedBy,
): Promise<SlotClaims> {
  const ids = (await identities.idsOf([teacherId])).get(teacherId) ?? [teacherId];
  return ({ startsAt, endsAt }) => [
    ...personClaims(ids, {
      startsAt: shifted(startsAt, -bufferBefore),
      endsAt: shifted(endsAt, bufferAfter),
    }),
    ...(roomId === '' ? [] : placeClaims(roomId, { startsAt, endsAt })),
  ];
}
