import { badInput, notFound } from '../../../shared/errors.js';
import type { AssociationsService } from '../associations/associations.service.js';
import type { Association, Card } from '../cards/card.js';
import type { CardActor } from '../directory.policy.js';
import { stale } from '../refusals.js';
import type { Group, LmsGroupRef } from './group.js';
import type { GroupsStore } from './groups.store.js';

export interface GroupInput {
  readonly title: string;
  readonly programme: string;
  /** Slugs of cards. */
  readonly teachers: readonly string[];
  readonly lmsGroup: LmsGroupRef | null;
}

/** A group of an LMS that a form offers. */
export interface LmsGroupChoice extends LmsGroupRef {
  readonly course: string;
  readonly name: string;
}

/** What the form of a group offers. */
export interface GroupChoices {
  /** Members of the association, its head, and those who teach the group already. */
  readonly teachers: readonly Card[];
  /** Of the courses in which these teachers take part. */
  readonly lmsGroups: readonly LmsGroupChoice[];
}

/** Groups of associations: those who may edit the association edit its groups. */
export interface GroupsService {
  list(): Promise<Group[]>;
  listOfAssociation(associationId: string): Promise<Group[]>;
  listOfCard(cardId: string): Promise<Group[]>;
  /**
   * @param id null for a new group
   * @throws DomainError `forbidden`; `directory-nobody`; `not-found` for a group of another association
   */
  forEdit(
    actor: CardActor,
    slug: string,
    id: string | null,
  ): Promise<{ association: Association; group: Group | null; choices: GroupChoices }>;
  /**
   * Makes a group, or writes over the version that the form was made from.
   * @throws DomainError as `forEdit`; `bad-input` on `title`, `teachers`, `lmsGroup`; `directory-stale` (409)
   */
  save(actor: CardActor, slug: string, id: string | null, version: number, input: GroupInput): Promise<void>;
  remove(actor: CardActor, slug: string, id: string): Promise<void>;
}

export interface GroupsServiceDeps {
  readonly store: GroupsStore;
  readonly associations: Pick<AssociationsService, 'forEdit'>;
  readonly membersOf: (association: Association) => Promise<readonly Card[]>;
  readonly findCards: (ids: readonly string[]) => Promise<readonly Card[]>;
  /** Groups of the courses in which persons take part. */
  readonly listLmsGroups: (personIds: readonly string[]) => Promise<readonly LmsGroupChoice[]>;
}

export function createGroupsService({
  store,
  associations,
  membersOf,
  findCards,
  listLmsGroups,
}: GroupsServiceDeps): GroupsService {
  async function choicesOf(association: Association, group: Group | null): Promise<GroupChoices> {
    const [members, kept] = await Promise.all([membersOf(association), findCards(group?.cardIds ?? [])]);
    const others = kept.filter(({ id }) => !members.some((member) => member.id === id));
    const teachers = [...members, ...others];
    return { teachers, lmsGroups: await listLmsGroups(teachers.flatMap(({ personIds }) => personIds)) };
  }

  return {
    list: () => store.list(),
    listOfAssociation: (associationId) => store.listOfAssociation(associationId),
    listOfCard: (cardId) => store.listOfCard(cardId),

    async forEdit(actor, slug, id) {
      const association = await associations.forEdit(actor, slug);
      const group = id === null ? null : await store.findOptional(id);
      if (id !== null && group?.associationId !== association.id) throw notFound();
      return { association, group, choices: await choicesOf(association, group) };
    },

    async save(actor, slug, id, version, { title, programme, teachers, lmsGroup }) {
      const { association, group, choices } = await this.forEdit(actor, slug, id);
      const chosen = choices.teachers.filter((card) => teachers.includes(card.slug));
      if (chosen.length < new Set(teachers).size) throw badInput({ teachers: 'errors.field.wrong' });
      const isSame = (other: LmsGroupRef | null): boolean =>
        other?.courseId === lmsGroup?.courseId && other?.groupId === lmsGroup?.groupId;
      // A group that the LMS no longer has stays named until another is chosen.
      if (!isSame(group?.lmsGroup ?? null) && lmsGroup !== null && !choices.lmsGroups.some(isSame))
        throw badInput({ lmsGroup: 'errors.field.wrong' });
      const record = {
        ...{ associationId: association.id, title, programme, lmsGroup },
        cardIds: chosen.map((card) => card.id),
      };
      if (group === null) {
        if ((await store.insert(record)) === null) throw badInput({ title: 'errors.field.taken' });
        return;
      }
      const saved = await store.replace(group.id, version, record);
      if (saved === 'title') throw badInput({ title: 'errors.field.taken' });
      if (saved === 'stale') throw stale();
    },

    async remove(actor, slug, id) {
      await this.forEdit(actor, slug, id);
      await store.remove(id);
    },
  };
}
