import { POSTS, VISIBILITIES, type Card, type Post } from '../cards/card.js';
import { dateIn } from '../../../shared/days.js';
import { departmentOf, headIdsOf, holderOf, postsOn } from './holders.js';
import { NO_DUTIES, WHOLE_CENTRE, type Duties } from './organisation.js';
import type { Organisation, OrganisationDeps } from './organisation.service.js';

/** Who answers for what: by posts, as heads of associations and of departments. */
export function createDuties({
  cards,
  associations,
  store,
  clock,
  zone,
}: Pick<OrganisationDeps, 'cards' | 'associations' | 'store' | 'clock' | 'zone'>): Pick<
  Organisation,
  'dutiesOf' | 'dutiesOfCard' | 'findByEmail' | 'findHolder' | 'headsOf' | 'leaderIds'
> {
  const listDepartments = async () => (await store.list('department')).map(departmentOf);

  /** Those whose term is over answer for nothing by their post. */
  async function postsNow(card: Card): Promise<readonly Post[]> {
    if (card.postTerms.length === 0) return card.posts;
    return postsOn(card, dateIn(await zone(), clock.now()));
  }

  async function dutiesOf(card: Card | null): Promise<Duties> {
    if (card === null) return NO_DUTIES;
    const [all, departments, posts] = await Promise.all([
      associations.all(),
      listDepartments(),
      postsNow(card),
    ]);
    const headed = all.filter(({ headId }) => headId === card.id).map(({ id }) => id);
    const ofDepartments = departments
      .filter(({ headId }) => headId === card.id)
      .flatMap(({ associationIds }) => associationIds);
    return {
      all: posts.some((post) => WHOLE_CENTRE.includes(post)),
      associationIds: [...new Set([...headed, ...ofDepartments])],
      posts,
    };
  }

  /** Cards of all who answer for something. */
  async function leaders(): Promise<Card[]> {
    const [all, departments] = await Promise.all([associations.all(), listDepartments()]);
    return cards.responsible(VISIBILITIES, POSTS, headIdsOf([...all, ...departments]));
  }

  return {
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
      const heads = headIdsOf(all.filter(({ id }) => associationIds.includes(id)));
      const found = await Promise.all(heads.map((id) => cards.findOptional(id)));
      return found.filter((card) => card !== null).map(holderOf);
    },
    async leaderIds() {
      return new Set((await leaders()).flatMap(({ personIds }) => personIds));
    },
  };
}
