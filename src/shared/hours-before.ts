const HOUR_MINUTES = 60;

/** Returns hours written as "24, 1" in minutes; 0 hours are none. */
export const minutesBefore = (hours: string): number[] =>
  hours
    .split(',')
    .map((part) => Math.round(Number(part.trim()) * HOUR_MINUTES))
    .filter((minutes) => minutes > 0);
