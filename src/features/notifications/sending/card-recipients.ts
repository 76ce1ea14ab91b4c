import type { PersonName } from '../../../shared/names.js';
import type { Organisation } from '../../directory/index.js';

/**
 * Begins the id of a recipient who has a card and no account in an LMS, such as the head of an association. They are told
 * by e-mail alone: the rest of the id is the card's.
 */
export const CARD = 'card:';

const PERSON_ID = /^[0-9a-f]{24}$/;

/** Who is told, as the LMS or a card knows them. */
export interface Addressee {
  readonly name: PersonName;
  readonly email: string;
}

/** Finds people by their id, and holders of cards by the card's; who is gone is missing. */
export type FindAddressees = (ids: readonly string[]) => Promise<ReadonlyMap<string, Addressee>>;

export const withCards =
  (
    findPeople: (ids: readonly string[]) => Promise<readonly (Addressee & { readonly id: string })[]>,
    { findHolder }: Pick<Organisation, 'findHolder'>,
  ): FindAddressees =>
  async (ids) => {
    // A wrong id of one message must not fail the others.
    const people = await findPeople(ids.filter((id) => PERSON_ID.test(id)));
    const found = new Map<string, Addressee>(people.map((person) => [person.id, person]));
    for (const id of ids.filter((candidate) => candidate.startsWith(CARD))) {
      const holder = await findHolder(id.slice(CARD.length));
      if (holder !== null) found.set(id, holder);
    }
    return found;
  };
