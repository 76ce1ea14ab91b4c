import type { Connection } from 'mongoose';
import type { PersonalCollection } from '../../shared/personal-collections.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { CoursesStore } from './courses.store.js';
import { membershipsModel, type Membership } from './enrolment-row.store.js';
import type { PeopleStore } from './people.store.js';

const membershipCollections: readonly PersonalCollection[] = [
  {
    model: 'Person',
    holds: "the LMS's id, name, e-mail",
    exported: { as: 'person' },
    erasure: 'clears',
    merge: 'keeps',
    retention:
      'until erasure; then an empty record with the time and a digest of the LMS’s id remains, so that a roster does not bring the person back',
  },
  {
    model: 'Membership',
    holds: 'role, groups and state in each course',
    exported: { as: 'courses' },
    erasure: 'deletes',
    merge: 'moves',
    retention: 'until erasure; a person who leaves a course keeps the record with the date',
  },
];

/** Who the person is, and where they were seen. The record itself is closed before (`PeopleStore.close`). */
export function createMembershipPersonalData(
  connection: Connection,
  { people, courses }: { people: PeopleStore; courses: CoursesStore },
): PersonalData {
  const memberships = membershipsModel(connection);
  const placesOf = (personId: string): Promise<Membership[]> => courses.membershipsOf([personId]);

  return {
    collections: membershipCollections,

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
