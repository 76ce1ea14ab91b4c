import type { Actor } from '../../../shared/actor.js';
import { notFound } from '../../../shared/errors.js';
import type { MembershipFeature } from '../../membership/index.js';

export type Membership = Pick<MembershipFeature, 'people' | 'courses'>;

/** The person as they may act in the course at this moment. @throws DomainError `not-found` for a person who is not in it */
export async function actorFor(
  { people, courses }: Membership,
  { personId, courseId }: { readonly personId: string; readonly courseId: string },
): Promise<Actor> {
  const [person, course, membership] = await Promise.all([
    people.findPresent(personId),
    courses.findOptional(courseId),
    courses.membership(courseId, personId),
  ]);
  if (person === null || course === null || membership?.leftAt !== null) throw notFound();
  return {
    personId,
    registrationId: person.registrationId,
    courseId,
    courseKey: course.key,
    courseTitle: course.title,
    role: membership.role,
    name: person.name,
  };
}
