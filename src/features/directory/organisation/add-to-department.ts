import { folded } from '../cards/search-words.js';
import type { OrganisationStore } from './organisation.store.js';

/**
 * Puts associations into the department of this title, in any letter case; makes the department when there is none.
 * An association that is in it already stays as it is.
 */
export async function addToDepartment(
  store: Pick<OrganisationStore, 'list' | 'insert' | 'replace'>,
  title: string,
  associationIds: readonly string[],
): Promise<void> {
  for (;;) {
    const known = (await store.list('department')).find((unit) => folded(unit.title) === folded(title));
    if (known === undefined) {
      const made = await store.insert('department', { title, headId: '', members: [...associationIds] });
      if (made !== null) return;
      continue;
    }
    const members = [...new Set([...known.members, ...associationIds])];
    if (members.length === known.members.length) return;
    const { id, version, headId } = known;
    const saved = await store.replace('department', id, version, { title: known.title, headId, members });
    if (saved !== 'stale') return;
  }
}
