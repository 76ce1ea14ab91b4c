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

/** How attendance becomes a score of the series. */
export const GRADINGS = ['none', 'fixed', 'mean', 'max', 'sum'] as const;
export type Grading = (typeof GRADINGS)[number];

/** How the video call of a series is made. */
export const VIDEOS = ['link', 'own', 'jitsi', 'bbb'] as const;
export type VideoWay = (typeof VIDEOS)[number];

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
