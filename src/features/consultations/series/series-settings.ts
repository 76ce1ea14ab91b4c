import { HOUR } from '../../../shared/clock.js';

/** Types that every centre begins with. Texts under `consultations.type.…`. */
export const BUILT_IN_TYPES = [
  'individual',
  'group',
  'class',
  'online',
  'beforeInterim',
  'beforeFinal',
  'asynchronous',
] as const;

/** The type without times: its students ask in deferred form (`features/questions`). */
export const ASYNCHRONOUS = 'asynchronous';

/** Id of a type: a built-in one, or of a record that an administrator made. */
export type ConsultationType = string;

export const FORMS = ['individual', 'group'] as const;
export type ConsultationForm = (typeof FORMS)[number];

/** What a consultation is for. */
export const PURPOSES = ['ordinary', 'beforeInterim', 'beforeFinal'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Whether a student is asked what the consultation is to be about. */
export const QUESTIONS = ['none', 'optional', 'required'] as const;
export type QuestionRule = (typeof QUESTIONS)[number];

/** Of the files of one booking; a series may set less. */
export const FILE_LIMITS = { files: 10, megabytes: 20 } as const;

/** Whether each student has to book. */
export const REQUIRED = ['no', 'yes'] as const;

/** Whether students see the names of the others who come. */
export const NAMES = ['hidden', 'shown'] as const;
export type NamesRule = (typeof NAMES)[number];

/** Whether a booking waits for the teacher's yes. */
export const APPROVALS = ['none', 'required'] as const;
export type ApprovalRule = (typeof APPROVALS)[number];

/** How the people meet. */
export const MODES = ['inPerson', 'video', 'telephone', 'messenger'] as const;
export type Mode = (typeof MODES)[number];

/** How the video call of a series is made. */
export const VIDEOS = ['link', 'own', 'jitsi', 'bbb'] as const;
export type VideoWay = (typeof VIDEOS)[number];

/** How attendance becomes a score of the series. */
export const GRADINGS = ['none', 'fixed', 'mean', 'max', 'sum'] as const;
export type Grading = (typeof GRADINGS)[number];

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
