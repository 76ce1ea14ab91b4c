/** How a student's booking went. Texts under `consultations.held.mark.…`. */
export const MARKS = ['attended', 'late', 'excused', 'no-show'] as const;
export type Mark = (typeof MARKS)[number];

/** Returns true if the student was there. */
export const isPresent = (mark: Mark): boolean => mark === 'attended' || mark === 'late';

/** Attendance of one booking. */
export interface AttendanceEntry {
  readonly bookingId: string;
  /** Person id of the student. */
  readonly personId: string;
  readonly mark: Mark;
  /** Null unless the teacher gave points. */
  readonly points: number | null;
  /** For this student alone; may be empty. */
  readonly note: string;
}

export interface MinutesFile {
  readonly id: string;
  readonly name: string;
}

/** What is recorded of a slot once it has begun. */
export interface HeldRecord {
  readonly id: string;
  readonly courseId: string;
  readonly slotId: string;
  readonly seriesId: string;
  readonly entries: readonly AttendanceEntry[];
  /** For everyone who had booked. */
  readonly sharedNote: string;
  /** For the teacher's side alone. */
  readonly confidentialNote: string;
  readonly minutes: readonly MinutesFile[];
  /** Null until attendance is marked. */
  readonly markedAt: Date | null;
  /** Person id; '' until attendance is marked. */
  readonly markedBy: string;
  /** Rises with every change. */
  readonly version: number;
}

/** `missed`: attendance is marked and nobody was there. `planned` also if attendance is not marked yet. */
export type HeldState = 'planned' | 'held' | 'missed' | 'cancelled';

/** @param state of the slot. @param record null where nothing is recorded */
export function heldStateOf(
  state: string,
  record: Pick<HeldRecord, 'entries' | 'markedAt'> | null,
): HeldState {
  if (state === 'cancelled' || state === 'removed') return 'cancelled';
  const entries = record?.markedAt ? record.entries : [];
  if (entries.length === 0) return 'planned';
  return entries.some(({ mark }) => isPresent(mark)) ? 'held' : 'missed';
}
