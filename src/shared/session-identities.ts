import type { PersonName } from './names.js';
import type { Role } from './roles.js';

/**
 * Everything one browser session may act as. A browser can hold several LMSs open at once, and several
 * courses of each; each URL names its course and so picks the identity it acts from.
 */
export interface SessionIdentities {
  readonly identities: readonly SessionIdentity[];
}

/** A platform has said that somebody administers it. */
export interface AdministratorWord {
  /** Ms since 1970. */
  readonly at: number;
  /** The address of the keys by which it was signed: under others it counts no longer. */
  readonly jwksUrl: string;
}

/** One person of one registration. There is at most one per registration: the newest launch wins. */
export interface SessionIdentity {
  readonly registrationId: string;
  readonly personId: string;
  readonly name: PersonName;
  /** The platform's word that they administer it; the newest launch says whether they do. */
  readonly administrator?: AdministratorWord;
  /** Kept while the person stays, so that forms open in other tabs survive a new launch; new with the person. */
  readonly csrf: string;
  /** Newest last. */
  readonly courses: readonly SessionEnrolment[];
}

export interface SessionEnrolment {
  readonly courseId: string;
  readonly courseKey: string;
  readonly courseTitle: string;
  readonly role: Role;
  /** When the platform vouched for all of this, ms since 1970. */
  readonly launchedAt: number;
  /** `launch_presentation.locale`, when it is one of ours. */
  readonly locale?: string;
  /** IANA time zone from the launch, when the LMS told one. */
  readonly zone?: string;
  /** Origins that may frame this course's pages. */
  readonly frameOrigins: readonly string[];
  /** The course is looked at as a student sees it. Ends with the next launch. */
  readonly viewing?: Viewing;
}

/** As whom somebody looks: a student of the course, or themselves if they were one. */
export interface Viewing {
  readonly personId: string;
  readonly name: PersonName;
}

export const NO_IDENTITIES: SessionIdentities = { identities: [] };

/** A browser that walks through very many courses forgets the oldest ones rather than growing its session. */
const MAX_COURSES = 40;

/**
 * The identities after a launch: the person's other courses stay, this course's identity is replaced, and another
 * person of the same registration goes with all their courses.
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

/** The identities in which one course is looked at as somebody else; null ends it. */
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

/** The identity from which a URL of this course acts, or null. */
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
