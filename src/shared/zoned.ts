/** Wall-clock times of a zone, as `<input type="datetime-local">` has them, to instants and back. */

const LOCAL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::\d{2}(?:\.\d{1,3})?)?$/;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Intl objects are slow to make and safe to share. */
function format(zone: string): Intl.DateTimeFormat {
  let made = formats.get(zone);
  if (made === undefined) {
    made = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formats.set(zone, made);
  }
  return made;
}

/** Returns "2026-11-23T14:05": the wall clock of `zone` (IANA) at this instant, to the minute. */
export function localAt(instant: Date, zone: string): string {
  const parts = Object.fromEntries(
    format(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const year = (parts.year ?? '').padStart(4, '0');
  return `${year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

/**
 * Returns the instant at which the clocks of `zone` show this time, null if it is not a date. For an hour that comes twice
 * (clocks set back) it is the first; for a skipped one (set forward) it is the instant as long after the change.
 * @param local "2026-11-23T14:05"; seconds are dropped
 */
export function instantAt(local: string, zone: string): Date | null {
  const parts = LOCAL.exec(local);
  if (parts === null) return null;
  const [year, month, day, hour, minute] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  const written = new Date(wall);
  // Date.UTC would make 2 March of 30 February.
  if (Number.isNaN(wall) || written.toISOString().slice(0, 16) !== local.slice(0, 16)) return null;
  // Offsets differ from one side of a change of clocks to the other; a day apart both are seen.
  const offsets = [-86_400_000, 86_400_000].map((shift) => offsetAt(new Date(wall + shift), zone));
  const candidates = offsets.map((offset) => new Date(wall - offset));
  const exact = candidates.filter((instant) => localAt(instant, zone) === local.slice(0, 16));
  const earliest = exact.sort((a, b) => a.getTime() - b.getTime())[0];
  return earliest ?? candidates[0] ?? null;
}

/** Returns the milliseconds by which the clocks of `zone` are ahead of UTC. */
function offsetAt(instant: Date, zone: string): number {
  const minute = Math.floor(instant.getTime() / 60_000) * 60_000;
  return Date.parse(`${localAt(instant, zone)}:00Z`) - minute;
}
