import type { Clock } from '../../../shared/clock.js';
import { badInput, conflict, notFound } from '../../../shared/errors.js';
import type { AssociationsStore } from '../associations/associations.store.js';
import { VISIBILITIES, type Association, type Editor, type Post, type PostTerm } from '../cards/card.js';
import type { CardsStore } from '../cards/cards.store.js';
import { createDuties } from './duties.js';
import { departmentOf, holderOf } from './holders.js';
import type { Branch, Department, Duties, Holder, Programme } from './organisation.js';
import {
  BRANCH_KINDS,
  type BranchKind,
  type OrganisationStore,
  type Unit,
  type UnitKind,
  type UnitRecord,
} from './organisation.store.js';
import { createPosts } from './posts.js';

export interface OrganisationDeps {
  readonly cards: CardsStore;
  readonly associations: AssociationsStore;
  readonly store: OrganisationStore;
  readonly clock: Clock;
  /** IANA name: posts begin and end by the days of the centre. */
  readonly zone: () => Promise<string>;
}

/** Days of a post: `YYYY-MM-DD`, or ''. */
export type Term = Pick<PostTerm, 'since' | 'until'>;

/** A teacher with the associations they belong to. */
export interface TeacherPlace extends Holder {
  readonly slug: string;
  readonly associationIds: readonly string[];
}

/** Who answers for what: posts, departments, associations, programmes. */
export interface Organisation {
  listAssociations(): Promise<Association[]>;
  listDepartments(): Promise<Department[]>;
  listProgrammes(): Promise<Programme[]>;
  /** Branches, then offices; each by title. */
  listBranches(): Promise<Branch[]>;
  /** The centre's own words for posts, where it has any. */
  titles(): Promise<Partial<Record<Post, string>>>;
  /** All who have a card, by name. */
  listTeachers(): Promise<TeacherPlace[]>;
  associationIdsOf(personId: string): Promise<readonly string[]>;
  dutiesOf(personId: string): Promise<Duties>;
  dutiesOfCard(cardId: string): Promise<Duties>;
  /** Those who answer for something and have this e-mail on their card. */
  findByEmail(email: string): Promise<Holder[]>;
  /** A card as a holder; null when there is none. */
  findHolder(cardId: string): Promise<Holder | null>;
  headsOf(associationIds: readonly string[]): Promise<Holder[]>;
  /** Those who hold one of the posts now, with the term of the first that they hold. */
  holdersOf(posts: readonly Post[]): Promise<(Holder & Term)[]>;
  /** Ids of all persons who answer for something. */
  leaderIds(): Promise<ReadonlySet<string>>;

  /**
   * Gives a post, from a day and to a day where they are given, or takes it.
   * @throws DomainError `not-found`; `bad-input` on `until`
   */
  setHolder(post: Post, cardId: string, holds: boolean, by: Editor, term?: Term): Promise<void>;
  /** Gives and takes posts whose day has come. */
  applyTerms(): Promise<void>;
  /** Those who will hold the post from a later day. */
  comingHoldersOf(post: Post): Promise<readonly (Holder & Term)[]>;
  setTitle(post: Post, title: string): Promise<void>;
  /** @throws DomainError `bad-input` on `title` when it is taken; `organisation-stale` (409) */
  saveUnit(kind: UnitKind, id: string | null, version: number, record: UnitRecord): Promise<Unit>;
  removeUnit(kind: UnitKind, id: string): Promise<void>;
}

const programmeOf = ({ id, title, members, version }: Unit): Programme => ({
  id,
  title,
  courseIds: members,
  version,
});

const branchOf = ({ id, kind, title, headId, details, version }: Unit): Branch => ({
  ...{ id, kind: kind as BranchKind, title, headId, version },
  ...details,
});

const MOST_CARDS = 5_000;
export function createOrganisation(deps: OrganisationDeps): Organisation {
  const { cards, associations, store } = deps;
  return {
    ...createDuties(deps),
    ...createPosts(deps),
    listAssociations: () => associations.all(),
    listDepartments: async () => (await store.list('department')).map(departmentOf),
    listBranches: async () =>
      (await Promise.all(BRANCH_KINDS.map((kind) => store.list(kind)))).flat().map(branchOf),
    listProgrammes: async () => (await store.list('programme')).map(programmeOf),
    async listTeachers() {
      const all = await cards.list({ visibility: VISIBILITIES, words: [] }, 0, MOST_CARDS);
      return all.map((card) => ({
        ...holderOf(card),
        slug: card.slug,
        associationIds: card.associationIds,
      }));
    },
    associationIdsOf: async (personId) => (await cards.findOptionalByPerson(personId))?.associationIds ?? [],
    async saveUnit(kind, id, version, record) {
      if (id === null) {
        const made = await store.insert(kind, record);
        if (made === null) throw badInput({ title: 'errors.field.taken' });
        return made;
      }
      const saved = await store.replace(kind, id, version, record);
      if (saved === 'title') throw badInput({ title: 'errors.field.taken' });
      if (saved === 'stale') throw conflict('directory-stale');
      return saved;
    },
    async removeUnit(kind, id) {
      if (!(await store.remove(kind, id))) throw notFound();
    },
  };
}
