import { folded } from '../cards/search-words.js';
import type { Group } from '../groups/group.js';
import type { GroupsStore } from '../groups/groups.store.js';
import type { ImportedGroup } from './rows.js';
import { structureChange, type StructureChange, type TakeBack } from './structure-change.js';

export interface GroupStructureDeps {
  readonly groups: GroupsStore;
  /** Ids of the associations of these titles; those that are not there are made. */
  readonly associationIds: (importKey: string, titles: readonly string[]) => Promise<string[]>;
  readonly note: (importKey: string, changes: readonly StructureChange[]) => Promise<void>;
}

/** Writes the groups that a line names: makes those that are not there, with the programme and the teacher of the line. */
export const createSetGroups =
  ({ groups, associationIds, note }: GroupStructureDeps) =>
  /** @param cardId of the teacher; '' for a line without a person */
  async (importKey: string, named: readonly ImportedGroup[], cardId: string): Promise<void> => {
    const ids = await associationIds(
      importKey,
      named.map(({ association }) => association),
    );
    for (const [index, { title, programme }] of named.entries()) {
      const associationId = ids[index] ?? '';
      const group = await findOrMake(associationId, title);
      const teaches = cardId === '' || group.cardIds.includes(cardId);
      const isOther = programme !== '' && folded(programme) !== folded(group.programme);
      await note(importKey, [
        ...(teaches ? [] : [structureChange('groupTeacher', group.id, { id: cardId })]),
        ...(isOther
          ? [structureChange('groupProgramme', group.id, { id: programme, before: group.programme })]
          : []),
      ]);
      if (!teaches) await groups.addTeacher(group.id, cardId);
      if (isOther) await groups.setProgramme(group.id, programme);
    }

    async function findOrMake(associationId: string, title: string): Promise<Group> {
      for (;;) {
        const found = await groups.findOptionalByTitle(associationId, title);
        if (found !== null) return found;
        await note(importKey, [structureChange('group', title, { id: associationId })]);
        const record = { associationId, title, programme: '', cardIds: [], lmsGroup: null };
        const made = await groups.insert(record);
        if (made !== null) return made;
      }
    }
  };

/** What takes groups back. A group that has other teachers since, or is linked to an LMS, stays. */
export const groupTakeBack = (
  groups: GroupsStore,
): Pick<TakeBack, 'group' | 'groupTeacher' | 'groupProgramme'> => ({
  async groupTeacher({ title: groupId, id }) {
    await groups.removeTeacher(groupId, id);
    return true;
  },
  async groupProgramme({ title: groupId, id, before }) {
    const found = await groups.findOptional(groupId);
    // Another programme was named since.
    if (found?.programme === id) await groups.setProgramme(groupId, before);
    return true;
  },
  async group({ title, id }) {
    const found = await groups.findOptionalByTitle(id, title);
    if (found === null) return true;
    if (found.cardIds.length > 0 || found.lmsGroup !== null || found.programme !== '') return false;
    return groups.removeVersion(found.id, found.version);
  },
});
