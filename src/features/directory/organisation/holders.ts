import type { Card, Post, PostTerm } from '../cards/card.js';
import type { Department, Holder } from './organisation.js';
import type { Unit } from './organisation.store.js';

export const holderOf = ({ id, name, personIds, contacts }: Card): Holder => ({
  cardId: id,
  name,
  personIds,
  email: contacts.find(({ kind }) => kind === 'email')?.value.toLowerCase() ?? '',
});

export const departmentOf = ({ id, title, headId, members, version }: Unit): Department => ({
  id,
  title,
  headId,
  associationIds: members,
  version,
});

/** Ids of the cards that head something, each once. */
export const headIdsOf = (things: readonly { readonly headId: string }[]): string[] => [
  ...new Set(things.map(({ headId }) => headId).filter((headId) => headId !== '')),
];

/** Whether a term has ended before a day. */
export const isOver = ({ until }: Pick<PostTerm, 'until'>, day: string): boolean =>
  until !== '' && until < day;

/**
 * Posts that a card holds on a day. The job that takes posts runs each hour; a post that ended yesterday is not held today.
 * @param day `YYYY-MM-DD` at the centre
 */
export const postsOn = (
  { posts, postTerms }: Pick<Card, 'posts' | 'postTerms'>,
  day: string,
): readonly Post[] => {
  const over = postTerms.filter((term) => isOver(term, day)).map(({ post }) => post);
  return posts.filter((post) => !over.includes(post));
};
