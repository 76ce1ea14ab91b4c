import { badInput, notFound } from '../../../shared/errors.js';
import { dateIn } from '../../../shared/days.js';
import { POSTS, VISIBILITIES, type Card, type Editor, type PostTerm } from '../cards/card.js';
import { holderOf, isOver, postsOn } from './holders.js';
import type { Organisation, OrganisationDeps } from './organisation.service.js';

/**
 * Posts and terms of a card that is given a post, at once or from a later day.
 * @param day today at the centre, `YYYY-MM-DD`
 */
export function withPost(
  { posts, postTerms }: Pick<Card, 'posts' | 'postTerms'>,
  { post, since, until }: PostTerm,
  day: string,
): Pick<Card, 'posts' | 'postTerms'> {
  const dated = since !== '' || until !== '' ? [{ post, since, until }] : [];
  return {
    posts: [...posts.filter((held) => held !== post), ...(since <= day ? [post] : [])],
    postTerms: [...postTerms.filter((term) => term.post !== post), ...dated],
  };
}

const POSTS_CHANGED = { fields: ['posts'], opened: [], closed: [] };

/** Posts of the centre: who holds them, from when and until when, and the centre's own words for them. */
export function createPosts({
  cards,
  store,
  clock,
  zone,
}: Pick<OrganisationDeps, 'cards' | 'store' | 'clock' | 'zone'>): Pick<
  Organisation,
  'titles' | 'setTitle' | 'holdersOf' | 'comingHoldersOf' | 'setHolder' | 'applyTerms'
> {
  const today = async (): Promise<string> => dateIn(await zone(), clock.now());

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

  return {
    titles: () => store.titles(),
    setTitle: (post, title) => store.setTitle(post, title),
    async holdersOf(posts) {
      const day = await today();
      return (await cards.responsible(VISIBILITIES, posts, [])).flatMap((card) => {
        const held = postsOn(card, day).filter((post) => posts.includes(post));
        if (held.length === 0) return [];
        const term = card.postTerms.find(({ post }) => held.includes(post));
        return [{ ...holderOf(card), since: term?.since ?? '', until: term?.until ?? '' }];
      });
    },
    async setHolder(post, cardId, holds, by, { since, until } = { since: '', until: '' }) {
      const day = await today();
      if (until !== '' && until < (since > day ? since : day))
        throw badInput({ until: 'errors.field.endBeforeStart' });
      await changePosts(cardId, by, (card) =>
        holds
          ? withPost(card, { post, since, until }, day)
          : {
              posts: card.posts.filter((held) => held !== post),
              postTerms: card.postTerms.filter((term) => term.post !== post),
            },
      );
    },
    async applyTerms() {
      const day = await today();
      for (const { id, posts, postTerms } of await cards.listWithTerms()) {
        const due = (term: PostTerm): boolean =>
          isOver(term, day) || (term.since <= day && !posts.includes(term.post));
        if (!postTerms.some(due)) continue;
        await changePosts(id, { personId: '', name: '' }, (card) => {
          const standing = card.postTerms.filter((term) => !isOver(term, day));
          const begun = standing.filter(({ since }) => since <= day).map(({ post }) => post);
          const held = postsOn(card, day);
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
  };
}
