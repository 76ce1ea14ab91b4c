import type { Connection } from 'mongoose';
import type { PersonalCollection } from '../../../shared/personal-collections.js';
import type { PersonRef } from '../../../shared/personal-data.js';
import { heldModel, type HeldRow } from './held.store.js';

export const heldCollections: readonly PersonalCollection[] = [
  {
    model: 'ConsultationRecord',
    holds: 'who attended, points, notes, who marked it',
    exported: { as: 'consultationRecords' },
    erasure: 'clears',
    merge: 'moves',
    retention:
      'without end, or as the administrator sets: from 1 to 10 years after the consultation; an erasure removes points and notes, and notes of consultations with this person alone',
  },
];

/** What records of consultations hold of a person: as a student, as a teacher. */
export function heldPersonalData(connection: Connection) {
  const model = heldModel(connection);
  const attended = ({ personId }: PersonRef) => ({ 'entries.personId': personId });

  return {
    /** A student gets the own entry of a record, and what the teacher has shared. */
    async dataOf(person: PersonRef): Promise<object[]> {
      const [own, marked] = await Promise.all([
        model.find(attended(person)).lean<HeldRow[]>(),
        model.find({ markedBy: person.personId }).lean<HeldRow[]>(),
      ]);
      const ids = new Set(own.map(({ _id }) => _id.toString()));
      return [
        ...own.map(({ courseId, slotId, entries, sharedNote, markedAt }) => ({
          ...{ courseId, slotId, sharedNote, markedAt },
          entries: entries.filter(({ personId }) => personId === person.personId),
        })),
        ...marked
          .filter(({ _id }) => !ids.has(_id.toString()))
          .map(({ courseId, slotId, markedAt, markedBy }) => ({ courseId, slotId, markedAt, markedBy })),
      ];
    },

    async erase(person: PersonRef): Promise<void> {
      for (const { _id, entries } of await model.find(attended(person)).lean<HeldRow[]>()) {
        const alone = entries.every(({ personId }) => personId === person.personId);
        const cleared = entries.map((entry) =>
          entry.personId === person.personId ? { ...entry, points: null, note: '' } : entry,
        );
        await model.updateOne(
          { _id },
          {
            $set: { entries: cleared, ...(alone && { sharedNote: '', confidentialNote: '' }) },
            $inc: { version: 1 },
          },
        );
      }
    },

    async move(from: PersonRef, to: PersonRef): Promise<void> {
      for (const { _id, entries } of await model.find(attended(from)).lean<HeldRow[]>()) {
        const moved = entries.map((entry) =>
          entry.personId === from.personId ? { ...entry, personId: to.personId } : entry,
        );
        await model.updateOne({ _id }, { $set: { entries: moved }, $inc: { version: 1 } });
      }
      await model.updateMany({ markedBy: from.personId }, { $set: { markedBy: to.personId } });
    },
  };
}
