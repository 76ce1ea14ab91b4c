import type { Actor } from '../../src/shared/actor.js';

/** Who and where, for seeding: the demo LMS's people and courses as the tool knows them. */
export interface SeedContext {
  /** Now, for dates of the week that is seeded. */
  readonly now: Date;
  readonly registrationId: string;
  /** Id of a person in the LMS (scripts/demo-lms/centre.ts) → id of the person here. */
  readonly people: ReadonlyMap<string, string>;
  /** Id of a course in the LMS → id of the course here. */
  readonly courses: ReadonlyMap<string, string>;
  /** Acts as this person in this course, with the role they have there. Both ids are the LMS's. */
  actor(personId: string, courseId: string): Actor;
}
