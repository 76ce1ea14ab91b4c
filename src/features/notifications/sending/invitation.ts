import { createHash } from 'node:crypto';
import type * as Ical from 'ical-generator';
import { lazyPackage } from '../../../shared/lazy-package.js';
import type { CalendarEntry } from '../kinds/kind.js';

const ical = lazyPackage<typeof Ical>('ical-generator');

interface Party {
  readonly name: string;
  readonly address: string;
}

/** Writes an appointment as an invitation or a cancellation (RFC 5545, RFC 5546, 3.2.2 and 3.2.5). */
export function invitationOf(
  entry: CalendarEntry,
  { organizer, attendee, host, at }: { organizer: Party; attendee: Party; host: string; at: Date },
): string {
  const cancelled = entry.method === 'CANCEL';
  const {
    default: newCalendar,
    ICalAttendeeRole,
    ICalAttendeeStatus,
    ICalCalendarMethod,
    ICalEventStatus,
  } = ical();
  const calendar = newCalendar({
    method: cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.REQUEST,
    prodId: { company: 'Nastavnik', product: 'Nastavnik' },
  });
  calendar.createEvent({
    id: `${createHash('sha256').update(entry.uid).digest('hex').slice(0, 32)}@${host}`,
    sequence: entry.sequence,
    stamp: at,
    start: entry.startsAt,
    end: entry.endsAt,
    summary: entry.title,
    location: entry.place === '' ? entry.link : entry.place,
    ...(entry.link !== '' && { url: entry.link }),
    status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    organizer: { name: organizer.name || organizer.address, email: organizer.address },
    attendees: [
      {
        name: attendee.name || attendee.address,
        email: attendee.address,
        role: ICalAttendeeRole.REQ,
        status: cancelled ? ICalAttendeeStatus.DECLINED : ICalAttendeeStatus.ACCEPTED,
        rsvp: false,
      },
    ],
  });
  return calendar.toString();
}
