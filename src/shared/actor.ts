import type { PersonName } from './names.js';
import type { CentreRole, Role } from './roles.js';
import type { AdministratorWord } from './session-identity.js';

/** What a person may do in a course now. */
export interface Rights {
  readonly role: Role;
  /** What the person may do beyond the course; absent for most people. */
  readonly centreRole?: CentreRole;
  /** Set for a person who teaches in the course and has launched as a student. */
  readonly onTrial?: true;
}

/**
 * The person who acts in a course, as the launch named them, with the rights of this moment. Every handler under `/c/<course key>/` has an actor and
 * checks every id against `courseId`.
 */
export interface Actor extends Rights {
  readonly personId: string;
  readonly registrationId: string;
  readonly courseId: string;
  readonly courseKey: string;
  readonly courseTitle: string;
  readonly name: PersonName;
  /** IP address of the request, as the configured proxies tell it. Absent where there is no request. */
  readonly address?: string;
  /** Absent unless the platform named the person as an administrator of the platform. */
  readonly administrator?: AdministratorWord;
  /** The real person, if they view the course as another one or with another role; then no change is allowed. */
  readonly viewer?: Viewer;
}

export interface Viewer {
  readonly personId: string;
  readonly name: PersonName;
  readonly role: Role;
}
