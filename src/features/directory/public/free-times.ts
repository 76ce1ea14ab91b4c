import type { Actor } from '../../../shared/actor.js';

/** A time at which a teacher can be met, as the feature of consultations tells it. */
export interface FreeTime {
  readonly courseId: string;
  readonly slotId: string;
  readonly title: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** A time with the key of its course, as it stands in addresses. */
export interface BookableTime extends FreeTime {
  readonly courseKey: string;
}

/** Where cards get the next free times of a person. */
export interface FreeTimes {
  /** @param personIds the person's ids; one for each LMS */
  nextFreeOf(personIds: readonly string[], limit: number): Promise<readonly FreeTime[]>;
}

/** The same with the courses in which the times are booked. */
export interface BookableTimes {
  nextFreeOf(personIds: readonly string[], limit: number): Promise<readonly BookableTime[]>;
}

/**
 * Times as a card shows them, each with the page of its course where it is booked. Readers without a session of that
 * course are shown the ways in there, and come back to the time.
 */
export const freeTimesView = (times: readonly BookableTime[], actor: Actor | null) =>
  times.map(({ courseId, courseKey, slotId, title, startsAt, endsAt }) => ({
    ...{ title, startsAt, endsAt },
    address: `/c/${courseKey}/consultations/slots/${slotId}`,
    // A frame of one course does not turn into another course.
    elsewhere: actor !== null && actor.courseId !== courseId,
  }));
export type FreeTimeView = ReturnType<typeof freeTimesView>[number];
