const USUAL = '01.09, 01.01';

/**
 * Returns the first day of the term to which a day belongs.
 * @param date `YYYY-MM-DD`
 * @param starts days and months on which terms begin, "01.09, 01.01"; '' for these
 */
export function termOf(date: string, starts: string): string {
  const days = (starts || USUAL)
    .split(',')
    .map((day) => day.trim().split('.').reverse().join('-'))
    .sort();
  const year = Number(date.slice(0, 4));
  const begun = days.filter((day) => `${year}-${day}` <= date).at(-1);
  return begun === undefined ? `${year - 1}-${days.at(-1) ?? ''}` : `${year}-${begun}`;
}
