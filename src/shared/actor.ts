import type { PersonName } from './names.js';
import type { Role } from './roles.js';
import type { AdministratorWord } from './session-identities.js';

/**
 * Who acts, and where: one person in one course, as the LMS vouched for at launch. Every handler under
 * `/c/<course key>/` has one; every id it touches is checked against `courseId`.
 */
export interface Actor {
  readonly personId: string;
  readonly registrationId: string;
  readonly courseId: string;
  readonly courseKey: string;
  readonly courseTitle: string;
  readonly role: Role;
  readonly name: PersonName;
  /** Absent when the platform has not said that they administer the platform itself. */
  readonly administrator?: AdministratorWord;
  /** Who really looks, where the actor is somebody else, or less, than they are; such a person changes nothing. */
  readonly viewer?: Viewer;
}

export interface Viewer {
  readonly personId: string;
  readonly name: PersonName;
  readonly role: Role;
}
