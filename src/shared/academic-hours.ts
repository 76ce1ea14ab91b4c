import { MINUTE } from './clock.js';

/** Hundredths of an hour, so that sums of rows are the sums that are shown. */
export const roundedHours = (hours: number): number => Math.round(hours * 100) / 100;

/**
 * Counts academic hours between two moments. The journal and the reports count by this rule.
 * @param minutes length of an academic hour: the centre sets it
 */
export const academicHours = (startsAt: Date, endsAt: Date, minutes: number): number =>
  roundedHours((endsAt.getTime() - startsAt.getTime()) / MINUTE / minutes);
