import type { Association } from '../cards/card.js';
import { folded } from '../cards/search-words.js';
import type { AssociationsService } from '../associations/associations.service.js';
import type { AssociationsStore } from '../associations/associations.store.js';
import type { GroupsStore } from '../groups/groups.store.js';
import { createSetGroups, groupTakeBack } from './group-structure.js';
import type { ImportedGroup } from './rows.js';
import { structureChange, type Staying, type StructureChange, type TakeBack } from './structure-change.js';
import type { OrganisationStore, Unit } from '../organisation/organisation.store.js';

/** Writes associations, their heads and departments as lines of an import say, and takes them back. */
export interface ImportStructure {
  /** Ids of the associations of these titles, in their order; those that are not there are made. */
  associationIds(importKey: string, titles: readonly string[]): Promise<string[]>;
  /** Makes the card the head of the associations. */
  setHeads(
    importKey: string,
    titles: readonly string[],
    card: { readonly id: string; readonly slug: string },
  ): Promise<void>;
  /**
   * Puts associations into the first of the departments, which is made when there is none of its title. An association
   * that is in one of several stays where it is: an exported line does not say which belongs to which.
   */
  addToDepartments(
    importKey: string,
    titles: readonly string[],
    associationIds: readonly string[],
  ): Promise<void>;
  /** Makes the groups that are not there, and adds the programme and the teacher of the line. @param cardId or '' */
  setGroups(importKey: string, groups: readonly ImportedGroup[], cardId: string): Promise<void>;
  /** Makes the card the head of the departments; those that are not there are made. */
  setDepartmentHeads(importKey: string, titles: readonly string[], cardId: string): Promise<void>;
  /** What may not be taken back of these changes, and what that needs. */
  staying(changes: readonly StructureChange[]): Promise<Staying>;
  /**
   * Takes changes back after the cards of the import were. An association or a department that something else uses
   * since, or that was changed by hand, stays. Returns the titles of those that stay.
   */
  undo(changes: readonly StructureChange[], staying: Staying): Promise<string[]>;
}

export interface ImportStructureDeps {
  readonly associationsStore: Pick<AssociationsStore, 'all' | 'replaceHead' | 'removeVersion'>;
  readonly associations: Pick<AssociationsService, 'upsert'>;
  readonly organisation: Pick<OrganisationStore, 'list' | 'insert' | 'replace' | 'removeVersion'>;
  readonly groups: GroupsStore;
  /** Whether another feature names the association. */
  readonly usesAssociation: (id: string) => Promise<boolean>;
  /** How many cards belong to the association. */
  readonly countMembers: (association: Association) => Promise<number>;
  /** Whether there is such a card. */
  readonly hasCard: (id: string) => Promise<boolean>;
  readonly note: (importKey: string, changes: readonly StructureChange[]) => Promise<void>;
}

const isTitled =
  (title: string) =>
  (thing: { readonly title: string }): boolean =>
    folded(thing.title) === folded(title);

export function createImportStructure(deps: ImportStructureDeps): ImportStructure {
  const { associationsStore, associations, organisation, note } = deps;
  const takeBack = createTakeBack(deps);

  return {
    setGroups(importKey, named, cardId) {
      return createSetGroups({ ...deps, associationIds: (key, titles) => this.associationIds(key, titles) })(
        importKey,
        named,
        cardId,
      );
    },

    async associationIds(importKey, titles) {
      const known = await associationsStore.all();
      const ids: string[] = [];
      for (const title of titles) {
        const found = known.find(isTitled(title));
        if (found === undefined) await note(importKey, [structureChange('association', title)]);
        ids.push((found ?? (await associations.upsert({ title, description: '', head: '' }))).id);
      }
      return ids;
    },

    async setHeads(importKey, titles, { id, slug }) {
      const known = await associationsStore.all();
      for (const title of titles) {
        const found = known.find(isTitled(title));
        if (found?.headId === id) continue;
        await note(importKey, [structureChange('head', title, { id, before: found?.headId ?? '' })]);
        await associations.upsert({ title, description: found?.description ?? '', head: slug });
      }
    },

    async addToDepartments(importKey, titles, associationIds) {
      const [title] = titles;
      if (title === undefined) return;
      for (;;) {
        const named = (await organisation.list('department')).filter((unit) =>
          titles.some((wanted) => isTitled(wanted)(unit)),
        );
        const known = named.find(isTitled(title));
        const added = associationIds.filter((id) => !named.some(({ members }) => members.includes(id)));
        if (known !== undefined && added.length === 0) return;
        await note(importKey, [
          ...(known === undefined ? [structureChange('department', title)] : []),
          ...added.map((id) => structureChange('member', title, { id })),
        ]);
        if (known === undefined) {
          const made = await organisation.insert('department', { title, headId: '', members: added });
          if (made !== null) return;
          continue;
        }
        const record = { title: known.title, headId: known.headId, members: [...known.members, ...added] };
        if ((await organisation.replace('department', known.id, known.version, record)) !== 'stale') return;
      }
    },

    async setDepartmentHeads(importKey, titles, cardId) {
      for (const title of titles) {
        for (;;) {
          const found = (await organisation.list('department')).find(isTitled(title));
          if (found?.headId === cardId) break;
          const head = structureChange('departmentHead', title, { id: cardId, before: found?.headId ?? '' });
          await note(importKey, found === undefined ? [structureChange('department', title), head] : [head]);
          if (found === undefined) {
            const record = { title, headId: cardId, members: [] };
            if ((await organisation.insert('department', record)) !== null) break;
            continue;
          }
          const record = { title: found.title, headId: cardId, members: found.members };
          const saved = await organisation.replace('department', found.id, found.version, record);
          if (saved !== 'stale') break;
        }
      }
    },

    staying: (changes) => stayingOf(deps, changes),

    async undo(changes, staying) {
      const stay: string[] = [];
      // What was done first is taken back last: heads and members go before what they belong to.
      for (const done of [...changes].reverse())
        if (!(await takeBack[done.what](done, staying))) stay.push(done.title);
      return [...new Set(stay)];
    },
  };
}

