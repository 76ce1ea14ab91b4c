import type { Actor } from '../../../shared/actor.js';

/** A time at which a teacher can be met, as the feature of consultations tells it. */
export interface FreeTime {
  readonly courseId: string;
  readonly slotId: string;
  readonly title: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** Where cards get the next free times of a person. */
export interface FreeTimes {
  /** @param personIds the person's ids; one for each LMS */
  nextFreeOf(personIds: readonly string[], limit: number): Promise<readonly FreeTime[]>;
}

/** Times as a card shows them: a time of the reader's own course leads to its page, where it is booked. */
export const freeTimesView = (times: readonly FreeTime[], actor: Actor | null) =>
  times.map(({ courseId, slotId, title, startsAt, endsAt }) => ({
    title,
    startsAt,
    endsAt,
    path: actor !== null && actor.courseId === courseId ? `consultations/slots/${slotId}` : null,
  }));
