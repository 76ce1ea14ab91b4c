import type { PersonName } from './names.js';
import type { Role } from './roles.js';

/**
 * The identities of a browser session. A browser can have several LMSs and several courses of each open; each URL names
 * its course, which selects the identity.
 */
export interface SessionIdentities {
  readonly identities: readonly SessionIdentity[];
}

/** A platform's statement that a person administers it. */
export interface AdministratorWord {
  /** Ms since 1970. */
  readonly at: number;
  /** Address of the key set that signed it; the statement ends if the registration gets another one. */
  readonly jwksUrl: string;
}

/** One person of one registration. There is at most one per registration: the newest launch wins. */
export interface SessionIdentity {
  readonly registrationId: string;
  readonly personId: string;
  readonly name: PersonName;
  /** Set if the newest launch says that the person administers the platform. */
  readonly administrator?: AdministratorWord;
  /** CSRF token. Stays for the same person, so that forms open in other tabs survive a new launch. */
  readonly csrf: string;
  /** Newest last. */
  readonly courses: readonly SessionEnrolment[];
}

export interface SessionEnrolment {
  readonly courseId: string;
  readonly courseKey: string;
  readonly courseTitle: string;
  readonly role: Role;
  /** Time of the launch, ms since 1970. */
  readonly launchedAt: number;
  /** `launch_presentation.locale`, if it is an available language. */
  readonly locale?: string;
  /** IANA time zone from the launch, if the LMS sent one. */
  readonly zone?: string;
  /** Origins that may frame this course's pages. */
  readonly frameOrigins: readonly string[];
  /** Set for a session by a sign-in link: the only page that it opens, below the course, and until when (ms since 1970). */
  readonly only?: { readonly path: string; readonly until: number };
  /** Set while the person views the course as a student. Ends with the next launch. */
  readonly viewing?: Viewing;
}

/** Whom the person views the course as: a student of the course, or themselves as a student. */
export interface Viewing {
  readonly personId: string;
  readonly name: PersonName;
}

export const NO_IDENTITIES: SessionIdentities = { identities: [] };

/** Above this number the oldest courses are dropped, so that the session stays small. */
const MAX_COURSES = 40;

/**
 * Returns the identities after a launch: the person's other courses stay, this course's enrolment is replaced, and
 * another person of the same registration is removed with all courses.
 */
export function addLaunch(
  identities: SessionIdentities,
  launch: Omit<SessionIdentity, 'csrf' | 'courses'> & { readonly course: SessionEnrolment },
  newCsrf: () => string,
): SessionIdentities {
  const { course, ...person } = launch;
  const before = identities.identities.find((identity) => identity.registrationId === person.registrationId);
  const same = before?.personId === person.personId ? before : undefined;
  const others = same?.courses.filter((other) => other.courseKey !== course.courseKey) ?? [];
  const identity: SessionIdentity = {
    ...person,
    csrf: same?.csrf ?? newCsrf(),
    courses: [...others, course].slice(-MAX_COURSES),
  };
  return {
    ...identities,
    identities: [...identities.identities.filter((identity) => identity !== before), identity],
  };
}

/** Returns the identities with a view of one course as another person; null ends the view. */
export const lookAs = (
  identities: SessionIdentities,
  courseKey: string,
  as: Viewing | null,
): SessionIdentities => ({
  ...identities,
  identities: identities.identities.map((identity) => ({
    ...identity,
    courses: identity.courses.map((course) => {
      if (course.courseKey !== courseKey) return course;
      const { viewing: _, ...rest } = course;
      return as === null ? rest : { ...rest, viewing: as };
    }),
  })),
});

export interface FoundIdentity {
  readonly identity: SessionIdentity;
  readonly course: SessionEnrolment;
}

/** Returns the identity for URLs of this course, or null. */
export function findIdentity(
  identities: SessionIdentities | undefined,
  courseKey: string,
): FoundIdentity | null {
  for (const identity of identities?.identities ?? []) {
    const course = identity.courses.find((course) => course.courseKey === courseKey);
    if (course) return { identity, course };
  }
  return null;
}
