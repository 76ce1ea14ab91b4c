import { HOUR } from '../../../shared/clock.js';

/** What a consultation is for. Texts under `consultations.type.…`. */
export const TYPES = ['individual', 'group', 'class', 'online', 'beforeInterim', 'beforeFinal'] as const;
export type ConsultationType = (typeof TYPES)[number];

/** Whether a student is asked what the consultation is to be about. */
export const QUESTIONS = ['none', 'optional', 'required'] as const;
export type QuestionRule = (typeof QUESTIONS)[number];

/** Whether students see the names of the others who come. */
export const NAMES = ['hidden', 'shown'] as const;
export type NamesRule = (typeof NAMES)[number];

/** What a series is called and what rules it has; may change while it runs. */
export interface Terms {
  readonly title: string;
  /** Where in words; empty when it takes place by `link` alone. */
  readonly place: string;
  /** Address of the video call; empty when there is none. Shown to those who have booked. */
  readonly link: string;
  readonly description: string;
  /** Seats in every slot. Only ever rises: a seat once promised stays. */
  readonly capacity: number;
  readonly question: QuestionRule;
  /** Hours before a slot begins at which booking, and cancelling by the student, come to an end. */
  readonly closesHours: number;
  readonly cancelHours: number;
  readonly names: NamesRule;
}

/** How something came to its end, and by whom. */
export interface Cancellation {
  readonly at: Date;
  /** Person id. */
  readonly by: string;
  /** Whether the person acted as the student who had booked, or for the teacher's side. */
  readonly side: 'student' | 'teacher';
  readonly reason: string;
}

/** No slot is longer, in ms. */
export const LONGEST_SLOT = 8 * HOUR;
