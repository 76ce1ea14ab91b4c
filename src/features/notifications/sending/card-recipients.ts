import type { PersonName } from '../../../shared/names.js';
import type { Organisation } from '../../directory/index.js';

/**
 * Begins the id of a recipient who has a card and no account in an LMS, such as the head of an association. They are told
 * by e-mail alone: the rest of the id is the card's.
 */
export const CARD = 'card:';

type Found = { readonly name: PersonName; readonly email: string } | null;

/** Finds people by their id, and holders of cards by the card's. */
export const withCards =
  (findPerson: (id: string) => Promise<Found>, { findHolder }: Pick<Organisation, 'findHolder'>) =>
  (id: string): Promise<Found> =>
    id.startsWith(CARD) ? findHolder(id.slice(CARD.length)) : findPerson(id);
