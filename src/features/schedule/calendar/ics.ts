import type * as Ical from 'ical-generator';
import { lazyPackage } from '../../../shared/lazy-package.js';
import { oneLine } from '../../../shared/lines.js';
import type { CalendarEntry } from './calendar.js';

const ical = lazyPackage<typeof Ical>('ical-generator');

export interface IcsOptions {
  /** Host name of this tool, the second part of every UID. */
  readonly host: string;
  /** Name of the calendar. */
  readonly name: string;
  readonly now: Date;
}

/**
 * Writes entries as iCalendar (https://www.rfc-editor.org/rfc/rfc5545). Times are in UTC: a calendar shows them in
 * its reader's zone, and nothing depends on the zone of this server.
 */
export function icsOf(entries: readonly CalendarEntry[], { host, name, now }: IcsOptions): string {
  const { default: newCalendar, ICalCalendarMethod, ICalEventStatus } = ical();
  const calendar = newCalendar({
    name: oneLine(name),
    prodId: { company: 'Nastavnik', product: 'Nastavnik', language: 'RU' },
    method: ICalCalendarMethod.PUBLISH,
  });
  for (const entry of entries) {
    const cancelled = entry.state === 'cancelled';
    calendar.createEvent({
      id: `${entry.id}@${host}`,
      sequence: entry.sequence,
      stamp: now,
      start: entry.startsAt,
      end: entry.endsAt,
      // A line end in a title would begin a line of its own.
      summary: oneLine(entry.title),
      location: oneLine(entry.place) || null,
      description: oneLine(entry.people) || null,
      status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    });
  }
  return calendar.toString();
}
