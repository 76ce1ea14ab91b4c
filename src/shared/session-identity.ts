import type { PersonName } from './names.js';

/** A platform's statement that a person administers it. */
export interface AdministratorWord {
  /** Ms since 1970. */
  readonly at: number;
  /** Address of the key set that signed it; the statement ends if the registration gets another one. */
  readonly jwksUrl: string;
}

/**
 * What a session holds: one person of one registration in one course. Each launch makes a session of its own, so that
 * launches at the same moment do not overwrite each other.
 */
export interface SessionIdentity {
  readonly registrationId: string;
  readonly personId: string;
  readonly name: PersonName;
  /** Set if the launch says that the person administers the platform. */
  readonly administrator?: AdministratorWord;
  readonly course: SessionEnrolment;
}

export interface SessionEnrolment {
  readonly courseId: string;
  readonly courseKey: string;
  readonly courseTitle: string;
  /** Time of the launch, ms since 1970. */
  readonly launchedAt: number;
  /** `launch_presentation.locale`, if it is an available language. */
  readonly locale?: string;
  /** IANA time zone from the launch, if the LMS sent one. */
  readonly zone?: string;
  /** Origins that may frame this course's pages. */
  readonly frameOrigins: readonly string[];
  /** Where the platform takes the person back to its course. Holds a key of theirs: never logged. */
  readonly returnUrl?: string;
  /**
   * Set for a session by a sign-in link: the only page that it opens, below the course, the only form of that page that
   * it sends (its address below the page; '' for none), and until when (ms since 1970).
   */
  readonly only?: { readonly path: string; readonly action?: string; readonly until: number };
  /** Set while the person views the course as a student. Ends with the next launch. */
  readonly viewing?: Viewing;
}

/** Whom the person views the course as: a student of the course, or themselves as a student. */
export interface Viewing {
  readonly personId: string;
  readonly name: PersonName;
}

/** Returns the identity with a view of its course as another person; null ends the view. */
export function lookAs(identity: SessionIdentity, as: Viewing | null): SessionIdentity {
  const { viewing: _, ...course } = identity.course;
  return { ...identity, course: as === null ? course : { ...course, viewing: as } };
}
