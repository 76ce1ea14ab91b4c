import type { CardContent } from './card.js';
import type { CardRecord } from './cards.model.js';
import { credentialsOf } from './revise.js';
import { nameKey, searchable } from './search-words.js';

/** What a card says, with what it is sorted and found by. */
export const recordOf = (content: CardContent): CardRecord => ({
  ...content,
  sortKey: nameKey(content.name),
  search: searchable(content.name, content.subjects),
});

/** What a card says, without what it is. */
export const contentOf = (card: CardContent): CardContent => ({
  name: card.name,
  nameCases: card.nameCases,
  position: card.position,
  subjects: card.subjects,
  associationIds: card.associationIds,
  posts: card.posts,
  ...credentialsOf(card),
  contacts: card.contacts,
  visibility: card.visibility,
  consent: card.consent,
  details: card.details,
});
