/** Returns whole years from a day, `YYYY-MM-DD`, until now; 0 for a day to come. */
export function yearsSince(day: string, now: Date): number {
  const today = now.toISOString().slice(0, 10);
  const years = Number(today.slice(0, 4)) - Number(day.slice(0, 4));
  return Math.max(0, today.slice(5) < day.slice(5) ? years - 1 : years);
}
