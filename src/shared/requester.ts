import type { Actor } from './actor.js';

/** Who asks for a file that takes a while: the file is given to this requester alone. */
export interface Requester {
  /** `person`: of a course; `staff`: has signed in at `/staff`; `admin`: has signed in at `/admin`. */
  readonly kind: 'person' | 'staff' | 'admin';
  /** Of the person, of the card, or of the administrator. */
  readonly id: string;
  /** '' outside courses. */
  readonly courseId: string;
  /** A person with the rights of this moment; null for others. */
  readonly actor: Actor | null;
}

export const personAsking = (actor: Actor): Requester => ({
  kind: 'person',
  id: actor.personId,
  courseId: actor.courseId,
  actor,
});
