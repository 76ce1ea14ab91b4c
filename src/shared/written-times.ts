/** Dates and times as people write them in tables. */

/** "1.12.2026", "01/12/26", "2026-12-01" → `2026-12-01`; null for what is no date. */
export function dateOf(text: string): string | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})/.exec(text);
  const local = /^(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})/.exec(text);
  const [year, month, day] = iso
    ? [iso[1], iso[2], iso[3]]
    : local
      ? [local[3]?.length === 2 ? `20${local[3]}` : local[3], local[2], local[1]]
      : [];
  if (year === undefined || month === undefined || day === undefined) return null;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const known = new Date(`${date}T00:00Z`);
  return !Number.isNaN(known.getTime()) && known.toISOString().startsWith(date) ? date : null;
}

/** "9.00-10:35" → `09:00`, `10:35`. */
export const clockTimesIn = (text: string): string[] =>
  [...text.matchAll(/(?<!\d)([01]?\d|2[0-3])[:.]([0-5]\d)(?!\d)/g)].map(
    ([, hours = '', minutes = '']) => `${hours.padStart(2, '0')}:${minutes}`,
  );
