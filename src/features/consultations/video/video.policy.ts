import { MINUTE } from '../../../shared/clock.js';
import type { Series } from '../series/series.store.js';
import type { Span } from '../slots/intervals.js';

/** A call that runs over is not cut off at the minute. */
const AFTER_MS = 30 * MINUTE;

/** Whether a series has video calls at all. */
export const isOnline = ({ video, link }: Pick<Series, 'video' | 'link'>): boolean =>
  video !== 'link' || link !== '';

/** When those who have booked can join. @param minutes before the beginning, a setting of the centre */
export const videoOpensAt = ({ startsAt }: Pick<Span, 'startsAt'>, minutes: number): Date =>
  new Date(startsAt.getTime() - minutes * MINUTE);

export const isVideoOver = ({ endsAt }: Pick<Span, 'endsAt'>, now: Date): boolean =>
  now.getTime() > endsAt.getTime() + AFTER_MS;

export const isVideoOpen = (span: Span, minutes: number, now: Date): boolean =>
  now >= videoOpensAt(span, minutes) && !isVideoOver(span, now);
