import type { PersonName } from './names.js';
import type { Role } from './roles.js';
import type { AdministratorWord } from './session-identity.js';

/**
 * The person who acts in a course, as the launch named them. Every handler under `/c/<course key>/` has an actor and
 * checks every id against `courseId`.
 */
export interface Actor {
  readonly personId: string;
  readonly registrationId: string;
  readonly courseId: string;
  readonly courseKey: string;
  readonly courseTitle: string;
  readonly role: Role;
  readonly name: PersonName;
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