/** Whether a department holds an association that stays: then its head stays as well. */
const hasStaying = ({ members }: Pick<Unit, 'members'>, associationIds: ReadonlySet<string>): boolean =>
  members.some((id) => associationIds.has(id));

async function stayingOf(
  { associationsStore, organisation, usesAssociation }: ImportStructureDeps,
  changes: readonly StructureChange[],
): Promise<Staying> {
  const all = await associationsStore.all();
  const made = changes
    .filter(({ what }) => what === 'association')
    .flatMap(({ title }) => all.filter(isTitled(title)));
  const associationIds = new Set<string>();
  for (const { id } of made) if (await usesAssociation(id)) associationIds.add(id);
  const isHeadedByImport =
    (what: StructureChange['what']) =>
    ({ title, headId }: Pick<Association, 'title' | 'headId'>): boolean =>
      changes.some((done) => done.what === what && done.id === headId && isTitled(done.title)({ title }));
  const heads = [
    ...all.filter((unit) => associationIds.has(unit.id) || !isHeadedByImport('head')(unit)),
    ...(await organisation.list('department')).filter(
      (unit) => hasStaying(unit, associationIds) || !isHeadedByImport('departmentHead')(unit),
    ),
  ];
  return { associationIds, headIds: new Set(heads.map(({ headId }) => headId)) };
}

function createTakeBack(deps: ImportStructureDeps): TakeBack {
  const { associationsStore, organisation, groups, countMembers, hasCard, usesAssociation } = deps;
  const departments = () => organisation.list('department');
  return {
    ...groupTakeBack(groups),

    async head({ title, id, before }, { associationIds }) {
      const found = (await associationsStore.all()).find(isTitled(title));
      // Another head was named since.
      if (found?.headId !== id) return true;
      if (associationIds.has(found.id) && (await hasCard(id))) return true;
      const head = before !== '' && (await hasCard(before)) ? before : '';
      await associationsStore.replaceHead(found.id, id, head);
      return true;
    },

    async departmentHead({ title, id, before }, { associationIds }) {
      for (;;) {
        const found = (await departments()).find(isTitled(title));
        // Another head was named since.
        if (found?.headId !== id) return true;
        if (hasStaying(found, associationIds) && (await hasCard(id))) return true;
        const headId = before !== '' && (await hasCard(before)) ? before : '';
        const record = { title: found.title, headId, members: found.members };
        if ((await organisation.replace('department', found.id, found.version, record)) !== 'stale')
          return true;
      }
    },

    async member({ title, id }, { associationIds }) {
      if (associationIds.has(id)) return true;
      for (;;) {
        const found = (await departments()).find(isTitled(title));
        if (!found?.members.includes(id)) return true;
        const { headId, version } = found;
        const members = found.members.filter((member) => member !== id);
        const record = { title: found.title, headId, members };
        if ((await organisation.replace('department', found.id, version, record)) !== 'stale') return true;
      }
    },

    async department({ title }) {
      const found = (await departments()).find(isTitled(title));
      if (found === undefined) return true;
      if (found.members.length > 0 || found.headId !== '') return false;
      return organisation.removeVersion('department', found.id, found.version);
    },

    async association({ title }) {
      const found = (await associationsStore.all()).find(isTitled(title));
      if (found === undefined) return true;
      const isUsed =
        found.headId !== '' ||
        found.description !== '' ||
        (await countMembers(found)) > 0 ||
        (await groups.listOfAssociation(found.id)).length > 0 ||
        (await departments()).some(({ members }) => members.includes(found.id)) ||
        (await usesAssociation(found.id));
      return !isUsed && associationsStore.removeVersion(found.id, found.version);
    },
  };
}
