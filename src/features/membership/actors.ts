import type { FindActor } from '../../infra/export/index.js';
import type { CoursesStore } from './courses.store.js';
import type { PeopleStore } from './people.store.js';

/** Finds a person without a session, for jobs: with the rights that the latest launch and roster tell. */
export const createActorFinder =
  (
    people: Pick<PeopleStore, 'findPresent'>,
    courses: Pick<CoursesStore, 'membership' | 'findOptional'>,
  ): FindActor =>
  async (personId, courseId) => {
    const [person, course, membership] = await Promise.all([
      people.findPresent(personId),
      courses.findOptional(courseId),
      courses.membership(courseId, personId),
    ]);
    if (person === null || course === null || membership?.leftAt !== null) return null;
    const { role, centreRole, onTrial } = membership;
    return {
      ...{ personId, courseId, registrationId: person.registrationId, name: person.name },
      ...{ courseKey: course.key, courseTitle: course.title, role },
      ...(centreRole !== null && { centreRole }),
      ...(onTrial && { onTrial }),
    };
  };
