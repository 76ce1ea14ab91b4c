import type { Clock } from '../../../shared/clock.js';
import { badInput, conflict, notFound } from '../../../shared/errors.js';
import type { AssociationsStore } from '../associations/associations.store.js';
import { localAt } from '../../../shared/zoned.js';
import {
  POSTS,
  VISIBILITIES,
  type Association,
  type Card,
  type Editor,
  type Post,
  type PostTerm,
} from '../cards/card.js';
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
const POSTS_CHANGED = { fields: ['posts'], opened: [], closed: [] };

const isOver = ({ until }: Term, day: string): boolean => until !== '' && until < day;

export function createOrganisation({
  cards,
  associations,
  store,
  clock,
  zone,
}: OrganisationDeps): Organisation {
  const listDepartments = async () => (await store.list('department')).map(departmentOf);

  const today = async (): Promise<string> => localAt(clock.now(), await zone()).slice(0, 10);

  /** Changes posts on whatever version is the newest. @throws DomainError `not-found` */
  async function changePosts(
    cardId: string,
    { personId, name }: Editor,
    make: (card: Card) => Pick<Card, 'posts' | 'postTerms'>,
  ): Promise<void> {
    const change = { ...{ at: clock.now(), personId, name, what: 'edited' as const }, ...POSTS_CHANGED };
    for (;;) {
      const card = await cards.findOptional(cardId);
      if (card === null) throw notFound();
      if (await cards.setPosts(card, make(card), change)) return;
    }
  }

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
      return (await cards.responsible(VISIBILITIES, posts, [])).map((card) => {
        const term = card.postTerms.find(({ post }) => posts.includes(post) && card.posts.includes(post));
        return { ...holderOf(card), since: term?.since ?? '', until: term?.until ?? '' };
      });
    },
    async leaderIds() {
      return new Set((await leaders()).flatMap(({ personIds }) => personIds));
    },

    async setHolder(post, cardId, holds, by, { since, until } = { since: '', until: '' }) {
      const day = await today();
      if (until !== '' && until < (since > day ? since : day))
        throw badInput({ until: 'errors.field.endBeforeStart' });
      const dated = holds && (since !== '' || until !== '') ? [{ post, since, until }] : [];
      await changePosts(cardId, by, (card) => ({
        posts: [...card.posts.filter((held) => held !== post), ...(holds && since <= day ? [post] : [])],
        postTerms: [...card.postTerms.filter((term) => term.post !== post), ...dated],
      }));
    },
    async applyTerms() {
      const day = await today();
      for (const { id, posts, postTerms } of await cards.listWithTerms()) {
        const due = (term: PostTerm): boolean =>
          isOver(term, day) || (term.since <= day && !posts.includes(term.post));
        if (!postTerms.some(due)) continue;
        await changePosts(id, { personId: '', name: '' }, (card) => {
          const standing = card.postTerms.filter((term) => !isOver(term, day));
          const over = card.postTerms.filter((term) => isOver(term, day)).map(({ post }) => post);
          const begun = standing.filter(({ since }) => since <= day).map(({ post }) => post);
          const held = card.posts.filter((post) => !over.includes(post));
          return {
            posts: POSTS.filter((post) => held.includes(post) || begun.includes(post)),
            postTerms: standing,
          };
        });
      }
    },
    async comingHoldersOf(post) {
      const day = await today();
      return (await cards.listWithTerms()).flatMap((card) =>
        card.postTerms
          .filter((term) => term.post === post && term.since > day)
          .map(({ since, until }) => ({ ...holderOf(card), since, until })),
      );
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
