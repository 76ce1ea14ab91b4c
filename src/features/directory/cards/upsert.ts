import type { Clock } from '../../../shared/clock.js';
import { fullName, NAMELESS } from '../../../shared/names.js';
import {
  blankCard,
  NO_CREDENTIALS,
  NO_NAME_CASES,
  type Card,
  type Credentials,
  type Editor,
} from './card.js';
import type { CardsStore } from './cards.store.js';
import { recordOf } from './record.js';
import { credentialsOf, revise, type CardInput } from './revise.js';
import { insertUnderFreeSlug } from './slugs.js';

/** A card as an import or a seed brings it; what it does not say of contacts and credentials stays. */
type Optional = 'contacts' | 'nameCases' | keyof Credentials;
export interface CardImport extends Omit<CardInput, Optional>, Partial<Pick<CardInput, Optional>> {
  /** Persons whose card it is; the card of the first who has one is written over. */
  readonly personIds: readonly string[];
}

/** Returns `'person'` when one of the persons has a card already. */
export type InsertCard = (
  personIds: readonly string[],
  input: CardInput,
  editor: Editor,
  what: 'made' | 'imported',
) => Promise<Card | 'person'>;

/** Makes what puts a new card in, under a free address. */
export function createInsert(cards: CardsStore, clock: Clock): InsertCard {
  return function insert(
    personIds: readonly string[],
    input: CardInput,
    editor: Editor,
    what: 'made' | 'imported',
  ): Promise<Card | 'person'> {
    const { content, change } = revise(blankCard(NAMELESS), input, editor, clock.now(), what);
    return insertUnderFreeSlug(fullName(input.name), 'teacher', (slug) =>
      cards.insert(slug, personIds, recordOf(content), change),
    );
  };
}

/** Makes what writes an imported card over that of one of its persons, or puts it in as a new one. */
export function createUpsert(cards: CardsStore, insert: InsertCard, clock: Clock) {
  return async function upsert({ personIds, ...input }: CardImport, by: Editor): Promise<Card> {
    for (;;) {
      const found = await Promise.all(personIds.map((personId) => cards.findOptionalByPerson(personId)));
      const known = found.find((card) => card !== null);
      if (known === undefined) {
        const whole = { ...NO_CREDENTIALS, nameCases: NO_NAME_CASES, contacts: [], ...input };
        const made = await insert(personIds, whole, by, 'imported');
        if (made !== 'person') return made;
        continue;
      }
      const { content, change } = revise(
        known,
        { ...credentialsOf(known), nameCases: known.nameCases, contacts: known.contacts, ...input },
        by,
        clock.now(),
        'imported',
      );
      const saved = await cards.replace(known.id, known.version, recordOf(content), change);
      if (saved === null) continue;
      await Promise.all(personIds.map((personId) => cards.link(saved.id, personId)));
      return (await cards.findOptional(saved.id)) ?? saved;
    }
  };
}
