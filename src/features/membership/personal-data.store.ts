import type { Connection } from 'mongoose';
import type { PersonalData } from '../../shared/personal-data.js';
import type { CoursesStore, Membership } from './courses.store.js';
import type { PeopleStore } from './people.store.js';

/** Who the person is, and where they were seen. The record itself is closed before (`PeopleStore.close`). */
export function createMembershipPersonalData(
  connection: Connection,
  { people, courses }: { people: PeopleStore; courses: CoursesStore },
): PersonalData {
  const memberships = connection.model<Membership>('Membership');
  const placesOf = (personId: string): Promise<Membership[]> => courses.membershipsOf([personId]);

  return {
    async dataOf({ personId }) {
      const [person, places] = await Promise.all([people.findOptional(personId), placesOf(personId)]);
      const found = await courses.findMany(places.map(({ courseId }) => courseId));
      return {
        person: person === null ? [] : [person],
        courses: found.map((course) => {
          const place = places.find(({ courseId }) => courseId === course.id);
          return { ...course, role: place?.role, groups: place?.groups };
        }),
      };
    },

    holds: () => Promise.resolve([]),

    async erase({ personId }) {
      await memberships.deleteMany({ personId });
    },

    async clashes(from, to) {
      const theirs = new Map((await placesOf(to.personId)).map(({ courseId, role }) => [courseId, role]));
      const other = (await placesOf(from.personId)).filter(
        ({ courseId, role }) => theirs.has(courseId) && theirs.get(courseId) !== role,
      );
      const found = await courses.findMany(other.map(({ courseId }) => courseId));
      return found.map(({ title }) => ({ what: 'role', name: title }));
    },

    async move(from, to) {
      const theirs = new Set((await placesOf(to.personId)).map(({ courseId }) => courseId));
      for (const { courseId } of await placesOf(from.personId)) {
        const place = { courseId, personId: from.personId };
        if (theirs.has(courseId)) await memberships.deleteOne(place);
        else await memberships.updateOne(place, { $set: { personId: to.personId } });
      }
    },
  };
}
