import type { Connection } from 'mongoose';
import type { PersonalCollection } from '../../shared/personal-collections.js';
import type { PersonalData } from '../../shared/personal-data.js';
import { fullName } from '../../shared/names.js';
import { cardsModel, type CardRow } from './cards/cards.model.js';

const directoryCollections: readonly PersonalCollection[] = [
  {
    model: 'DirectoryCard',
    holds: 'name, position, subjects, contacts, texts, consent; names of those who changed the card',
    exported: { as: 'directoryCards' },
    erasure: 'clears',
    merge: 'keeps',
    retention: 'until erasure or removal of the card; on other cards the name in the history is removed',
  },
  {
    model: 'DirectoryMaterial',
    holds: 'teaching materials of a card: titles, texts, links, names of files',
    exported: { as: 'directoryMaterials' },
    erasure: 'deletes',
    merge: 'keeps',
    retention: 'until removal by the teacher, or of the card',
  },
  {
    model: 'DirectoryImport',
    holds: 'who imported a table of people, and the id of the uploaded file',
    exported: { not: 'the card holds what was imported' },
    erasure: 'expires',
    merge: 'keeps',
    retention: '30 days; the file goes with it',
  },
  {
    model: 'DirectoryImportChange',
    holds: 'what a card said before an import, for undoing it',
    exported: { not: 'an earlier state of the card' },
    erasure: 'deletes',
    merge: 'keeps',
    retention: '30 days, or until the import is undone',
  },
  {
    model: 'DirectoryMailing',
    holds: 'who sent contacts and materials to a course or group, when, and the words beside them',
    exported: { not: 'the card and the materials are exported; the letters are with those who got them' },
    erasure: 'deletes',
    merge: 'keeps',
    retention: '90 days',
  },
];

/** What the directory keeps of a person: the card, and their name beside what they changed on others'. */
export function createDirectoryPersonalData(
  connection: Connection,
  /** Deletes what belongs to a card, or names it. */
  forgetCard: (cardId: string) => Promise<void>,
): PersonalData {
  const cards = cardsModel(connection);
  const ofPerson = (personId: string): Promise<CardRow[]> =>
    cards.find({ personIds: personId }).lean<CardRow[]>();

  return {
    collections: directoryCollections,

    async dataOf({ personId }) {
      const directoryCards = await ofPerson(personId);
      const cardIds = directoryCards.map(({ _id }) => _id.toString());
      const directoryMaterials = await connection
        .model('DirectoryMaterial')
        .find({ cardId: { $in: cardIds } })
        .lean();
      return { directoryCards, directoryMaterials };
    },

    holds: () => Promise.resolve([]),

    async erase({ personId }) {
      await connection.model('DirectoryMailing').deleteMany({ by: personId });
      for (const { _id } of await ofPerson(personId)) {
        await forgetCard(_id.toString());
        await connection.model('DirectoryImportChange').deleteMany({ cardId: _id.toString() });
        await cards.deleteOne({ _id });
      }
      // Who changed a card stands in its journal by name: the change stays, the name goes.
      for (const { _id, journal } of await cards.find({ 'journal.personId': personId }).lean<CardRow[]>()) {
        for (const [at, change] of journal.entries()) {
          if (change.personId !== personId || change.name === '') continue;
          // Named by its moment as well: a journal that has grown too long drops its oldest.
          await cards.updateOne(
            { _id, [`journal.${at}.at`]: change.at, [`journal.${at}.personId`]: personId },
            { $set: { [`journal.${at}.name`]: '' } },
          );
        }
      }
    },

    async clashes(from, to) {
      const [item] = await ofPerson(from.personId);
      const [other] = await ofPerson(to.personId);
      return item === undefined || other === undefined || item._id.equals(other._id)
        ? []
        : [{ what: 'card', name: fullName(item.name) }];
    },

    async move(from, to) {
      for (const { _id, personIds = [] } of await ofPerson(from.personId)) {
        const moved = personIds.map((id) => (id === from.personId ? to.personId : id));
        await cards.updateOne({ _id, personIds }, { $set: { personIds: [...new Set(moved)] } });
      }
    },
  };
}
