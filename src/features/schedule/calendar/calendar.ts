import type { Actor } from '../../../shared/actor.js';

/** Something that takes place at a time and that concerns a person. */
export interface CalendarEntry {
  /** `<kind>-<record id>`: the same for as long as the record is there. */
  readonly id: string;
  readonly courseId: string;
  readonly title: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** `free`: a time of the person's own that nobody has booked. */
  readonly state: 'planned' | 'free' | 'cancelled';
  /** In words; may be empty. */
  readonly place: string;
  /** The teacher, or those who have booked; may be empty. */
  readonly people: string;
  /** IANA name of the zone of the place. */
  readonly zone: string;
  /** Its page, below `/c/<course key>/`. */
  readonly path: string;
  /** Rises with every change (https://www.rfc-editor.org/rfc/rfc5545#section-3.8.7.4). */
  readonly sequence: number;
}

/** Whose entries are wanted. */
export interface CalendarOf {
  readonly personId: string;
  /** Of all courses if absent. */
  readonly courseId?: string;
  /** From this moment up to, and without, the other. */
  readonly from: Date;
  readonly to: Date;
}

/** What a feature puts into calendars: an entry of the registry of sources. */
export interface CalendarSource {
  /** First part of the ids of its entries. */
  readonly kind: string;
  /** In any order; cancelled ones too. */
  list(of: CalendarOf): Promise<CalendarEntry[]>;
  /** Returns null for what does not concern the actor. @param id of the record, of any form */
  findOptional(actor: Actor, id: string): Promise<CalendarEntry | null>;
}
