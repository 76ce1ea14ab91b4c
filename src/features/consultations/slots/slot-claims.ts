import { MINUTE } from '../../../shared/clock.js';
import { personClaims, type Identities } from '../../schedule/index.js';
import type { Series } from '../series/series.store.js';
import type { Span } from './intervals.js';

export type SlotClaims = (span: Span) => string[];

const shifted = (moment: Date, minutes: number): Date => new Date(moment.getTime() + minutes * MINUTE);

/** Returns what a slot of a series claims: its teacher's time, with the time before and after it that is kept free. */
export async function slotClaimsOf(
  identities: Pick<Identities, 'idsOf'>,
  series: Pick<Series, 'teacherId' | 'bufferBefore' | 'bufferAfter'>,
): Promise<SlotClaims> {
  const { teacherId, bufferBefore, bufferAfter } = series;
  const ids = (await identities.idsOf([teacherId])).get(teacherId) ?? [teacherId];
  return ({ startsAt, endsAt }) =>
    personClaims(ids, { startsAt: shifted(startsAt, -bufferBefore), endsAt: shifted(endsAt, bufferAfter) });
}
