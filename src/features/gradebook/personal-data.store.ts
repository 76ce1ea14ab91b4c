import type { Connection } from 'mongoose';
import type { Clock } from '../../shared/clock.js';
import type { PersonalCollection } from '../../shared/personal-collections.js';
import type { PersonalData, PersonRef } from '../../shared/personal-data.js';
import { anew, gradesModel, type GradeRow } from './score-row.store.js';

const gradeCollections: readonly PersonalCollection[] = [
  {
    model: 'Grade',
    holds: "the LMS's id, points, comment, state and history of sending",
    exported: { as: 'grades' },
    erasure: 'deletes',
    merge: 'moves',
    retention: 'until erasure',
  },
];

type Row = Omit<GradeRow, 'id'>;

/** What the outbox keeps of a person. */
export function createGradesPersonalData(connection: Connection, clock: Clock): PersonalData {
  const grades = gradesModel(connection);
  const own = ({ personId, courseIds }: PersonRef) => ({ courseId: { $in: [...courseIds] }, personId });
  const of = (person: PersonRef): Promise<Row[]> => grades.find(own(person)).lean<Row[]>();

  return {
    collections: gradeCollections,

    dataOf: async (person) => ({ grades: await of(person) }),

    holds: () => Promise.resolve([]),

    async erase(person) {
      await grades.deleteMany(own(person));
    },

    async clashes(from, to) {
      const theirs = new Set((await of(to)).map(({ lineItem }) => lineItem));
      const both = (await of(from)).filter(({ lineItem }) => theirs.has(lineItem));
      return both.map(({ title }) => ({ what: 'grade', name: title }));
    },

    /** The gradebook knows the other person: to them the grades go once more. */
    async move(from, to) {
      const now = clock.now();
      await grades.updateMany(own(from), {
        $set: {
          personId: to.personId,
          sub: to.sub,
          ...anew(now),
        },
        $inc: { version: 1 },
      });
    },
  };
}
