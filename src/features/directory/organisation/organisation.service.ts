import type { Clock } from '../../../shared/clock.js';
import { badInput, conflict, notFound } from '../../../shared/errors.js';
import type { AssociationsStore } from '../associations/associations.store.js';
import { POSTS, VISIBILITIES, type Association, type Card, type Editor, type Post } from '../cards/card.js';
import type { CardsStore } from '../cards/cards.store.js';
import {
  NO_DUTIES,
  WHOLE_CENTRE,
  type Department,
  type Duties,
  type Holder,
  type Programme,
} from './organisation.js';
import type { OrganisationStore, Unit, UnitKind, UnitRecord } from './organisation.store.js';

export interface OrganisationDeps {
  readonly cards: CardsStore;
  readonly associations: AssociationsStore;
  readonly store: OrganisationStore;
  readonly clock: Clock;
}

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
  holdersOf(posts: readonly Post[]): Promise<Holder[]>;
  /** Ids of all persons who answer for something. */
  leaderIds(): Promise<ReadonlySet<string>>;

  /** @throws DomainError `not-found` */
  setHolder(post: Post, cardId: string, holds: boolean, by: Editor): Promise<void>;
  setTitle(post: Post, title: string): Promise<void>;
  /** @throws DomainError `bad-input` on `title` when it is taken; `organisation-stale` (409) */
  saveUnit(kind: UnitKind, id: string | null, version: number, record: UnitRecord): Promise<Unit>;
  removeUnit(kind: UnitKind, id: string): Promise<void>;
}

const holderOf = ({ id, name, personIds, contacts }: Card): Holder => ({
  cardId: id,
  name,
  personIds,
  email: contacts.find(({ kind }) => kind === 'email')?.value.toLowerCase() ?? '',
});

const departmentOf = ({ id, title, headId, members, version }: Unit): Department => ({
  id,
  title,
  headId,
  associationIds: members,
  version,
});

const programmeOf = ({ id, title, members, version }: Unit): Programme => ({
  id,
  title,
  courseIds: members,
  version,
});

const MOST_CARDS = 5_000;

export function createOrganisation({ cards, associations, store, clock }: OrganisationDeps): Organisation {
  const listDepartments = async () => (await store.list('department')).map(departmentOf);

  async function dutiesOf(card: Card | null): Promise<Duties> {
    if (card === null) return NO_DUTIES;
    const [all, departments] = await Promise.all([associations.all(), listDepartments()]);
    const headed = all.filter(({ headId }) => headId === card.id).map(({ id }) => id);
    const ofDepartments = departments
      .filter(({ headId }) => headId === card.id)
      .flatMap(({ associationIds }) => associationIds);
    return {
      all: card.posts.some((post) => WHOLE_CENTRE.includes(post)),
      associationIds: [...new Set([...headed, ...ofDepartments])],
      posts: card.posts,
    };
  }

  /** Cards of all who answer for something. */
  async function leaders(): Promise<Card[]> {
    const [all, departments] = await Promise.all([associations.all(), listDepartments()]);
    const heads = [...all, ...departments].map(({ headId }) => headId).filter((id) => id !== '');
    return cards.responsible(VISIBILITIES, POSTS, [...new Set(heads)]);
  }

  return {
    listAssociations: () => associations.all(),
    listDepartments,
    listProgrammes: async () => (await store.list('programme')).map(programmeOf),
    titles: () => store.titles(),
    async listTeachers() {
      const all = await cards.list({ visibility: VISIBILITIES, words: [] }, 0, MOST_CARDS);
      return all.map((card) => ({
        ...holderOf(card),
        slug: card.slug,
        associationIds: card.associationIds,
      }));
    },
    associationIdsOf: async (personId) => (await cards.findOptionalByPerson(personId))?.associationIds ?? [],
    dutiesOf: async (personId) => dutiesOf(await cards.findOptionalByPerson(personId)),
    dutiesOfCard: async (cardId) => dutiesOf(await cards.findOptional(cardId)),
    async findByEmail(email) {
      const wanted = email.trim().toLowerCase();
      if (wanted === '') return [];
      return (await leaders()).map(holderOf).filter((holder) => holder.email === wanted);
    },
    async findHolder(cardId) {
      const card = await cards.findOptional(cardId);
      return card && holderOf(card);
    },
    async headsOf(associationIds) {
      const all = await associations.all();
      const heads = new Set(all.filter(({ id }) => associationIds.includes(id)).map(({ headId }) => headId));
      heads.delete('');
      const found = await Promise.all([...heads].map((id) => cards.findOptional(id)));
      return found.filter((card) => card !== null).map(holderOf);
    },
    async holdersOf(posts) {
      return (await cards.responsible(VISIBILITIES, posts, [])).map(holderOf);
    },
    async leaderIds() {
      return new Set((await leaders()).flatMap(({ personIds }) => personIds));
    },

    async setHolder(post, cardId, holds, { personId, name }) {
      const change = {
        at: clock.now(),
        personId,
        name,
        what: 'edited' as const,
        fields: ['posts'],
        opened: [],
        closed: [],
      };
      if (!(await cards.setPost(cardId, post, holds, change))) throw notFound();
    },
    setTitle: (post, title) => store.setTitle(post, title),
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
